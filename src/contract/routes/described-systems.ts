/** @file The described systems A, B and C, at their own paths. */
import { z } from 'zod'
import { PhotoA, SearchA, UploadA } from '../described.ts'
import { AnalysisC } from '../description.ts'
import { Id } from '../photo.ts'
import { SearchFilters } from '../search-filters.ts'
import { SEARCH_MODES } from '../words.ts'
import { byId, type Route, version } from './route.ts'

export const DESCRIBED_ROUTES = {
  uploadA: { method: 'POST', path: '/upload', tag: 'described systems', summary: 'Upload one picture (multipart `file`)', upload: true, answer: UploadA },
  getPhotoA: { method: 'GET', path: '/photo/:id', tag: 'described systems', summary: 'A photo with its embedding', params: byId, query: z.object({ format: z.enum(['json', 'html']).optional() }), answer: PhotoA, page: true },
  listPhotosA: { method: 'GET', path: '/photos', tag: 'described systems', summary: 'Photos, newest first', query: z.object({ skip: z.coerce.number().int().min(0).max(2_147_483_647).default(0), limit: z.coerce.number().int().min(1).max(500).default(10), format: z.enum(['json', 'html']).optional() }), answer: z.array(PhotoA), page: true },
  searchA: { method: 'GET', path: '/search', tag: 'described systems', summary: 'Search by meaning; keyword hits (distance null) where no model is installed', query: SearchFilters.extend({ q: z.string().trim().min(1).max(500), top_k: z.coerce.number().int().min(1).max(200).default(5), mode: z.enum(SEARCH_MODES).default('semantic'), format: z.enum(['json', 'html']).optional() }), answer: SearchA, page: true },
  similarA: { method: 'POST', path: '/search/image-to-image', tag: 'described systems', summary: 'Photos like a photo', query: z.object({ reference_photo_id: Id, top_k: z.coerce.number().int().min(1).max(200).default(5) }), answer: SearchA },
  analysisC: { method: 'GET', path: '/api/photos/:id/analysis', tag: 'described systems', summary: 'What a model says of the picture, in the words of system C', params: byId, answer: AnalysisC },
  thumbnailB: { method: 'GET', path: '/thumbnail/:id', tag: 'described systems', summary: 'Thumbnail', params: byId, query: version, answer: 'bytes' },
} as const satisfies Record<string, Route> // biome-ignore format: a table
