/** @file The described checks: what was found in labelled pictures against what is right. Pure. */
import type { PhotoDetail } from '../../contract/photo.ts'
import { hammingDistance, hashWords } from '../../domain/likeness/hamming.ts'
import type { Label } from './labels.ts'

/** A described accuracy: more than nine of ten. */
const NINE_OF_TEN = 0.9
/** Results that are looked at for the picture a search must find. */
export const SEARCH_DEPTH = 10
/** Most misses that are named. */
const MAX_MISSES = 20

export interface Check {
  readonly check: string
  /** 0–1; null: nothing of it is labelled */
  readonly value: number | null
  readonly threshold: number
  readonly right: number
  readonly of: number
  readonly state: 'pass' | 'fail' | 'not labelled'
  readonly misses: readonly string[]
}

export interface Labelled {
  readonly label: Label
  /** undefined: it is not in the library */
  readonly photo: PhotoDetail | undefined
  /** of the label's queries, those that found it */
  readonly found: ReadonlySet<string>
}

/** @param pdqLimit bits in which copies may differ */
export function runChecks(pictures: readonly Labelled[], pdqLimit: number): Check[] {
  return [
    count(
      'objects',
      pictures,
      ({ tags }) => tags,
      (tag, photo) => namesOf(photo).has(tag.toLowerCase()),
    ),
    count(
      'categories',
      pictures,
      ({ categories }) => categories,
      (name, photo) => photo.categories.some((one) => one.name.toLowerCase() === name.toLowerCase()),
    ),
    checkWords(pictures),
    checkFaces(pictures),
    ...checkPeople(pictures),
    checkDuplicates(pictures, pdqLimit),
    judge(
      'search',
      pictures.flatMap(({ label, found }) => (label.queries ?? []).map((query) => [found.has(query), `${label.file}: “${query}”`])),
    ),
  ]
}

type Verdict = readonly [isRight: boolean, what: string]

function judge(check: string, verdicts: readonly Verdict[]): Check {
  const right = verdicts.filter(([isRight]) => isRight).length
  const value = verdicts.length === 0 ? null : right / verdicts.length
  const misses = verdicts.filter(([isRight]) => !isRight).map(([, what]) => what)
  const state = value === null ? 'not labelled' : value >= NINE_OF_TEN ? 'pass' : 'fail'
  return { check, value, threshold: NINE_OF_TEN, right, of: verdicts.length, state, misses: misses.slice(0, MAX_MISSES) }
}

function count(
  check: string,
  pictures: readonly Labelled[],
  wanted: (label: Label) => readonly string[] | null,
  has: (value: string, photo: PhotoDetail) => boolean,
): Check {
  return judge(
    check,
    pictures.flatMap(({ label, photo }) =>
      (wanted(label) ?? []).map((value): Verdict => [photo !== undefined && has(value, photo), `${label.file}: ${value}`]),
    ),
  )
}

/** A thing counts by any of its names: a tag, what the tag is a kind of, or an object. */
const namesOf = ({ tags, objects }: PhotoDetail): Set<string> =>
  new Set(
    [...tags.flatMap(({ tag, broader }) => [tag, ...broader]), ...objects.map(({ label }) => label)].map((name) => name.toLowerCase()),
  )

/** Where there is none, none may be read. */
function checkWords(pictures: readonly Labelled[]): Check {
  return judge(
    'ocr',
    pictures.flatMap(({ label, photo }): Verdict[] => {
      const text = photo?.text?.text.toLowerCase() ?? ''
      if (label.words === null) return []
      if (label.words.length === 0) return [[photo !== undefined && text === '', `${label.file}: no text (read “${text.slice(0, 40)}”)`]]
      return label.words.map((word) => [text.includes(word.toLowerCase()), `${label.file}: ${word}`])
    }),
  )
}

/** As many faces of people as there are: one too many is a false one. */
function checkFaces(pictures: readonly Labelled[]): Check {
  return judge(
    'faces',
    pictures.flatMap(({ label, photo }): Verdict[] => {
      if (label.people === null) return []
      const found = photo?.faces.filter(({ animal }) => animal === null).length ?? 0
      return [[photo !== undefined && found === label.people.length, `${label.file}: ${found} of ${label.people.length}`]]
    }),
  )
}

/**
 * By identity: two pictures of one person must share a person of the library, two without a common one must not. Each is judged for itself:
 * of many people most pairs are of different ones, and a library that groups nobody would be right on all of those.
 */
function checkPeople(pictures: readonly Labelled[]): Check[] {
  const labelled = pictures.flatMap(({ label, photo }) =>
    label.people?.length
      ? [{ file: label.file, names: new Set(label.people.map((name) => name.toLowerCase())), found: peopleOf(photo) }]
      : [],
  )
  const together: Verdict[] = []
  const apart: Verdict[] = []
  for (const [i, a] of labelled.entries())
    for (const b of labelled.slice(i + 1)) {
      const common = [...a.names].filter((name) => b.names.has(name))
      const shared = [...a.found].filter((person) => b.found.has(person)).length
      const what = `${a.file} and ${b.file}: `
      if (common.length === 0) apart.push([shared === 0, `${what}nobody in both, found as one person`])
      else together.push([shared >= common.length, `${what}${common.join(', ')}, ${shared} of ${common.length} found as one person`])
    }
  return [judge('people together', together), judge('people apart', apart)]
}

const peopleOf = (photo: PhotoDetail | undefined): Set<number> =>
  new Set((photo?.faces ?? []).flatMap(({ animal, person }) => (animal === null && person !== null ? [person.id] : [])))

/** All pairs of a group must be near, and none of two groups. The same bytes are one photo, and near. */
function checkDuplicates(pictures: readonly Labelled[], limit: number): Check {
  const labelled = pictures.filter(({ label }) => label.duplicates !== null)
  const verdicts: Verdict[] = []
  for (const [i, a] of labelled.entries())
    for (const b of labelled.slice(i + 1)) {
      const isCopy = a.label.duplicates === b.label.duplicates
      const bits = distance(a.photo, b.photo)
      const isNear = bits !== null && bits <= limit
      verdicts.push([isNear === isCopy, `${a.label.file} and ${b.label.file}: ${bits ?? 'no'} bits, ${isCopy ? 'copies' : 'not copies'}`])
    }
  return judge('pdq', verdicts)
}

function distance(a: PhotoDetail | undefined, b: PhotoDetail | undefined): number | null {
  if (!a?.hash || !b?.hash) return null
  const words = (pdq: string) => hashWords(Buffer.from(pdq, 'hex'))
  return hammingDistance(words(a.hash.pdq), 0, words(b.hash.pdq))
}
