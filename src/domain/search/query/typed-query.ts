/**
 * @file What a person types becomes chips: `person:anna`, `in:"new york"`, `before:2024`, `rating:>=3`, `-dog`, `"exact words"`.
 * `NOT` in capitals is a minus, `OR` between two words or two filters means either.
 * The keys follow from the contract’s table of filters, so the API, the command line and the page read the same. What is not
 * understood stays plain words; nothing typed is an error. Pure.
 */
import type { FilterEntry, FilterKey, TypedFilters } from '../../../contract/search-filters.ts'
import { isSpokenSpan, nextDay, parseSpan } from './date-span.ts'

/** The part of the table of filters that parsing needs. */
export type FilterTable = Readonly<Record<FilterKey, Pick<FilterEntry, 'label' | 'control' | 'typed'>>>

export type Demand =
  /** values of any of these filters by the names people have for them; any of them. The library knows which there are */
  | { readonly kind: 'names'; readonly filters: readonly FilterKey[]; readonly names: readonly string[] }
  /** any of these */
  | { readonly kind: 'filters'; readonly any: readonly TypedFilters[] }
  /** any of these, none of them words */
  | { readonly kind: 'either'; readonly of: readonly Demand[] }
  /** words that must, or with a minus must not, stand just so; they stay in `words` */
  | { readonly kind: 'words' }

export interface Chip {
  /** as typed, with its minus and quotes */
  readonly text: string
  /** where it stands in what was typed */
  readonly start: number
  readonly isNot: boolean
  /** as a person reads it, in front of the value: `Person`; empty where the value says all */
  readonly label: string
  readonly value: string
  readonly demand: Demand
}

export interface TypedQuery {
  readonly chips: readonly Chip[]
  /** all words to look for: the text without the chips that are filters */
  readonly words: string
  /** what is left without any chip */
  readonly plain: string
  /** known keys with a value that is none for them (`before:soon`), as typed; they are among the words */
  readonly misread: readonly string[]
}

/** A query has 500 characters; more than this nobody means. */
const MAX_CHIPS = 24
const MAX_NAMES = 20

/** `[-] key : value` or `[-] "words"` or a word; a value holds quoted parts and goes on to the next blank. */
const CHUNK = /(?<![^\s])(-?)(?:(\p{L}+):((?:"[^"]*"?|[^\s"])*)|"([^"]*)"?|(\S+))/gu

interface Chunk {
  readonly text: string
  /** as words read it: a minus for `NOT` */
  readonly written: string
  readonly start: number
  readonly isNot: boolean
  /** lower case; empty without one */
  readonly key: string
  readonly value: string
  readonly kind: 'keyed' | 'quoted' | 'bare'
}

/** @param today `YYYY-MM-DD`, for what is said relative to it */
export function parseTyped(q: string, table: FilterTable, today: string): TypedQuery {
  const chunks = splitChunks(q)
  const chips: Chip[] = []
  const words: string[] = []
  const plain: string[] = []
  const misread: string[] = []
  for (let i = 0; i < chunks.length; i++) {
    const chunk = chunks[i] as Chunk
    const spoken = readSpoken(chunks, i, today)
    if (spoken && chips.length < MAX_CHIPS) {
      chips.push(spoken.chip)
      i += spoken.length - 1
      continue
    }
    const chip = chips.length < MAX_CHIPS ? readChip(chunk, table, today) : null
    const either = isOr(chunk) ? readEither(chips.at(-1), chunks, i, (next) => readChip(next, table, today), q) : null
    if (either) {
      chips.splice(-1, 1, either)
      i++
      continue
    }
    if (chip) chips.push(chip)
    else plain.push(chunk.text)
    if (chip === null && chunk.kind === 'keyed' && isMisread(chunk, table)) misread.push(chunk.text)
    if (chip === null || chip.demand.kind === 'words') words.push(chunk.written)
  }
  return { chips, words: words.join(' '), plain: plain.join(' '), misread }
}

/** Not while the value is still to be typed. */
const isMisread = ({ key, value }: Chunk, table: FilterTable): boolean =>
  /[\p{L}\p{N}]/u.test(value) && (findTypedFilters(key, table).length > 0 || DATE_KEYS.some((date) => date === key))

const isOr = ({ kind, text }: Chunk): boolean => kind === 'bare' && text === 'OR'

/** `tag:dog OR person:anna`: the chip right before and the next one as one chip; null where either is words or turned round. */
function readEither(
  before: Chip | undefined,
  chunks: readonly Chunk[],
  at: number,
  read: (chunk: Chunk) => Chip | null,
  q: string,
): Chip | null {
  const [own, next] = [chunks[at - 1], chunks[at + 1]]
  const other = next && read(next)
  if (!before || !own || !next || !other || before.start + before.text.length !== own.start + own.text.length) return null
  if ([before, other].some(({ isNot, demand }) => isNot || demand.kind === 'words')) return null
  const of = [...(before.demand.kind === 'either' ? before.demand.of : [before.demand]), other.demand]
  const say = ({ label, value }: Chip) => `${label} ${value}`.trim()
  return {
    text: q.slice(before.start, next.start + next.text.length),
    start: before.start,
    isNot: false,
    label: '',
    value: `${say(before)} or ${say(other)}`,
    demand: { kind: 'either', of },
  }
}

