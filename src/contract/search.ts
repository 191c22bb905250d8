/** @file A search: what is asked, and what every hit says of itself. */
import { z } from 'zod'
import { Id, PhotoCard } from './photo.ts'
import { FILTER_KEYS, Flag, many, SearchFilters } from './search-filters.ts'
import { SEARCH_MODES, SEARCH_SORTS } from './words.ts'

/** `x,y,width,height` */
const CROP = /^(0(?:\.\d{1,6})?|1(?:\.0{1,6})?),(0(?:\.\d{1,6})?|1(?:\.0{1,6})?),(0\.\d{1,6}|1(?:\.0{1,6})?),(0\.\d{1,6}|1(?:\.0{1,6})?)$/
const Crop = z
  .string()
  .refine((text) => {
    const { x, y, width, height } = parseCrop(text)
    return width >= 0.01 && height >= 0.01 && x + width <= 1.000001 && y + height <= 1.000001
  }, 'expected x,y,width,height as parts of the picture, at least .01 each way (`0.2,0.1,0.5,0.5`)')
  .describe('search by this part of the picture only: x,y,width,height, each 0–1')
export type Crop = z.infer<typeof Crop>

/** @returns NaN where `Crop` would refuse the text */
export function parseCrop(text: string): { readonly x: number; readonly y: number; readonly width: number; readonly height: number } {
  const [, x, y, width, height] = CROP.exec(text) ?? []
  return { x: Number(x), y: Number(y), width: Number(width), height: Number(height) }
}

