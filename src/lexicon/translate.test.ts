import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { PRIMARY_CATEGORIES } from '../contract/words.ts'
import { COLOUR_WORDS } from '../domain/colour/colour-words.ts'
import { foldText } from '../domain/search/words.ts'
import { COCO_LABELS } from '../models/providers/builtin-vision/coco-labels.ts'
import { readStartingTags } from './starting-tags.ts'
import { translateText, translateWord } from './translate.ts'

const readLines = (language: string) =>
  readFileSync(new URL(`./data/words.${language}.tsv`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t') as [string, string])

it.each([
  ['Hund', 'dog'],
  ['Hunde', 'dog'],
  ['HÄUSER', 'house'],
  ['Straße', 'street'],
  ['rotes', 'red'],
  ['roten', 'red'],
  ['dunkelgrüner', 'dark green'],
  ['Kassenzettel', 'receipt'],
  ['كلب', 'dog'],
  ['الكلب', 'dog'],
  ['والكلاب', 'dog'],
  ['أحمر', 'red'],
  ['السَّيَّارَة', 'car'],
])('%s is %s', (typed, english) => expect(translateWord(foldText(typed))).toContain(english))

it('knows nothing of other words, and not every word that begins like an article', () => {
  for (const word of ['', 'zorgblatt', 'dogs', 'ال', 'والد']) expect(translateWord(foldText(word)), word).toEqual([])
})

it('keeps all meanings of a word', () => {
  expect(translateWord('bank')).toEqual(['bench'])
  expect(translateWord('see')).toEqual(['lake', 'sea'])
  expect(translateWord('tasche')).toEqual(['handbag', 'bag'])
})

it('puts a text into English word by word, but for what is known already', () => {
  const isKept = (word: string) => ['in', 'a', 'dog'].includes(word)
  expect(translateText('Hund in a roter Zorgblatt', isKept)).toBe('dog in a red Zorgblatt')
  expect(translateText('dog', isKept)).toBe('dog')
})

it('each language has the built-in classes, categories, and colours, each once, with forms of one word', () => {
  const parts = { ar: ['person', 'dog', 'cat', 'car', 'bus', 'train', 'bird', 'bottle', 'chair', 'book', 'food'], de: COCO_LABELS }
  for (const [language, classes] of Object.entries(parts)) {
    const lines = readLines(language)
    const english = lines.map(([name]) => name)
    expect(english.filter((name, i) => english.indexOf(name) !== i)).toEqual([])
    expect(lines.filter(([, forms]) => !forms || /\s|^\||\|$|\|\|/.test(forms))).toEqual([])
    expect(classes.filter((name) => !english.includes(name))).toEqual([])
    expect(PRIMARY_CATEGORIES.filter((name) => !english.includes(name))).toEqual([])
  }
  const german = new Set(readLines('de').map(([name]) => name))
  expect(Object.keys(COLOUR_WORDS).filter((name) => !german.has(name))).toEqual([])
})

it('most of the vocabulary has German words', () => {
  const german = new Set(readLines('de').map(([name]) => name))
  const names = readStartingTags()
  expect(names.filter((name) => german.has(name.toLowerCase())).length / names.length).toBeGreaterThan(0.65)
})