/** The keys a person can type, for suggestions: each filter’s first, and whole sayings (`has:text`). */
export function listTypedKeys(table: FilterTable): { readonly text: string; readonly label: string }[] {
  return [
    ...(Object.keys(table) as FilterKey[]).flatMap((filter) => {
      const { label, typed } = table[filter]
      const [key] = keysOf(filter, table)
      return [
        ...(key === undefined ? [] : [{ text: `${key}:`, label: labelOf(findTypedFilters(key, table), table) }]),
        ...Object.keys(typed?.says ?? {}).map((text) => ({ text, label: sayingLabel(text, label) })),
      ]
    }),
    ...DATE_KEYS.map((key) => ({ text: `${key}:`, label: `Taken ${key}` })),
  ]
}

/** The filters a typed key belongs to; several only where all are filters of names. */
export function findTypedFilters(key: string, table: FilterTable): FilterKey[] {
  return (Object.keys(table) as FilterKey[]).filter((filter) => keysOf(filter, table).includes(key.toLowerCase()))
}

/** A value as it is typed after a key: quoted where it holds blanks, commas or quotes. */
export function quoteTyped(value: string): string {
  const plain = value.replaceAll('"', ' ').trim()
  return /[\s,]/u.test(plain) ? `"${plain}"` : plain
}

/** What may stand before the colon for this filter. */
function keysOf(filter: FilterKey, table: FilterTable): readonly string[] {
  const { control, typed } = table[filter]
  return typed?.keys ?? (control === 'date' || control === 'switch' ? [] : [filter])
}

function splitChunks(q: string): Chunk[] {
  const text = q.replace(/[“”„«»「」『』]/gu, '"')
  const chunks = [...text.matchAll(CHUNK)].map((match): Chunk => {
    const [whole, minus, key = '', keyed, quoted, bare] = match
    return {
      text: whole,
      written: whole,
      start: match.index,
      isNot: minus === '-',
      key: key.toLowerCase(),
      value: keyed ?? quoted ?? bare ?? '',
      kind: keyed !== undefined ? 'keyed' : quoted !== undefined ? 'quoted' : 'bare',
    }
  })
  return joinNot(chunks, text)
}

/** `NOT dog` is one chunk: what nobody would look for (“not” says nothing) must not find the dogs. */
function joinNot(chunks: readonly Chunk[], text: string): Chunk[] {
  const joined: Chunk[] = []
  for (let i = 0; i < chunks.length; i++) {
    const [chunk, next] = [chunks[i] as Chunk, chunks[i + 1]]
    const isNegated = chunk.kind === 'bare' && chunk.text === 'NOT' && next !== undefined && !next.isNot && !isOr(next)
    if (isNegated) {
      joined.push({
        ...next,
        start: chunk.start,
        text: text.slice(chunk.start, next.start + next.text.length),
        written: `-${next.written}`,
        isNot: true,
      })
      i++
    } else joined.push(chunk)
  }
  return joined
}

function readChip(chunk: Chunk, table: FilterTable, today: string): Chip | null {
  const { text, start, isNot, value, kind } = chunk
  if (kind === 'keyed') return value === '' ? null : (readSaying(chunk, table) ?? readDate(chunk, today) ?? readFilter(chunk, table))
  // signs alone are no words
  if (!(isNot || kind === 'quoted') || !/[\p{L}\p{N}]/u.test(value)) return null
  return { text, start, isNot, label: '', value: value.trim(), demand: { kind: 'words' } }
}

function readFilter({ text, start, isNot, key, value }: Chunk, table: FilterTable): Chip | null {
  const filters = findTypedFilters(key, table)
  const [filter] = filters
  const demand = filter && readDemand(filter, filters, value, table)
  if (!filter || !demand) return null
  const { control } = table[filter]
  return {
    text,
    start,
    isNot,
    label: labelOf(filters, table),
    value: control === 'circle' ? unquote(value) : splitValues(value).join(' or '),
    demand,
  }
}

/** `has:text`, `is:favourite` */
function readSaying({ text, start, isNot, key, value }: Chunk, table: FilterTable): Chip | null {
  const said = `${key}:${value.toLowerCase()}`
  for (const filter of Object.keys(table) as FilterKey[]) {
    const says = table[filter].typed?.says
    if (!says || !Object.hasOwn(says, said)) continue
    const demand: Demand = { kind: 'filters', any: [{ [filter]: says[said] } as TypedFilters] }
    return { text, start, isNot, label: '', value: sayingLabel(said, table[filter].label), demand }
  }
  return null
}

/** What stands in for the table’s label where one filter has several sayings. */
function sayingLabel(saying: string, label: string): string {
  const [key = '', value = ''] = saying.split(':')
  return key === 'is' ? (value[0]?.toUpperCase() ?? '') + value.slice(1) : key === 'has' ? `Has ${value}` : label
}

