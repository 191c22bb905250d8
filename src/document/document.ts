/** @file What keyword search knows of a photo: its facts as fields with a weight, and the words that go into its document. Pure. */
import type { MatchReason } from '../contract/search.ts'
import { documentWords, nameWords, splitName, splitWords, type Word } from '../domain/search/words.ts'

/** The facts a document is made of, as `store.ts` reads them. */
export interface PhotoFacts {
  readonly id: number
  /** names of the photo and of its files, without folders */
  readonly filenames: readonly string[]
  /** folders its files lie in, relative to their source */
  readonly folders: readonly string[]
  /** `YYYY-MM-DD` */
  readonly day: string
  readonly people: readonly string[]
  readonly title: string | null
  /** tags of models and of the file, and the categories they belong to */
  readonly tags: readonly string[]
  readonly keywords: readonly string[]
  /** what the tags are kinds of; not the tags themselves */
  readonly broader: readonly string[]
  readonly ocr: string | null
  /** what a person or a describer says of the picture: description, then alt text */
  readonly captions: readonly string[]
  /** what the file itself says */
  readonly description: string | null
  readonly camera: readonly string[]
  readonly city: string | null
  readonly country: string | null
}

export type Where = MatchReason['where'][number]
/** Weights of tsvector; Postgres ranks them 1, .4, .2 and .1. */
type Weight = 'a' | 'b' | 'c' | 'd'

export interface Field {
  readonly where: Where
  readonly weight: Weight
  readonly text: string
  /** names are also split at case and digits */
  readonly isName: boolean
}

/** Longest text of a field that is indexed: a dense page has about 6,000 letters. */
const MAX_TEXT = 50_000

const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december']

const field = (where: Where, weight: Weight, text: string | null, isName = false): Field[] =>
  text ? [{ where, weight, text: text.slice(0, MAX_TEXT), isName }] : []

export function listFields(facts: PhotoFacts): Field[] {
  return [
    ...facts.people.flatMap((name) => field('person', 'a', name)),
    ...field('metadata', 'a', facts.title),
    ...[...facts.tags, ...facts.keywords].flatMap((tag) => field('tag', 'b', tag)),
    ...field('text', 'c', facts.ocr),
    ...facts.captions.flatMap((caption) => field('description', 'c', caption)),
    ...facts.broader.flatMap((term) => field('broader', 'd', term)),
    ...[...facts.filenames, ...facts.folders].flatMap((name) => field('filename', 'd', name, true)),
    ...field('metadata', 'd', facts.description),
    ...facts.camera.flatMap((name) => field('metadata', 'd', name, true)),
    ...field('metadata', 'd', facts.city ?? null),
    ...field('metadata', 'd', facts.country),
    ...field('metadata', 'd', dayText(facts.day)),
  ]
}

/** The words of a field as they stand, for saying what matched. */
export function listFieldWords({ text, isName }: Field): Word[] {
  return isName ? splitName(text) : splitWords(text)
}

/** Space-separated folded words per weight. */
export interface SearchDocument {
  readonly photo_id: number
  readonly a: string
  readonly b: string
  readonly c: string
  readonly d: string
}

export function makeDocument(facts: PhotoFacts): SearchDocument {
  const parts: Record<Weight, string[]> = { a: [], b: [], c: [], d: [] }
  for (const { weight, text, isName } of listFields(facts))
    for (const word of isName ? nameWords(text) : documentWords(text)) parts[weight].push(word)
  return { photo_id: facts.id, a: parts.a.join(' '), b: parts.b.join(' '), c: parts.c.join(' '), d: parts.d.join(' ') }
}

/** The distinct words of documents in order, for typos and parts of words. */
export function listWords(documents: readonly SearchDocument[]): string[] {
  return [...new Set(documents.flatMap(({ a, b, c, d }) => [a, b, c, d].flatMap((text) => text.split(' '))))]
    .filter((word) => word !== '')
    .sort()
}

/** `2024-03-15` → `2024 march 202403 20240315`; the joined forms are what `2024-03` and `2024-03-15` in a query become. */
function dayText(day: string): string {
  const [year = '', month = '', date = ''] = day.split('-')
  return `${year} ${MONTHS[Number(month) - 1] ?? ''} ${year}${month} ${year}${month}${date}`
}
