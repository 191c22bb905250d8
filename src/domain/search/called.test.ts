/** @file A whole name is told from a word that is only in it. */
import { describe, expect, it } from 'vitest'
import { isFileCalled, isPersonCalled } from './called.ts'
import { splitWords } from './words.ts'

const words = (typed: string) => new Set(splitWords(typed).map(({ word }) => word))

describe('a file is called so', () => {
  it.each([
    ['n01440764_tench.JPEG', 'tench'],
    ['n02097474_Tibetan_terrier.JPEG', 'tibetan terrier'],
    ['n02097474_Tibetan_terrier.JPEG', 'n02097474_Tibetan_terrier.JPEG'],
    ['n02027492_red-backed_sandpiper.JPEG', 'Red-backed sandpiper'],
    ['BeachHouse-2.jpg', 'beach house'],
    ['BeachHouse-2.jpg', 'beachhouse 2'],
    ['beach.jpg', 'beach.jpg'],
    ['Müller am See (3).heic', 'muller am see'],
    ['IMG_2030.jpg', 'img_2030'],
    ['IMG2030.jpg', 'img2030'],
    ['IMG2030.jpg', 'img'],
    ['2019.jpg', '2019'],
    ['東京タワー.jpg', '東京タワー'],
    ['zebra', 'zebra'],
  ])('%s by %s', (filename, typed) => expect(isFileCalled(filename, words(typed))).toBe(true))
})

describe('a file is not called so', () => {
  it.each([
    ['n02097474_Tibetan_terrier.JPEG', 'terrier'],
    ['tibetan_terrier.jpg', 'tibetan terrier dog'],
    ['DSC_01234.jpg', '1234'],
    ['DSC_01234.jpg', 'dsc 5678'],
    ['beach.jpg', 'jpg'],
    ['2019-08.jpg', '2019'],
    ['東京タワー.jpg', '東京'],
    ['___.jpg', 'jpg'],
    ['beach.jpg', ''],
    ['.jpg', 'jpg'],
  ])('%s by %s', (filename, typed) => expect(isFileCalled(filename, words(typed))).toBe(false))
})

it('a person is called by all their names', () => {
  expect(isPersonCalled('Anna Müller', words('muller anna'))).toBe(true)
  expect(isPersonCalled('Anna', words('ANNA'))).toBe(true)
  expect(isPersonCalled('Anna Müller', words('anna'))).toBe(false)
  expect(isPersonCalled('Anna', words('anna beach'))).toBe(false)
  expect(isPersonCalled('…', words(''))).toBe(false)
})
