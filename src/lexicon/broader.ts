/**
 * @file What a tag is a kind of: a dog is an animal. From WordNet, in the sense a picture most likely shows (`data/README.md`).
 * Read at the first question (1 MB of text, 12 MB in memory), or before it in turns: all at once it holds other work up for 150 ms.
 */
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { isColourWord } from '../domain/colour/colour-words.ts'
import { isOpenWord, MEANT_WORDS } from './senses.ts'

interface Lexicon {
  /** what each term is called */
  readonly names: readonly string[]
  /** all its names that mean it by themselves */
  readonly synonyms: readonly (readonly string[])[]
  /** numbers of the terms right above each term */
  readonly parents: readonly (readonly number[])[]
  /** a noun that has kinds of its own: its term */
  readonly terms: ReadonlyMap<string, number>
  /** a noun without kinds: the terms right above it */
  readonly leaves: ReadonlyMap<string, readonly number[]>
}

let lexicon: Lexicon | undefined

/**
 * The broader terms of a tag, nearest first, each once; empty for a word that stands for itself.
 * A plural counts as its singular; of several words the last ones decide (“denim jacket” is a jacket).
 */
export function findBroader(tag: string): string[] {
  lexicon ??= readLexicon()
  const words = tag.toLowerCase().replaceAll('_', ' ').trim().split(/\s+/)
  for (let from = 0; from < words.length; from++) {
    const phrase = words.slice(from).join(' ')
    for (const form of listForms(phrase)) {
      const above = findAbove(lexicon, form)
      if (above === undefined) continue
      const broader = climb(lexicon, above)
      if (from > 0) broader.unshift(form)
      return [...new Set(broader)].filter((name) => name !== tag.toLowerCase())
    }
  }
  return []
}

/**
 * Other names of the thing a noun names (“automobile” for “car”), and what it is a kind of, one step up; empty for unknown words, and for
 * a colour: who types “orange” does not ask for every citrus fruit.
 */
export function widenNoun(noun: string): { readonly synonyms: readonly string[]; readonly broader: readonly string[] } {
  lexicon ??= readLexicon()
  const forms = isColourWord(noun.toLowerCase()) ? [] : listForms(noun.toLowerCase())
  for (const form of forms) {
    const above = findAbove(lexicon, form)
    if (above === undefined) continue
    // the names beside these words in the lexical database are those of the other sense
    if (isOpenWord(form) || MEANT_WORDS.has(form)) break
    const term = lexicon.terms.get(form)
    const synonyms = term === undefined ? [] : (lexicon.synonyms[term] ?? [])
    return {
      synonyms: synonyms.filter((name) => name !== form && name !== noun),
      broader: above.flatMap((each) => lexicon?.synonyms[each] ?? []),
    }
  }
  return { synonyms: [], broader: [] }
}

/** Numbers of the terms right above a noun; none above a word that may be this or that; undefined for unknown words. */
function findAbove({ terms, parents, leaves }: Lexicon, noun: string): readonly number[] | undefined {
  if (isOpenWord(noun)) return []
  const meant = MEANT_WORDS.get(noun) ?? noun
  const term = terms.get(meant)
  return term === undefined ? leaves.get(meant) : parents[term]
}

/** Level by level, so that the nearest come first. */
function climb({ names, parents }: Lexicon, start: readonly number[]): string[] {
  const seen = new Set<number>()
  for (let level = [...start]; level.length > 0; ) {
    for (const term of level) seen.add(term)
    level = [...new Set(level.flatMap((term) => parents[term] ?? []))].filter((term) => !seen.has(term))
  }
  return [...seen].map((term) => names[term] ?? '')
}

/** The word itself, and what it may be the plural of (WordNet’s own rules for nouns). */
function listForms(phrase: string): string[] {
  const endings = [
    ['ses', 's'],
    ['xes', 'x'],
    ['zes', 'z'],
    ['ches', 'ch'],
    ['shes', 'sh'],
    ['men', 'man'],
    ['ies', 'y'],
    ['s', ''],
  ] as const
  return [
    phrase,
    ...endings.flatMap(([plural, singular]) =>
      phrase.endsWith(plural) && phrase.length > plural.length + 2 ? [phrase.slice(0, -plural.length) + singular] : [],
    ),
  ]
}

const FILE = new URL('./data/broader-terms.tsv', import.meta.url)
/** Lines per turn: some 5 ms. */
const LINES_PER_TURN = 500

function readLexicon(): Lexicon {
  const reader = createReader()
  reader.read(readFileSync(FILE, 'utf8').trimEnd().split('\n'))
  return reader.lexicon
}

/** Reads it before the first question, a part per turn of the event loop. */
export async function prepareLexicon(): Promise<void> {
  if (lexicon) return
  const reader = createReader()
  const lines = (await readFile(FILE, 'utf8')).trimEnd().split('\n')
  for (let from = 0; from < lines.length; from += LINES_PER_TURN) {
    await nextTurn()
    reader.read(lines.slice(from, from + LINES_PER_TURN))
  }
  lexicon ??= reader.lexicon
}

/** Takes the lines in their order, in parts. */
function createReader() {
  const names: string[] = []
  const synonyms: (readonly string[])[] = []
  const parents: (readonly number[])[] = []
  const terms = new Map<string, number>()
  const leaves = new Map<string, readonly number[]>()
  const read = (line: string): void => {
    const term = names.length
    const [called = '', above = '', below = ''] = line.split('\t')
    const all = called.split('|')
    names.push((all[0] ?? '').replace(/^~/, ''))
    parents.push(above === '' ? [] : above.split(' ').map(Number))
    const own = all.filter((name) => !name.startsWith('~'))
    for (const name of own) terms.set(name, term)
    synonyms.push(own)
    const only = [term]
    for (const leaf of below === '' ? [] : below.split('|')) {
      const [noun = '', ...others] = leaf.split('^')
      leaves.set(noun, others.length > 0 ? [term, ...others.map(Number)] : only)
    }
  }
  return {
    lexicon: { names, synonyms, parents, terms, leaves } satisfies Lexicon,
    read: (lines: readonly string[]) => lines.forEach(read),
  }
}
