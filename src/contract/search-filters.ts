/**
 * @file Every filter of a search, once: the key is its name in the URL, the CLI flag and the SQL registry (`search/filters/<key>.ts`).
 * Query, command line, page control and OpenAPI derive from this table.
 */
import { z } from 'zod'
import { Day, Id } from './photo.ts'
import { PHOTO_STATES } from './words.ts'

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
const Flag = z.preprocess(
  (value) =>
    value === '1' || value === 'true' || value === 'yes' || value === ''
      ? true
      : value === '0' || value === 'false' || value === 'no'
        ? false
        : value,
  z.boolean(),
)

/** How a person sets it: `chips` always in sight, `choice` of the values the library holds. */
export type FilterControl = 'chips' | 'choice' | 'date' | 'people' | 'switch'

export interface FilterEntry {
  readonly schema: z.ZodType
  readonly label: string
  readonly control: FilterControl
}

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
  state: { schema: many(z.enum(PHOTO_STATES)).describe('photos in any of these states'), label: 'State', control: 'choice' },
  hide_duplicates: {
    schema: Flag.optional().describe('of each set of same pictures show one'),
    label: 'Hide duplicates',
    control: 'switch',
  },
} as const satisfies Record<string, FilterEntry>
export type FilterKey = keyof typeof SEARCH_FILTERS

export const FILTER_KEYS = Object.keys(SEARCH_FILTERS) as FilterKey[]

type Shape = { readonly [K in FilterKey]: (typeof SEARCH_FILTERS)[K]['schema'] }

export const SearchFilters = z.object(Object.fromEntries(FILTER_KEYS.map((key) => [key, SEARCH_FILTERS[key].schema])) as unknown as Shape)
export type SearchFilters = z.infer<typeof SearchFilters>
