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
  .describe('only this part of the picture one searches by: x,y,width,height, each from 0 to 1')
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
      'words to look for; empty lists everything the filters keep, newest first. Filters may stand among them: `person:anna`, `in:"new york"`, `tag:dog,cat`, `-tag:dog`, `has:text`, `is:favourite`, `rating:>=3`, `before:2024`, `on:"last month"`, `-dog`, `"exact words"`',
    ),
  mode: z.enum(SEARCH_MODES).default('hybrid'),
  like: Id.optional().describe('search by this photo instead of words'),
  crop: Crop.optional(),
  also: many(Id).describe('further photos to search by (ids)'),
  unlike: many(Id).describe('photos the hits should not be like (ids)'),
  picture: z
    .string()
    .regex(/^[\w-]{1,40}$/, 'must be a key that POST /api/search/by-picture answered')
    .optional()
    .describe('search by a picture that was sent: the key `POST /api/search/by-picture` answered'),
  sort: z.enum(SEARCH_SORTS).optional().describe('without it by relevance; a list without words has none and begins with the newest'),
  all: Flag.default(false).describe('also photos by meaning that lie beyond the cut-off of the space'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional().describe('`next` of the page before'),
})
export type SearchQuery = z.infer<typeof SearchQuery>

export const NearWord = z.object({
  typed: z.string(),
  found: z.string().describe('in lower case, without accents'),
  how: z.enum(['part', 'synonym', 'broader']).describe('it holds the typed word; means the same; is what the typed word is a kind of'),
})
export type NearWord = z.infer<typeof NearWord>

export const DidYouMean = z
  .object({
    typed: z.array(z.string()).describe('the unknown words'),
    found: z.array(z.string()).describe('beside them: the words of the library that they may be misspellings of'),
    q: z.string().describe('the whole query with these in their place'),
  })
  .describe('words that neither the library nor a dictionary knows: an offer, not searched for unless it is asked; null without one')
export type DidYouMean = z.infer<typeof DidYouMean>

/** One reason a hit is there. */
export const MatchReason = z.object({
  list: z
    .enum(['named', 'keyword', 'semantic', 'described', 'similar', 'combined'])
    .describe(
      'named: what was typed is the whole name of its file, without numbers and ending, or of a person in it; described: what is said of the photo is near in meaning; combined: near to the picture and the words, as one vector',
    ),
  rank: z.number().int().describe('1 is the best of its list; all that are named so are'),
  cosine_distance: z.number().nullable().describe('all but keyword and named: 1 − cosine'),
  where: z
    .array(z.enum(['text', 'tag', 'broader', 'person', 'description', 'filename', 'metadata']))
    .describe('keyword: the fields the words were found in; broader: what a tag is a kind of'),
  words: z.array(z.string()).describe('keyword: the words found, as they stand there'),
  near: z.array(NearWord).describe('keyword: words found in place of those typed'),
  snippets: z
    .array(
      z.object({
        where: z.enum(['text', 'description', 'metadata']),
        parts: z.array(z.object({ text: z.string(), is_match: z.boolean() })),
      }),
    )
    .describe('keyword: the words where they stand'),
})
export type MatchReason = z.infer<typeof MatchReason>

export const SearchHit = z.object({ photo: PhotoCard, score: z.number(), why: z.array(MatchReason) })
export type SearchHit = z.infer<typeof SearchHit>

export const SearchAnswer = z.object({
  query: z.string(),
  mode: z.enum(SEARCH_MODES).describe('what was asked'),
  ran: z.array(z.enum(['named', 'keyword', 'semantic', 'described', 'similar', 'combined', 'list'])).describe('what ran'),
  space: z.string().nullable().describe('the embedding space used'),
  notice: z.string().nullable().describe('what could not run, and why'),
  near: z.array(NearWord).describe('where no photo holds the words as typed: those found in their place'),
  did_you_mean: DidYouMean.nullable(),
  cut_off: z
    .object({
      distance: z.number().describe('1 − cosine beyond which a photo is no hit by meaning alone'),
      hidden: z.number().int().describe('hits left out for it; `all=true` shows them'),
    })
    .nullable()
    .describe('null where meaning was not asked, or where no cut-off was measured for the space: then nothing is left out'),
  hits: z.array(SearchHit),
  total: z.number().int().describe('hits in all pages'),
  next: z.string().nullable(),
  took_ms: z.number(),
})
export type SearchAnswer = z.infer<typeof SearchAnswer>

/** What `search` takes, but for what the picture stands for. */
export const PictureSearchQuery = SearchQuery.omit({ like: true, picture: true, cursor: true })
export type PictureSearchQuery = z.infer<typeof PictureSearchQuery>

export const PictureSearchAnswer = SearchAnswer.extend({
  picture: z.string().describe('`search` goes on by it: other pages, words and filters; forgotten after a while, and with the program'),
})
export type PictureSearchAnswer = z.infer<typeof PictureSearchAnswer>

/** `value`: of any other filter, after its key */
export const SUGGESTION_KINDS = ['person', 'album', 'cluster', 'colour', 'tag', 'category', 'value', 'word'] as const

export const SuggestQuery = z.object({
  q: z.string().trim().min(1).max(500).describe('what was typed so far; its last word, or the value after `key:`, is completed'),
  limit: z.coerce.number().int().min(1).max(20).default(8),
})
export type SuggestQuery = z.infer<typeof SuggestQuery>

export const SuggestAnswer = z.object({
  suggestions: z.array(
    z.object({
      kind: z.enum(SUGGESTION_KINDS),
      text: z.string().describe('as a person reads it'),
      q: z.string().describe('the whole query with this in place of what was typed last'),
      count: z.number().int().describe('photos that hold it; of a word at most 500 are counted'),
    }),
  ),
  took_ms: z.number(),
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
            value: z.string().describe('as the filter takes it'),
            label: z.string().describe('as a person reads it'),
            count: z.number().int(),
          }),
        ),
        more: z.number().int().describe('values that are not listed, because fewer photos hold them'),
      }),
    )
    .describe('by filter: the values the found photos hold, the most frequent first'),
  took_ms: z.number(),
})
export type FacetsAnswer = z.infer<typeof FacetsAnswer>
