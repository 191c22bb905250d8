/** @file Says which words of a photo a keyword hit was found by, and in which of its fields. Pure. */
import type { MatchReason } from '../contract/search.ts'
import { foldText, isMisspelt, isUnspaced } from '../domain/words.ts'
import { type Field, listFields, listFieldWords, type PhotoFacts, type Where } from './document.ts'
import type { Term } from './parse.ts'

/** Every long word holds a shorter one. */
const MIN_NEAR = 3
/** Words shown per hit. */
const MAX_SHOWN = 12
export interface Found {
  readonly where: MatchReason['where']
  readonly words: MatchReason['words']
}

/** A photo’s fields with their words; made once per hit, it is the costly part. */
export interface PhotoWords {
  readonly id: number
  readonly fields: readonly { readonly field: Field; readonly words: Words }[]
}

export function listPhotoWords(facts: PhotoFacts): PhotoWords {
  return { id: facts.id, fields: listFields(facts).map((field) => ({ field, words: listFieldWords(field) })) }
}

/** Words of these photos that may be another form of a term: they begin alike. Their stems decide. */
export function listFormCandidates(photos: readonly PhotoWords[], terms: readonly Term[]): string[] {
  const starts = new Set(terms.flatMap((term) => singleWord(term)?.slice(0, 2) ?? []))
  if (starts.size === 0) return []
  const words = new Set(terms.flatMap((term) => singleWord(term) ?? []))
  for (const photo of photos)
    for (const field of photo.fields) for (const { word } of field.words) if (starts.has(word.slice(0, 2))) words.add(word)
  return [...words]
}

/** @param stems of the words of `listFormCandidates`; null for words that say nothing, which explain nothing either */
export function explainWords({ fields }: PhotoWords, terms: readonly Term[], stems: ReadonlyMap<string, string | null>): Found {
  const where = new Set<Where>()
  const words = new Set<string>()
  const note = (field: Field, raw: string) => {
    where.add(field.where)
    words.add(raw)
  }
  const telling = terms.filter((term) => term.isQuoted || stems.get(singleWord(term) ?? '') !== null)
  for (const term of telling.length > 0 ? telling : terms) {
    let isFound = false
    for (const { field, words: own } of fields)
      for (const raw of findTerm(term, own, stems)) {
        note(field, raw)
        isFound = true
      }
    if (isFound || term.isQuoted) continue
    const near = findNear(term, fields)
    if (near) note(near.field, near.raw)
  }
  return { where: [...where], words: [...words].slice(0, MAX_SHOWN) }
}

type Words = ReturnType<typeof listFieldWords>

function findTerm(term: Term, own: Words, stems: ReadonlyMap<string, string | null>): string[] {
  const single = singleWord(term)
  if (single !== undefined) {
    const stem = term.isQuoted ? undefined : stems.get(single)
    return own.flatMap(({ word, raw }) =>
      word === single || (term.isPrefix && word.startsWith(single)) || (stem && stems.get(word) === stem) ? [raw] : [],
    )
  }
  const folded = foldText(term.text)
  if (isUnspaced(folded))
    return own.flatMap(({ word, raw }) => (isUnspaced(word) && (word.includes(folded) || folded.includes(word)) ? [raw] : []))
  return term.runs.flatMap((run) =>
    own.flatMap((_, start) =>
      run.every((word, i) => own[start + i]?.word === word)
        ? [own.slice(start, start + run.length).map(({ raw }) => raw).join(' ')] // biome-ignore format: one thought
        : [],
    ),
  )
}

/** The first word that holds the term, else the first it may be a misspelling of. */
function findNear(term: Term, fields: readonly { field: Field; words: Words }[]): { field: Field; raw: string } | undefined {
  const single = singleWord(term)
  if (single === undefined || single.length < MIN_NEAR) return undefined
  for (const isNear of [(word: string) => word.includes(single), (word: string) => isMisspelt(single, word)])
    for (const { field, words } of fields) for (const { word, raw } of words) if (isNear(word)) return { field, raw }
  return undefined
}

/** The word of a term that is one plain word. */
function singleWord(term: Term): string | undefined {
  const [run] = term.runs
  const [word] = run ?? []
  return term.runs.length === 1 && run?.length === 1 && word !== undefined && !isUnspaced(word) ? word : undefined
}
