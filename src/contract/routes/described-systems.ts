/** @file The described systems A, B and C, at their own paths. */
import { z } from 'zod'
import { PhotoA, SearchA, UploadA, UploadQueryA } from '../described.ts'
import { CaptionD, CaptionQueryD, DeletedImageD, DeleteImageD, SimilarityD, SimilarityQueryD } from '../described-products.ts'
import { AnalysisC } from '../description.ts'
import { Id } from '../photo.ts'
import { SEARCH_FILTERS, SearchFilters } from '../search-filters.ts'
import { SEARCH_MODES } from '../words.ts'
import { byId, type Route, version } from './route.ts'

export const DESCRIBED_ROUTES = {
  uploadA: { method: 'POST', path: '/upload', tag: 'described systems', access: 'member', lenient: true, summary: 'Upload one picture (multipart `file`); with `wait` the answer comes when its tags are known', limit: 'upload', query: UploadQueryA, upload: true, writes: true, answer: UploadA },
  getPhotoA: { method: 'GET', path: '/photo/:id', tag: 'described systems', access: 'member', lenient: true, summary: 'A photo with its embedding', params: byId, query: z.object({ format: z.enum(['json', 'html']).optional() }), answer: PhotoA, page: true },
  listPhotosA: { method: 'GET', path: '/photos', tag: 'described systems', access: 'member', lenient: true, summary: 'Photos, newest first', query: z.object({ skip: z.coerce.number().int().min(0).max(2_147_483_647).default(0), limit: z.coerce.number().int().min(1).max(500).default(10), collection: SEARCH_FILTERS.collection.schema, format: z.enum(['json', 'html']).optional() }), answer: z.array(PhotoA), page: true },
  searchA: { method: 'GET', path: '/search', tag: 'described systems', access: 'member', lenient: true, summary: 'Search by meaning; keyword hits (distance null) where no model is installed', limit: 'search', query: SearchFilters.extend({ q: z.string().trim().min(1).max(500), top_k: z.coerce.number().int().min(1).max(200).default(5), mode: z.enum(SEARCH_MODES).default('semantic'), format: z.enum(['json', 'html']).optional() }), answer: SearchA, page: true },
  similarA: { method: 'POST', path: '/search/image-to-image', tag: 'described systems', access: 'member', lenient: true, summary: 'Photos like a photo', limit: 'search', query: z.object({ reference_photo_id: Id, top_k: z.coerce.number().int().min(1).max(200).default(5) }), answer: SearchA },
  analysisC: { method: 'GET', path: '/api/photos/:id/analysis', tag: 'described systems', access: 'member', lenient: true, summary: 'What a model says of the picture, in the words of system C', params: byId, answer: AnalysisC },
  captionD: { method: 'POST', path: '/generate_caption', tag: 'described systems', access: 'member', lenient: true, summary: 'Take a product picture (multipart `file`) into a store, unless it is there, and say what it shows; options by query or form', limit: 'model', query: CaptionQueryD, upload: true, writes: true, answer: CaptionD },
  similarD: { method: 'POST', path: '/image_similarity_search', tag: 'described systems', access: 'member', lenient: true, summary: 'Is this product picture (multipart `file`) in the store? If not, take it in; options by query or form', limit: 'model', query: SimilarityQueryD, upload: true, writes: true, answer: SimilarityD },
  deleteImageD: { method: 'DELETE', path: '/delete_image', tag: 'described systems', access: 'member', lenient: true, summary: 'Take a product picture out of its store, by id or s3_url (query, JSON, or a form), into the trash', query: DeleteImageD, body: DeleteImageD.nullish(), form: true, answer: DeletedImageD },
  postDeleteImageD: { method: 'POST', path: '/delete_image', tag: 'described systems', access: 'member', lenient: true, summary: 'The same by POST', query: DeleteImageD, body: DeleteImageD.nullish(), form: true, answer: DeletedImageD },
  thumbnailB: { method: 'GET', path: '/thumbnail/:id', tag: 'described systems', access: 'member', cache: 'versioned', lenient: true, summary: 'Thumbnail', params: byId, query: version, answer: 'picture' },
} as const satisfies Record<string, Route> // biome-ignore format: a table
