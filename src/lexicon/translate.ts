/**
 * @file Words of other languages for what pictures show, in English: the language of tags, classes, categories, and colours. German and Arabic, for
 * the built-in classes, categories, colours, and everyday words (`data/README.md`). Read at the first question that needs it, in some milliseconds.
 */
import { readFileSync } from 'node:fs'
import { foldText, splitWords } from '../domain/search/words.ts'

/** Endings of a German adjective that is written with `~`. */
const ENDINGS = ['', 'e', 'er', 'es', 'en', 'em']
/** The Arabic article, also after “and”, “in”, “like”, and “for”. */
const ARTICLE = /^(?:[وبفك]?ال|لل)(?=\p{Script=Arabic}{2})/u
const FILES = ['de', 'ar'] as const

let known: ReadonlyMap<string, readonly string[]> | undefined

/** @param word folded (`splitWords`) @returns what it means in English, in lower case; empty where it is not known */
export function translateWord(word: string): readonly string[] {
  known ??= read()
  return known.get(word) ?? known.get(word.replace(ARTICLE, '')) ?? []
}

/** A text with each word that is known from another language in English, the first meaning of each; other words as they are. */
export function translateText(text: string, isKept: (word: string) => boolean): string {
  return splitWords(text).reduce((translated, { word, raw }) => {
    const [meant] = isKept(word) ? [] : translateWord(word)
    return meant === undefined ? translated : translated.replace(raw, meant)
  }, text)
}

function read(): Map<string, string[]> {
  const words = new Map<string, string[]>()
  for (const language of FILES) {
    const lines = readFileSync(new URL(`./data/words.${language}.tsv`, import.meta.url), 'utf8')
      .trimEnd()
      .split('\n')
    for (const line of lines) {
      const [english = '', forms = ''] = line.split('\t')
      for (const form of forms.split('|'))
        for (const written of form.startsWith('~') ? ENDINGS.map((ending) => form.slice(1) + ending) : [form]) {
          const folded = foldText(written)
          const meanings = words.get(folded) ?? []
          if (!meanings.includes(english)) words.set(folded, [...meanings, english])
        }
    }
  }
  return words
}
