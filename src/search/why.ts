/** @file Says which words of a photo a keyword hit was found by, and in which of its fields. Pure. */
import type { MatchReason, NearWord } from '../contract/search.ts'
import { type Field, listFields, listFieldWords, type PhotoFacts } from '../document/document.ts'
import { foldText, isUnspaced } from '../domain/search/words.ts'
import type { Term } from './parse.ts'
import { makeSnippet } from './snippet.ts'

/** Words shown per hit. */
const MAX_SHOWN = 12
/** Pieces of text per hit. */
const MAX_SNIPPETS = 2

export type Found = Pick<MatchReason, 'where' | 'words' | 'near' | 'snippets'>

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

/**
 * @param stems of the words of `listFormCandidates`; null for words that say nothing, which explain nothing either
 * @param near words the search looked for in place of those typed
 */
export function explainWords(
  { fields }: PhotoWords,
  terms: readonly Term[],
  stems: ReadonlyMap<string, string | null>,
  near: readonly NearWord[],
): Found {
  const found = new Map<Field, Set<string>>()
  const used = new Map<string, NearWord>()
  const note = (field: Field, raws: readonly string[]) => {
    const known = found.get(field)
    if (raws.length > 0) found.set(field, new Set([...(known ?? []), ...raws]))
    return raws.length > 0
  }
  const each = terms.flatMap((term) => [term, ...(term.others ?? [])])
  const telling = each.filter((term) => term.isQuoted || stems.get(singleWord(term) ?? '') !== null)
  for (const term of telling.length > 0 ? telling : each) {
    const isFound = fields.map(({ field, words }) => note(field, findTerm(term, words, stems))).some(Boolean)
    if (isFound || term.isQuoted) continue
    for (const word of near.filter(({ typed }) => typed === singleWord(term)))
      for (const { field, words } of fields) if (note(field, findRun(word.found.split(' '), words))) used.set(word.found, word)
  }
  const words = [...new Set([...found.values()].flatMap((own) => [...own]))].slice(0, MAX_SHOWN)
  return {
    where: [...new Set([...found.keys()].map(({ where }) => where))],
    words,
    near: [...used.values()].slice(0, MAX_SHOWN),
    snippets: [...found].flatMap(([field, own]) => snippetOf(field, own) ?? []).slice(0, MAX_SNIPPETS),
  }
}

/** Of texts; a name or a tag is seen whole. */
function snippetOf({ where, text, isName }: Field, words: ReadonlySet<string>) {
  return isName || !(where === 'text' || where === 'description' || where === 'metadata') ? null : makeSnippet(where, text, [...words])
}

type Words = ReturnType<typeof listFieldWords>

function findTerm(term: Term, own: Words, stems: ReadonlyMap<string, string | null>): string[] {
  const single = singleWord(term)
  if (single !== undefined) {
    const stem = term.isQuoted ? undefined : stems.get(single)
    const raws: string[] = []
    // for every word of every hit: most begin otherwise, and so are no other form (`listFormCandidates`)
    for (const { word, raw } of own) {
      if (word.charCodeAt(0) !== single.charCodeAt(0)) continue
      if (word === single || (term.isPrefix && word.startsWith(single)) || (stem && stems.get(word) === stem)) raws.push(raw)
    }
    return raws
  }
  const folded = foldText(term.text)
  if (isUnspaced(folded))
    return own.flatMap(({ word, raw }) => (isUnspaced(word) && (word.includes(folded) || folded.includes(word)) ? [raw] : []))
  return term.runs.flatMap((run) => findRun(run, own))
}

/** Where these words stand side by side. */
function findRun(run: readonly string[], own: Words): string[] {
  return own.flatMap((_, start) =>
    run.every((word, i) => own[start + i]?.word === word)
      ? [
          own
            .slice(start, start + run.length)
            .map(({ raw }) => raw)
            .join(' '),
        ]
      : [],
  )
}

/** The word of a term that is one plain word. */
function singleWord(term: Term): string | undefined {
  const [run] = term.runs
  const [word] = run ?? []
  return term.runs.length === 1 && run?.length === 1 && word !== undefined && !isUnspaced(word) ? word : undefined
}
