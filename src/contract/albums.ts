/** @file Albums: by hand, and by a saved search that fills them; adding and taking out, order, undo; albums of similar photos. */
import { z } from 'zod'
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
  z.object({ search: FacetsQuery.describe('all photos this search finds, not one page') }),
])
export type PhotoChoice = z.infer<typeof PhotoChoice>

export const AlbumInput = z
  .object({
    name: AlbumName,
    description: Description.default(''),
    parent_id: Id.nullable().default(null).describe('the album it lies in'),
    search: FacetsQuery.optional().describe('a saved search: the album fills itself with what it finds'),
    photos: PhotoChoice.optional().describe('by hand: its first photos'),
  })
  .refine(({ search, photos }) => search === undefined || photos === undefined, 'an album is filled by a search or by hand, not by both')
export type AlbumInput = z.output<typeof AlbumInput>

export const AlbumPatch = z.object({
  name: AlbumName.optional(),
  description: Description.optional(),
  parent_id: Id.nullable().optional(),
  cover_photo_id: Id.nullable().optional().describe('one of its photos; null: the first ones'),
  search: FacetsQuery.optional().describe('of a saved search: what it asks from now on'),
  version: z.number().int().min(1).optional().describe('of the album as it was seen; another one is refused (409)'),
})
export type AlbumPatch = z.output<typeof AlbumPatch>

export const AlbumReport = z.object({
  id: z.number().int(),
  name: z.string(),
  description: z.string(),
  kind: z.enum(ALBUM_KINDS),
  search: z.record(z.string(), z.unknown()).nullable().describe('the query of a saved search'),
  problem: z.string().nullable().describe('why a saved search could not be asked'),
  parent_id: z.number().int().nullable(),
  count: z.number().int().describe('photos in it; of a saved search when it was last asked, seconds after the library changed'),
  cover_photo_id: z.number().int().nullable().describe('the cover a person chose'),
  covers: z.array(PhotoCard).describe('the chosen cover, or the first four photos'),
  first_day: z.string().nullable(),
  last_day: z.string().nullable(),
  version: z.number().int().describe('grows with every change of its name, text, place or search'),
  made_at: z.string(),
  changed_at: z.string(),
})
export type AlbumReport = z.infer<typeof AlbumReport>

export const AlbumChange = z.object({
  edit: z.number().int().nullable().describe('the edit that can be undone; null where nothing changed'),
  album_id: z.number().int(),
  what: z.enum(['added', 'removed', 'moved']),
  asked: z.number().int().describe('photos it was asked for'),
  changed: z.number().int(),
})
export type AlbumChange = z.infer<typeof AlbumChange>

export const AlbumPage = z.object({ photos: z.array(PhotoCard), total: z.number().int(), next: z.string().nullable() })
export type AlbumPage = z.infer<typeof AlbumPage>

/** System A’s limit for albums, L2 between unit vectors, √(2 · cosine distance): used where no cut-off was measured for the space. */
export const SIMILAR_L2 = 1.5

export const SimilarAlbumsQuery = z.object({
  photo_id: Id.optional().describe('one album of photos like this one; without it several, each like a photo drawn by the seed'),
  albums: z.coerce.number().int().min(1).max(20).default(4).describe('at most so many; no photo is in two of them'),
  limit: z.coerce.number().int().min(1).max(100).default(24).describe('photos in each beside the one they are like'),
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
  photo: PhotoCard.describe('the photo the others are like'),
  photos: z.array(z.object({ photo: PhotoCard, distance: z.number() })).describe('shuffled; drawn from all within the distance'),
})
export type SimilarAlbum = z.infer<typeof SimilarAlbum>

export const SimilarAlbums = z.object({
  seed: z.number().int(),
  space: z.string().nullable().describe('the embedding space distances are measured in'),
  max_distance: z.number().describe('L2 between unit vectors: the cut-off measured for the space, 1.5 where there is none'),
  albums: z.array(SimilarAlbum),
  notice: z.string().nullable(),
})
export type SimilarAlbums = z.infer<typeof SimilarAlbums>
