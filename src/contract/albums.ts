/** @file Albums: by hand, and by a saved search that fills them; adding and taking out, order, undo; albums of similar photos. */
import { z } from 'zod'
import { MessageReport } from './messages/report.ts'
import { Id, PhotoCard } from './photo.ts'
import { FacetsQuery } from './search.ts'
import { MAX_IDS } from './words.ts'

export const ALBUM_KINDS = ['by-hand', 'by-search'] as const
export type AlbumKind = (typeof ALBUM_KINDS)[number]

const AlbumName = z.string().trim().min(1).max(200)
const Description = z.string().trim().max(2000)

/** Chosen one by one, or all that a search finds. */
export const PhotoChoice = z.union([
  z.object({ ids: z.array(Id).min(1).max(MAX_IDS) }),
  z.object({ search: FacetsQuery.describe('all photos this search finds, not just one page') }),
])
export type PhotoChoice = z.infer<typeof PhotoChoice>

export const AlbumInput = z
  .object({
    name: AlbumName,
    description: Description.default(''),
    parent_id: Id.nullable().default(null).describe('parent album'),
    search: FacetsQuery.optional().describe('makes a smart album, filled with whatever this search finds'),
    photos: PhotoChoice.optional().describe('photos to begin with (not for a smart album)'),
  })
  .refine(({ search, photos }) => search === undefined || photos === undefined, 'an album is filled by a search or by hand, not by both')
export type AlbumInput = z.output<typeof AlbumInput>

export const AlbumPatch = z.object({
  name: AlbumName.optional(),
  description: Description.optional(),
  parent_id: Id.nullable().optional(),
  cover_photo_id: Id.nullable().optional().describe('id of one of its photos; null: the first photos are shown'),
  search: FacetsQuery.optional().describe('the new query of a smart album'),
  version: z.number().int().min(1).optional().describe('version you last read; 409 if the album changed since'),
})
export type AlbumPatch = z.output<typeof AlbumPatch>

export const AlbumReport = z.object({
  id: z.number().int(),
  name: z.string(),
  description: z.string(),
  kind: z.enum(ALBUM_KINDS),
  search: z.record(z.string(), z.unknown()).nullable().describe('query of a smart album; null: filled by hand'),
  problem: z.string().nullable().describe('why the saved search failed; null: it ran'),
  message: MessageReport.nullable().describe('the same as a message'),
  parent_id: z.number().int().nullable().describe('id of the parent; null: top level'),
  count: z.number().int().describe('number of photos; of a smart album as of its last update, seconds after the library changed'),
  cover_photo_id: z.number().int().nullable().describe('cover chosen by a person; null: none'),
  covers: z.array(PhotoCard).describe('the chosen cover, or the first four photos'),
  first_day: z.string().nullable(),
  last_day: z.string().nullable(),
  version: z.number().int().describe('increases with every change of name, description, parent, or search'),
  made_at: z.string().describe('when it was made (ISO 8601)'),
  changed_at: z.string(),
})
export type AlbumReport = z.infer<typeof AlbumReport>

export const AlbumChange = z.object({
  edit: z.number().int().nullable().describe('id of the edit, to undo it; null: nothing changed'),
  album_id: z.number().int(),
  what: z.enum(['added', 'removed', 'moved']),
  asked: z.number().int().describe('photos requested'),
  changed: z.number().int(),
})
export type AlbumChange = z.infer<typeof AlbumChange>

export const AlbumPage = z.object({ photos: z.array(PhotoCard), total: z.number().int(), next: z.string().nullable() })
export type AlbumPage = z.infer<typeof AlbumPage>

/** System A’s limit for albums, L2 between unit vectors, √(2 · cosine distance): used where no cut-off was measured for the space. */
export const SIMILAR_L2 = 1.5

export const SimilarAlbumsQuery = z.object({
  photo_id: Id.optional().describe('one album of photos similar to this one; without it several, each around a photo drawn by the seed'),
  albums: z.coerce.number().int().min(1).max(20).default(4).describe('maximum number of albums; no photo is in two of them'),
  limit: z.coerce.number().int().min(1).max(100).default(24).describe('photos in each album, not counting the one they are similar to'),
  seed: z.coerce
    .number()
    .int()
    .min(0)
    .max(4_294_967_295)
    .optional()
    .describe('the same seed gives the same albums while the library stays the same'),
})
export type SimilarAlbumsQuery = z.output<typeof SimilarAlbumsQuery>

export const SimilarAlbum = z.object({
  photo: PhotoCard.describe('the photo the others are similar to'),
  photos: z.array(z.object({ photo: PhotoCard, distance: z.number() })).describe('shuffled; drawn from all within the distance'),
})
export type SimilarAlbum = z.infer<typeof SimilarAlbum>

export const SimilarAlbums = z.object({
  seed: z.number().int(),
  space: z.string().nullable().describe('the embedding space distances are measured in'),
  max_distance: z
    .number()
    .describe('L2 distance between unit vectors, 0–2: the cut-off measured for the space, 1.5 if it was not measured'),
  albums: z.array(SimilarAlbum),
  notice: z.string().nullable(),
})
export type SimilarAlbums = z.infer<typeof SimilarAlbums>
