/**
 * @file Every filter of a search, once: the key is its name in the URL, the CLI flag and the SQL registry (`search/filters/<key>.ts`).
 * Query, command line, page control and OpenAPI derive from this table.
 */
import { z } from 'zod'
import { Day, Id } from './photo.ts'
import { COLLECTIONS, ORIENTATIONS, PHOTO_FORMATS, PHOTO_STATES } from './words.ts'

/** `a=1&a=2`, `a=1,2` and `a: [1, 2]` are the same. */
export const many = <T extends z.ZodType>(item: T) =>
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

const Name = z.string().trim().min(1).max(200)

/** `4`, `4-`, `-4`, `2-4`; either end counts. */
const RANGE = /^(?=.*\d)(\d{1,6}(?:\.\d{1,3})?)?(-?)(\d{1,6}(?:\.\d{1,3})?)?$/
const Range = z.string().trim().regex(RANGE, 'expected a number (`4`), or a range (`2-4`, `4-`, `-4`)')

/** @throws never for what `Range` let through; null is an open end */
export function parseRange(text: string): { readonly min: number | null; readonly max: number | null } {
  const [, low, dash, high] = RANGE.exec(text) ?? []
  const [min, max] = [low, high].map((end) => (end === undefined ? null : Number(end))) as [number | null, number | null]
  return dash ? { min, max } : { min, max: min }
}

/** `latitude,longitude,kilometres`; 10 km where the last is left out. */
const CIRCLE = /^(-?\d{1,2}(?:\.\d{1,10})?),(-?\d{1,3}(?:\.\d{1,10})?)(?:,(\d{1,5}(?:\.\d{1,3})?))?$/
const Circle = z
  .string()
  .trim()
  .refine((text) => {
    const { latitude, longitude, km } = parseCircle(text)
    return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && km > 0 && km <= 20_000
  }, 'expected latitude,longitude,kilometres (`59.91,10.75,25`)')

/** @returns NaN where `Circle` would refuse the text */
export function parseCircle(text: string): { readonly latitude: number; readonly longitude: number; readonly km: number } {
  const [, latitude, longitude, km] = CIRCLE.exec(text) ?? []
  return { latitude: Number(latitude), longitude: Number(longitude), km: Number(km ?? 10) }
}

/** `south,west,north,east` in degrees */
const AREA = /^(-?\d{1,2}(?:\.\d{1,10})?),(-?\d{1,3}(?:\.\d{1,10})?),(-?\d{1,2}(?:\.\d{1,10})?),(-?\d{1,3}(?:\.\d{1,10})?)$/
const Area = z
  .string()
  .trim()
  .refine((text) => {
    const { south, west, north, east } = parseArea(text)
    return south <= north && south >= -90 && north <= 90 && Math.abs(west) <= 180 && Math.abs(east) <= 180
  }, 'expected south,west,north,east in degrees (`59.8,10.6,60,10.9`)')

/** @returns NaN where `Area` would refuse the text */
export function parseArea(text: string): { readonly south: number; readonly west: number; readonly north: number; readonly east: number } {
  const [, south, west, north, east] = (AREA.exec(text) ?? []).map(Number)
  return { south: south ?? Number.NaN, west: west ?? Number.NaN, north: north ?? Number.NaN, east: east ?? Number.NaN }
}

/** How a person sets it: `chips` always in sight, `choice` of the values the library holds. */
export type FilterControl = 'chips' | 'choice' | 'date' | 'people' | 'switch' | 'range' | 'circle' | 'area'

/** How a filter is written among the words of a search (`domain/search/query/typed-query.ts`). Plain data: the page has it too. */
export interface TypedForm {
  /**
   * What stands before the colon, the first as suggested; the filter’s own name where left out, nothing for switches and days.
   * Filters of names may share one: `in:` means a city or a country.
   */
  readonly keys?: readonly string[]
  /** whole sayings and the value they set: `has:text` */
  readonly says?: Readonly<Record<string, true | readonly string[]>>
  /** the only values there are; with another one it stays plain words */
  readonly values?: readonly string[]
  /** its numbers have no fraction: more than 3 is 4 and more */
  readonly isWhole?: true
}

