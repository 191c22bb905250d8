/** @file Which tags a typed word means, and how well: the tag itself, a word of it, what it is a kind of, another form, a beginning. Pure. */
import { documentWords } from '../domain/search/words.ts'
import { findBroader } from '../lexicon/broader.ts'

/** What a word is worth where the name is more than the word: “dog” in “hot dog”. */
const PART_OF_NAME = 0.7
/** What a tag is a kind of: “animal” of “dog”. A certain dog is a certain animal; who asks for animals still wants what is called so first. */
const BROADER = 0.9
/** A word of such a term: “person” is none of the words of “personal computer”, “computer” is one. */
const PART_OF_BROADER = 0.35
/** However sure the tags are that put a photo there. */
const CATEGORY = 0.3
/** “dogs” for “dog”. */
const INFLECTED = 0.95
/** Another word of the same stem: “personal” for “person”. */
const SAME_STEM = 0.3
/** A beginning: “pers” for “person”. */
const BEGINNING = 0.4
/** Words of a name that are compared with as many typed words: “baseball glove”. */
const MAX_RUN = 4

interface Posting {
  readonly value: number
  readonly worth: number
}

export interface AskedWord {
  /** folded */
  readonly word: string
  /** what begins with it counts too */
  readonly isPrefix: boolean
  /** no other forms */
  readonly isQuoted: boolean
}

/** Tags by their words. Values are numbers of the caller’s. */
export class TagNames {
  readonly #byWord = new Map<string, Posting[]>()
  readonly #byName = new Map<string, Posting[]>()
  /** the words of names that begin with a letter: other forms of a word begin as it does */
  readonly #byLetter = new Map<string, string[]>()

  /** A category says no more than that the photo has some tag of it. */
  addCategory(value: number, name: string): void {
    this.#addName(value, name, CATEGORY, CATEGORY * PART_OF_NAME)
  }

  addTag(value: number, tag: string): void {
    this.#addName(value, tag, 1, PART_OF_NAME)
    for (const broader of findBroader(tag)) this.#addName(value, broader, BROADER, PART_OF_BROADER)
  }

  #addName(value: number, name: string, whole: number, part: number): void {
    const words = documentWords(name)
    for (const word of new Set(words)) {
      if (!this.#byWord.has(word)) put(this.#byLetter, word.charAt(0), word)
      put(this.#byWord, word, { value, worth: words.length === 1 ? whole : part })
    }
    if (words.length > 1) put(this.#byName, words.join(' '), { value, worth: whole })
  }

  /** Words of names that may be another form of one of these: those whose stems `match` looks at. */
  listForms(words: readonly string[]): string[] {
    return [...new Set(words.map((word) => word.charAt(0)))].flatMap((letter) => this.#byLetter.get(letter) ?? [])
  }

  /**
   * What each of these words says of each tag, 0 to 1; tags it says nothing of are left out.
   * @param run words typed one after another; several that are a whole name together mean it
   * @param stems of the typed words and of those that `listForms` gives for them
   */
  match(run: readonly AskedWord[], stems: ReadonlyMap<string, string | null>): ReadonlyMap<number, number>[] {
    const found = run.map((asked) => this.#matchWord(asked, stems))
    for (let from = 0; from < run.length; from++)
      for (let length = 2; length <= Math.min(MAX_RUN, run.length - from); length++) {
        const name = run
          .slice(from, from + length)
          .map(({ word }) => word)
          .join(' ')
        const postings = [...(this.#byName.get(name) ?? []), ...(name.endsWith('s') ? (this.#byName.get(name.slice(0, -1)) ?? []) : [])]
        for (const posting of postings) for (const own of found.slice(from, from + length)) raise(own, posting, 1)
      }
    return found
  }

  #matchWord(asked: AskedWord, stems: ReadonlyMap<string, string | null>): Map<number, number> {
    const found = new Map<number, number>()
    const stem = asked.isQuoted ? null : (stems.get(asked.word) ?? null)
    for (const word of this.#byLetter.get(asked.word.charAt(0)) ?? []) {
      const likeness = compare(asked, word, stem, stems)
      if (likeness > 0) for (const posting of this.#byWord.get(word) ?? []) raise(found, posting, likeness)
    }
    return found
  }
}

function compare({ word, isPrefix }: AskedWord, own: string, stem: string | null, stems: ReadonlyMap<string, string | null>): number {
  if (own === word) return 1
  if (stem !== null && stems.get(own) === stem) return isInflected(own, word) || isInflected(word, own) ? INFLECTED : SAME_STEM
  return isPrefix && own.startsWith(word) ? BEGINNING : 0
}

const isInflected = (longer: string, word: string): boolean =>
  longer === `${word}s` || longer === `${word}es` || (word.endsWith('y') && longer === `${word.slice(0, -1)}ies`)

function put<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key)
  if (known) known.push(value)
  else map.set(key, [value])
}

function raise(found: Map<number, number>, { value, worth }: Posting, likeness: number): void {
  const worthHere = worth * likeness
  if (worthHere > (found.get(value) ?? 0)) found.set(value, worthHere)
}
