/** @file A search: what is asked, and what every hit says of itself. The filters are one table; URL, CLI and page derive from it. */
import { z } from 'zod'
import { Day, Id, PhotoCard } from './photo.ts'
import { SEARCH_MODES } from './words.ts'

/** `a=1&a=2`, `a=1,2` and `a: [1, 2]` are the same. */
const many = <T extends z.ZodType>(item: T) =>
  z.preprocess(
    (value) =>
      value === undefined
        ? undefined
        : (Array.isArray(value) ? value : [value])
            .flatMap((part) => (typeof part === 'string' ? part.split(',') : [part]))
            .filter((part) => part !== ''),
    z.array(item).max(50).optional(),
  )

/** `true`/`1`/`yes` and `false`/`0`/`no`, as they come in a URL. */
export const Flag = z.preprocess(
  (value) =>
    value === '1' || value === 'true' || value === 'yes' || value === ''
      ? true
      : value === '0' || value === 'false' || value === 'no'
        ? false
        : value,
  z.boolean(),
)

export interface FilterEntry {
  readonly schema: z.ZodType
  readonly label: string
  readonly control: 'chips' | 'date' | 'people' | 'switch'
}

/** Every filter: the key is its name in the URL, the CLI flag and the SQL registry (`search/filters/<key>.ts`). */
export const SEARCH_FILTERS = {
  category: {
    schema: many(z.string().trim().min(1).max(100)).describe('photos of any of these categories'),
    label: 'Category',
    control: 'chips',
  },
  from: { schema: Day.optional().describe('taken on or after this day'), label: 'From', control: 'date' },
  to: { schema: Day.optional().describe('taken on or before this day'), label: 'To', control: 'date' },
  people: { schema: many(Id).describe('photos showing all of these people (ids)'), label: 'People', control: 'people' },
  has_text: { schema: Flag.optional().describe('only photos with (or without) readable text'), label: 'Has text', control: 'switch' },
  hide_duplicates: {
    schema: Flag.optional().describe('of each set of same pictures show one'),
    label: 'Hide duplicates',
    control: 'switch',
  },
} as const satisfies Record<string, FilterEntry>
export type FilterKey = keyof typeof SEARCH_FILTERS

export const SearchFilters = z.object({
  category: SEARCH_FILTERS.category.schema,
  from: SEARCH_FILTERS.from.schema,
  to: SEARCH_FILTERS.to.schema,
  people: SEARCH_FILTERS.people.schema,
  has_text: SEARCH_FILTERS.has_text.schema,
  hide_duplicates: SEARCH_FILTERS.hide_duplicates.schema,
})
export type SearchFilters = z.infer<typeof SearchFilters>

export const SearchQuery = SearchFilters.extend({
  q: z.string().trim().max(500).default('').describe('words to look for; empty lists everything the filters keep, newest first'),
  mode: z.enum(SEARCH_MODES).default('hybrid'),
  like: Id.optional().describe('search by this photo instead of words'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional().describe('`next` of the page before'),
})
export type SearchQuery = z.infer<typeof SearchQuery>

/** One reason a hit is there. */
export const MatchReason = z.object({
  list: z.enum(['keyword', 'semantic', 'similar']),
  rank: z.number().int().describe('1 is the best of its list'),
  cosine_distance: z.number().nullable().describe('semantic and similar: 1 − cosine'),
  where: z
    .array(z.enum(['text', 'tag', 'person', 'description', 'filename', 'metadata']))
    .describe('keyword: the fields the words were found in'),
  words: z.array(z.string()).describe('keyword: the words found, as they stand there'),
})
export type MatchReason = z.infer<typeof MatchReason>

export const SearchHit = z.object({ photo: PhotoCard, score: z.number(), why: z.array(MatchReason) })
export type SearchHit = z.infer<typeof SearchHit>

export const SearchAnswer = z.object({
  query: z.string(),
  mode: z.enum(SEARCH_MODES).describe('what was asked'),
  ran: z.array(z.enum(['keyword', 'semantic', 'similar', 'list'])).describe('what ran'),
  space: z.string().nullable().describe('the embedding space used'),
  notice: z.string().nullable().describe('what could not run, and why'),
  hits: z.array(SearchHit),
  total: z.number().int().describe('hits in all pages'),
  next: z.string().nullable(),
  took_ms: z.number(),
})
export type SearchAnswer = z.infer<typeof SearchAnswer>