export interface FilterEntry {
  readonly schema: z.ZodType
  readonly label: string
  readonly control: FilterControl
  readonly typed?: TypedForm
}

export const SEARCH_FILTERS = {
  category: {
    schema: many(z.string().trim().min(1).max(100)).describe('photos of any of these categories'),
    label: 'Category',
    control: 'chips',
  },
  from: { schema: Day.optional().describe('taken on or after this day'), label: 'From', control: 'date' },
  to: { schema: Day.optional().describe('taken on or before this day'), label: 'To', control: 'date' },
  added_from: {
    schema: Day.optional().describe('added to the library on or after this day (UTC)'),
    label: 'Added from',
    control: 'date',
    typed: { keys: [] },
  },
  added_to: {
    schema: Day.optional().describe('added to the library on or before this day (UTC)'),
    label: 'Added to',
    control: 'date',
    typed: { keys: [] },
  },
  people: {
    schema: many(Id).describe('photos showing all of these people (ids)'),
    label: 'People',
    control: 'people',
    typed: { keys: ['person', 'people'] },
  },
  people_any: {
    schema: many(Id).describe('photos showing any of these people (ids)'),
    label: 'Any of these people',
    control: 'people',
    typed: { keys: [] },
  },
  people_none: {
    schema: many(Id).describe('photos showing none of these people (ids)'),
    label: 'None of these people',
    control: 'people',
    typed: { keys: [] },
  },
  tag: { schema: many(Name).describe('photos with all of these tags'), label: 'Tag', control: 'choice' },
  has_text: {
    schema: Flag.optional().describe('only photos with (or without) readable text'),
    label: 'Has text',
    control: 'switch',
    typed: { says: { 'has:text': true } },
  },
  language: {
    schema: many(Name).describe('with text in any of these languages (`de`, `en`; ISO 639-1)'),
    label: 'Language of text',
    control: 'choice',
    typed: { keys: ['language', 'lang'] },
  },
  has_faces: {
    schema: Flag.optional().describe('only photos with (or without) faces'),
    label: 'Has faces',
    control: 'switch',
    typed: { says: { 'has:faces': true, 'has:face': true } },
  },
  faces: {
    schema: Range.optional().describe('how many faces: `2`, `2-4`, `4-`, `-4`'),
    label: 'Faces',
    control: 'range',
    typed: { isWhole: true },
  },
  rating: {
    schema: Range.optional().describe('stars, 0–5, a person’s before the file’s: `4-`'),
    label: 'Rating',
    control: 'range',
    typed: { keys: ['rating', 'stars'], isWhole: true },
  },
  favourite: {
    schema: Flag.optional().describe('only favourites (or only the others)'),
    label: 'Favourites',
    control: 'switch',
    typed: { says: { 'is:favourite': true, 'is:favorite': true } },
  },
  colour: {
    schema: many(Name).describe('photos with any of these colours in their palette'),
    label: 'Colour',
    control: 'choice',
    typed: { keys: ['colour', 'color'] },
  },
  camera: { schema: many(Name).describe('taken with any of these cameras (model)'), label: 'Camera', control: 'choice' },
  lens: { schema: many(Name).describe('taken through any of these lenses'), label: 'Lens', control: 'choice' },
  city: {
    schema: many(Name).describe('taken in any of these cities'),
    label: 'City',
    control: 'choice',
    typed: { keys: ['city', 'in'] },
  },
  country: {
    schema: many(Name).describe('taken in any of these countries (English names)'),
    label: 'Country',
    control: 'choice',
    typed: { keys: ['in', 'country'] },
  },
  near: {
    schema: Circle.optional().describe('taken within latitude,longitude,kilometres: `59.91,10.75,25`'),
    label: 'Near',
    control: 'circle',
  },
  area: {
    schema: Area.optional().describe(
      'taken within south,west,north,east of the map, in degrees: `59.8,10.6,60,10.9`; over the date line where west is more than east',
    ),
    label: 'Map area',
    control: 'area',
    typed: { keys: [] },
  },
  orientation: {
    schema: many(z.enum(ORIENTATIONS)).describe('any of these shapes; a panorama is at least twice as long as wide'),
    label: 'Orientation',
    control: 'choice',
    typed: {
      values: ORIENTATIONS,
      says: { 'is:landscape': ['landscape'], 'is:portrait': ['portrait'], 'is:square': ['square'], 'is:panorama': ['panorama'] },
    },
  },
  megapixels: {
    schema: Range.optional().describe('size in millions of pixels: `12-`'),
    label: 'Megapixels',
    control: 'range',
    typed: { keys: ['megapixels', 'mp'] },
  },
  format: {
    schema: many(z.enum(PHOTO_FORMATS)).describe('files of any of these formats'),
    label: 'Format',
    control: 'choice',
    typed: { values: PHOTO_FORMATS, says: { 'format:jpg': ['jpeg'] } },
  },
  source: {
    schema: many(Id).describe('with a file in any of these sources (ids)'),
    label: 'Source',
    control: 'choice',
    typed: { keys: ['source', 'folder'] },
  },
  album: {
    schema: many(Id).describe('in any of these albums or saved searches (ids)'),
    label: 'Album',
    control: 'choice',
  },
  cluster: {
    schema: many(Id).describe('in any of these topics (ids)'),
    label: 'Cluster',
    control: 'choice',
  },
  missing: {
    schema: Flag.optional().describe('only photos whose file is missing (or present)'),
    label: 'File is missing',
    control: 'switch',
    typed: { says: { 'is:missing': true } },
  },
  collection: {
    schema: many(z.enum(COLLECTIONS)).describe('photos (default), product pictures, or generated pictures'),
    label: 'Collection',
    control: 'choice',
    typed: { values: COLLECTIONS, says: { 'is:product': ['products'], 'is:made': ['made'] } },
  },
  state: {
    schema: many(z.enum(PHOTO_STATES)).describe('photos in any of these states'),
    label: 'State',
    control: 'choice',
    typed: { values: PHOTO_STATES, says: { 'is:failed': ['failed'], 'is:partial': ['partial'] } },
  },
  has_duplicates: {
    schema: Flag.optional().describe('only photos with (or without) other copies or edits'),
    label: 'Has duplicates',
    control: 'switch',
    typed: { says: { 'has:duplicates': true } },
  },
  hide_duplicates: {
    schema: Flag.optional().describe('show one photo of each set of copies'),
    label: 'Hide duplicates',
    control: 'switch',
  },
} as const satisfies Record<string, FilterEntry>
export type FilterKey = keyof typeof SEARCH_FILTERS

