/** @file Questions with known answers over the library that retrieval is measured on, of the kinds people ask. Pure but for reading the answers. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { dataPath } from '../test/support/shared.ts'
import { readCaptions } from './retrieval-library.ts'

export const KINDS = ['sentence', 'words', 'thing', 'broader', 'text', 'name', 'picture'] as const
export type Kind = (typeof KINDS)[number]

export interface Question {
  readonly kind: Kind
  readonly q: string
  /** the photo that is searched by too */
  readonly like?: string
  /** the only folder looked through: in the others the answers are not known */
  readonly folder?: string
  /** file names */
  readonly right: readonly string[]
}

/** Words that say nothing, of those that people use of pictures. */
const EMPTY = new Set(
  (
    'the and with are for his her its their one two three while who that from into over through down ' +
    'some other very not has have being out there this them they another she him off near next front'
  ).split(' '),
)

export function makeQuestions(): Question[] {
  const captions = readCaptions()
  const said = new Map([...captions].map(([name, own]) => [name, countWords(own)]))
  return [
    // the first caption describes every second photo: it is never asked
    ...[...captions].map(([name, own]) => ({ kind: 'sentence' as const, q: own[1] ?? '', right: [name] })),
    ...askWords(said),
    ...askLabels(),
    ...askReceipts(),
    ...readdirSync(dataPath('classified-photos')).map((name) => ({ kind: 'name' as const, q: classOf(name), right: [name] })),
    ...askPictures(said),
  ]
}

/** `n01440764_tench.JPEG` → `tench` */
const classOf = (name: string): string => basename(name, '.JPEG').split('_').slice(1).join(' ')

/** word → in how many of the captions it stands */
function countWords(captions: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const caption of captions)
    for (const word of new Set(caption.toLowerCase().match(/[a-z]{3,}/g) ?? []))
      if (!EMPTY.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

const often = (counts: ReadonlyMap<string, number>, least: number): string[] =>
  [...counts]
    .filter(([, count]) => count >= least)
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .map(([word]) => word)

/** The two words most of the five persons used; right is every photo of which two persons used both. */
function askWords(said: ReadonlyMap<string, ReadonlyMap<string, number>>): Question[] {
  const asked = new Map<string, Question>()
  for (const counts of said.values()) {
    const words = often(counts, 3).slice(0, 2)
    const q = words.join(' ')
    if (words.length < 2 || asked.has(q)) continue
    const right = [...said].filter(([, own]) => words.every((word) => (own.get(word) ?? 0) >= 2)).map(([name]) => name)
    asked.set(q, { kind: 'words', q, folder: 'captioned', right })
  }
  return [...asked.values()]
}

interface Coco {
  images: { id: number; file_name: string }[]
  annotations: { image_id: number; category_id: number }[]
  categories: { id: number; name: string; supercategory: string }[]
}

/** Each kind of thing that is marked in a picture, and what it is a kind of. */
export function askLabels(): Question[] {
  const coco = JSON.parse(readFileSync(dataPath('labelled-photos/instances_val2017.json'), 'utf8')) as Coco
  const here = new Set(readdirSync(dataPath('labelled-photos/images')))
  const files = new Map(coco.images.map(({ id, file_name }) => [id, file_name]))
  const kinds = new Map(coco.categories.map((category) => [category.id, category]))
  const find = (nameOf: (kind: Coco['categories'][number]) => string) => {
    const found = new Map<string, Set<string>>()
    for (const { image_id, category_id } of coco.annotations) {
      const [kind, file] = [kinds.get(category_id), files.get(image_id)]
      if (kind && file && here.has(file)) found.set(nameOf(kind), (found.get(nameOf(kind)) ?? new Set()).add(file))
    }
    return [...found].map(([q, right]) => ({ q, folder: 'images', right: [...right] }))
  }
  const things = find(({ name }) => name)
  const names = new Set(things.map(({ q }) => q))
  return [
    ...things.map((question) => ({ kind: 'thing' as const, ...question })),
    ...find(({ supercategory }) => supercategory).flatMap((question) =>
      names.has(question.q) ? [] : [{ kind: 'broader' as const, ...question }],
    ),
  ]
}

/** By the shop’s first two words, and by the address’ first three. */
function askReceipts(): Question[] {
  const receipts = readdirSync(dataPath('receipts'))
    .filter((name) => name.endsWith('.fields.json'))
    .map((name) => {
      const { company, address } = JSON.parse(readFileSync(dataPath('receipts', name), 'utf8')) as { company: string; address: string }
      return { name: name.replace('.fields.json', '.jpg'), company, address }
    })
  const first = (text: string, count: number) => (text.match(/[\p{L}\p{N}]{3,}/gu) ?? []).slice(0, count).join(' ').toLowerCase()
  const ask = (of: 'company' | 'address', count: number) =>
    [...Map.groupBy(receipts, (receipt) => first(receipt[of], count))].map(([q, own]) => ({
      kind: 'text' as const,
      q,
      right: own.map(({ name }) => name),
    }))
  return [...ask('company', 2), ...ask('address', 3)]
}

/**
 * “Like this one, but …”: per photo the other that shares most words with it, and the two words that at least two persons said of the
 * one looked for and nobody of the one that is given.
 */
function askPictures(said: ReadonlyMap<string, ReadonlyMap<string, number>>): Question[] {
  return [...said].flatMap(([name, own]): Question[] => {
    const shared = (other: ReadonlyMap<string, number>) => often(own, 2).filter((word) => other.has(word)).length
    const [like] = [...said].filter(([other]) => other !== name).sort(([, a], [, b]) => shared(b) - shared(a))[0] ?? []
    if (like === undefined) return []
    const words = often(own, 2).filter((word) => !said.get(like)?.has(word))
    return words.length === 0 ? [] : [{ kind: 'picture', q: words.slice(0, 2).join(' '), like, folder: 'captioned', right: [name] }]
  })
}