const DATE_KEYS = ['before', 'after', 'since', 'until', 'on'] as const
type DateKey = (typeof DATE_KEYS)[number]

function readDate({ text, start, isNot, key, value }: Chunk, today: string): Chip | null {
  const word = key === 'during' ? 'on' : key
  if (!DATE_KEYS.includes(word as DateKey)) return null
  const said = unquote(value)
  const span = parseSpan(said, today)
  if (!span) return null
  const days: Record<DateKey, TypedFilters> = {
    before: { to: nextDay(span.from, -1) },
    after: { from: nextDay(span.to, 1) },
    since: { from: span.from },
    until: { to: span.to },
    on: span,
  }
  const demand: Demand = { kind: 'filters', any: [days[word as DateKey]] }
  return { text, start, isNot, label: 'Taken', value: `${word} ${said}`, demand }
}

/** `last month` without a key; the words must stand bare and next to each other. */
function readSpoken(chunks: readonly Chunk[], from: number, today: string): { readonly chip: Chip; readonly length: number } | null {
  for (const length of [3, 2]) {
    const some = chunks.slice(from, from + length)
    if (some.length < length || some.some(({ kind, isNot }) => kind !== 'bare' || isNot)) continue
    const text = some.map((chunk) => chunk.text).join(' ')
    const span = isSpokenSpan(text) ? parseSpan(text, today) : null
    const start = some[0]?.start ?? 0
    if (span) return { length, chip: { text, start, isNot: false, label: 'Taken', value: text, demand: { kind: 'filters', any: [span] } } }
  }
  return null
}

/** `City or country` */
function labelOf(filters: readonly FilterKey[], table: FilterTable): string {
  return filters.map((filter, i) => (i === 0 ? table[filter].label : table[filter].label.toLowerCase())).join(' or ')
}

function readDemand(filter: FilterKey, filters: readonly FilterKey[], value: string, table: FilterTable): Demand | null {
  const { control, typed } = table[filter]
  const values = splitValues(value)
  if (values.length === 0) return null
  switch (control) {
    case 'chips':
    case 'choice':
    case 'people': {
      const known = typed?.values
      if (!known) return { kind: 'names', filters, names: values }
      const lower = values.map((each) => each.toLowerCase())
      return lower.every((each) => known.includes(each)) ? anyOf([{ [filter]: lower } as TypedFilters]) : null
    }
    case 'range': {
      const ranges = values.map((each) => readRange(each, typed?.isWhole === true))
      return ranges.every((range) => range !== null) ? anyOf(ranges.map((range) => ({ [filter]: range }) as TypedFilters)) : null
    }
    case 'circle': {
      // its commas are its own
      const circle = unquote(value).replace(/\s/g, '')
      return isCircle(circle) ? anyOf([{ [filter]: circle } as TypedFilters]) : null
    }
    case 'area':
    case 'date':
    case 'switch':
      return null
  }
}

const anyOf = (any: readonly TypedFilters[]): Demand => ({ kind: 'filters', any })

/** `3`, `2-4`, `2..4`, `>=3`, `>3`, `<=3`, `<3`, `3+` → the range of the contract; null for what is none. */
function readRange(text: string, isWhole: boolean): string | null {
  const [, sign, bound] = /^(>=|<=|>|<|=)(\d{1,6}(?:\.\d{1,3})?)$/.exec(text) ?? []
  const step = isWhole ? 1 : 0
  if (sign !== undefined && bound !== undefined) {
    const number = Number(bound)
    if (sign === '=') return bound
    if (sign.startsWith('>')) return `${sign === '>' ? number + step : bound}-`
    return sign === '<' && number < step ? null : `-${sign === '<' ? number - step : bound}`
  }
  const range = text.replace('..', '-').replace(/^(\d[\d.]*)\+$/, '$1-')
  return /^\d{1,6}(\.\d{1,3})?$|^\d{1,6}(\.\d{1,3})?-(\d{1,6}(\.\d{1,3})?)?$|^-\d{1,6}(\.\d{1,3})?$/.test(range) ? range : null
}

function isCircle(text: string): boolean {
  const [, latitude, longitude, km = '10'] =
    /^(-?\d{1,2}(?:\.\d{1,10})?),(-?\d{1,3}(?:\.\d{1,10})?)(?:,(\d{1,5}(?:\.\d{1,3})?))?$/.exec(text) ?? []
  return Math.abs(Number(latitude)) <= 90 && Math.abs(Number(longitude)) <= 180 && Number(km) > 0 && Number(km) <= 20_000
}

/** `anna,"tom jones"` → both; what stands in quotes keeps its commas. */
function splitValues(value: string): string[] {
  return [...value.matchAll(/"([^"]*)"?|([^",]+)/gu)]
    .map(([, quoted, bare]) => (quoted ?? bare ?? '').trim())
    .filter((part) => part !== '')
    .slice(0, MAX_NAMES)
}

const unquote = (value: string): string => value.replaceAll('"', '').trim()