export const FILTER_KEYS = Object.keys(SEARCH_FILTERS) as FilterKey[]

type Shape = { readonly [K in FilterKey]: (typeof SEARCH_FILTERS)[K]['schema'] }

const Filters = z.strictObject(Object.fromEntries(FILTER_KEYS.map((key) => [key, SEARCH_FILTERS[key].schema])) as unknown as Shape)

/** Filters joined by all, any and not: `{"any":[{"category":["food"]},{"not":{"state":["failed"]}}]}`. `hide_duplicates` stands outside. */
export type FilterExpression =
  | { readonly all: readonly FilterExpression[] }
  | { readonly any: readonly FilterExpression[] }
  | { readonly not: FilterExpression }
  | TypedFilters

/** Filters that may stand in an expression. */
export type TypedFilters = Omit<z.infer<typeof Filters>, 'hide_duplicates'>

/** The leaves of an expression. */
export const PlainFilters = Filters.omit({ hide_duplicates: true })

export const SearchFilters = z.object({
  ...Filters.shape,
  where: z
    .string()
    .max(4000)
    .optional()
    .describe('filters joined by all, any and not, as JSON: `{"any":[{"category":["food"]},{"not":{"state":["failed"]}}]}`'),
})
export type SearchFilters = z.infer<typeof SearchFilters>