export const SearchQuery = SearchFilters.extend({
  q: z
    .string()
    .trim()
    .max(500)
    .default('')
    .describe(
      'words to search for; empty lists everything that matches the filters, newest first. ' +
        'May contain filters: `person:anna`, `in:"new york"`, `tag:dog,cat`, `-tag:dog`, `has:text`, ' +
        '`is:favourite`, `rating:>=3`, `before:2024`, `on:"last month"`, `-dog`, `"exact words"`',
    ),
  mode: z.enum(SEARCH_MODES).default('hybrid'),
  like: Id.optional().describe('search by this photo instead of words'),
  crop: Crop.optional(),
  also: many(Id).describe('further photos to search by (ids)'),
  unlike: many(Id).describe('photos the results should not resemble (ids)'),
  picture: z
    .string()
    .regex(/^[\w-]{1,40}$/, 'must be a key that POST /api/search/by-picture answered')
    .optional()
    .describe('search by an uploaded picture: the key from `POST /api/search/by-picture`'),
  sort: z.enum(SEARCH_SORTS).optional().describe('default: relevance; without words, newest first'),
  all: Flag.default(false).describe('true: include matches by meaning beyond the cut-off of the space'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('maximum number of entries'),
  cursor: z.string().max(200).optional().describe('`next` of the previous page'),
})
export type SearchQuery = z.infer<typeof SearchQuery>

export const NearWord = z.object({
  typed: z.string(),
  found: z.string().describe('in lower case, without accents'),
  how: z
    .enum(['part', 'translation', 'synonym', 'broader'])
    .describe(
      '`part`: contains the typed word; `translation`: the English for it; `synonym`: means the same; `broader`: a broader term of it',
    ),
})
export type NearWord = z.infer<typeof NearWord>

export const DidYouMean = z
  .object({
    typed: z.array(z.string()).describe('the unknown words'),
    found: z.array(z.string()).describe('for each, the word of the library it may be a misspelling of'),
    q: z.string().describe('the whole query with the corrections'),
  })
  .describe('correction for words that neither the library nor a dictionary knows; never applied by itself. null: none')
export type DidYouMean = z.infer<typeof DidYouMean>

/** One reason a hit is there. */
export const MatchReason = z.object({
  list: z
    .enum(['named', 'keyword', 'semantic', 'described', 'similar', 'combined'])
    .describe(
      'named: what was typed is the whole name of its file, without numbers and ending, or of a person in it; described: ' +
        'what is said of the photo is near in meaning; combined: near to the picture and the words, as one vector',
    ),
  rank: z.number().int().describe('rank in its list; 1 is best, shared by all in `named`'),
  cosine_distance: z.number().nullable().describe('cosine distance, 0–2; null for `keyword` and `named`'),
  where: z
    .array(z.enum(['text', 'tag', 'broader', 'person', 'description', 'filename', 'metadata']))
    .describe('for `keyword`: the fields the words were found in; `broader`: broader terms of tags'),
  words: z.array(z.string()).describe('for `keyword`: the words found, as written there'),
  near: z.array(NearWord).describe('for `keyword`: words found instead of those typed'),
  snippets: z
    .array(
      z.object({
        where: z.enum(['text', 'description', 'metadata']),
        parts: z.array(z.object({ text: z.string(), is_match: z.boolean() })),
      }),
    )
    .describe('for `keyword`: the words in their context'),
})
export type MatchReason = z.infer<typeof MatchReason>

export const SearchHit = z.object({ photo: PhotoCard, score: z.number(), why: z.array(MatchReason) })
export type SearchHit = z.infer<typeof SearchHit>

export const SearchAnswer = z.object({
  query: z.string(),
  mode: z.enum(SEARCH_MODES).describe('mode requested'),
  ran: z.array(z.enum(['named', 'keyword', 'semantic', 'described', 'similar', 'combined', 'list'])).describe('lists that were searched'),
  space: z.string().nullable().describe('embedding space used; null: none'),
  notice: z.string().nullable().describe('what could not be searched, and why; null: nothing'),
  near: z.array(NearWord).describe('if no photo contains the words as typed: the words found instead'),
  did_you_mean: DidYouMean.nullable(),
  cut_off: z
    .object({
      distance: z.number().describe('cosine distance (0–2) beyond which meaning alone is no match'),
      hidden: z.number().int().describe('matches left out because of it; `all=true` includes them'),
    })
    .nullable()
    .describe('null: no search by meaning, or no cut-off measured for the space, so nothing is left out'),
  hits: z.array(SearchHit),
  total: z.number().int().describe('results on all pages'),
  next: z.string().nullable().describe('where the next page starts; null: this is the last'),
  took_ms: z.number().describe('duration in milliseconds'),
})
export type SearchAnswer = z.infer<typeof SearchAnswer>

/** What `search` takes, but for what the picture stands for. */
export const PictureSearchQuery = SearchQuery.omit({ like: true, picture: true, cursor: true })
export type PictureSearchQuery = z.infer<typeof PictureSearchQuery>

export const PictureSearchAnswer = SearchAnswer.extend({
  picture: z.string().describe('key for `search` with other pages, words, and filters; expires after a while and at a restart'),
})
export type PictureSearchAnswer = z.infer<typeof PictureSearchAnswer>

/** `value`: of any other filter, after its key */
export const SUGGESTION_KINDS = ['person', 'album', 'cluster', 'colour', 'tag', 'category', 'value', 'word'] as const

export const SuggestQuery = z.object({
  q: z.string().trim().min(1).max(500).describe('text typed so far; its last word, or the value after `key:`, is completed'),
  limit: z.coerce.number().int().min(1).max(20).default(8).describe('maximum number of entries'),
})
export type SuggestQuery = z.infer<typeof SuggestQuery>

export const SuggestAnswer = z.object({
  suggestions: z.array(
    z.object({
      kind: z.enum(SUGGESTION_KINDS),
      text: z.string().describe('as shown to people'),
      q: z.string().describe('the whole query with this completion'),
      count: z.number().int().describe('photos that have it; for a word, counted up to 500'),
    }),
  ),
  took_ms: z.number().describe('duration in milliseconds'),
})
export type SuggestAnswer = z.infer<typeof SuggestAnswer>

/** What `search` takes, but for its pages. */
export const FacetsQuery = SearchQuery.omit({ limit: true, cursor: true })
export type FacetsQuery = z.infer<typeof FacetsQuery>

export const FacetsAnswer = z.object({
  total: z.number().int().describe('photos found'),
  facets: z
    .partialRecord(
      z.enum(FILTER_KEYS),
      z.object({
        values: z.array(
          z.object({
            value: z.string().describe('as the filter accepts it'),
            label: z.string().describe('as shown to people'),
            count: z.number().int(),
          }),
        ),
        more: z.number().int().describe('number of values not listed, because fewer photos have them'),
      }),
    )
    .describe('by filter: the values the photos found have, most frequent first'),
  took_ms: z.number().describe('duration in milliseconds'),
})
export type FacetsAnswer = z.infer<typeof FacetsAnswer>
