import { describe, expect, it } from 'vitest'
import { bigrams, documentWords, editDistance, foldText, isMisspelt, isUnspaced, nameWords, splitWords } from './words.ts'

describe('folding', () => {
  it.each([
    ['Éclair À LA Crème', 'eclair a la creme'],
    ['Straße Øresund Łódź Ærø', 'strasse oresund lodz aero'],
    ['ΟΔΟΣ ὁδός', 'οδοσ οδοσ'],
    ['ｆｕｌｌｗｉｄｔｈ １２３', 'fullwidth 123'],
    ['İSTANBUL', 'istanbul'],
    ['ñ written as n\u0303', 'n written as n'],
    ['co\u00adoperate', 'cooperate'],
    ['がぎ', 'がぎ'],
  ])('%s', (text, folded) => expect(foldText(text)).toBe(folded))
})

describe('words', () => {
  it('keep how they stand', () => {
    expect(splitWords('Café-Zürich, 2024!')).toEqual([
      { word: 'cafe', raw: 'Café' },
      { word: 'zurich', raw: 'Zürich' },
      { word: '2024', raw: '2024' },
    ])
  })
  it('survive anything a person can paste', () => {
    for (const text of ['', '\0', '🙂👨‍👩‍👧', '\ud800', 'שָׁלוֹם', '\u202eabc', '½㍿', `${'x'.repeat(5000)}`, '😀'.repeat(500)])
      for (const { word } of splitWords(text)) {
        expect(word).toMatch(/^[\p{L}\p{N}\p{M}]+$/u)
        expect(word.length).toBeLessThanOrEqual(64)
      }
    expect(splitWords('שָׁלוֹם')[0]?.word).toBe('שלום')
    expect(splitWords('🙂')).toEqual([])
  })
  it('of scripts without spaces become bigrams, with the last character for prefixes', () => {
    expect(documentWords('iPhone手机壳 new')).toEqual(['iphone', '手机', '机壳', '壳', 'new'])
    expect(isUnspaced('手机')).toBe(true)
    expect(isUnspaced('手机')).toBe(true)
    expect(isUnspaced('phone')).toBe(false)
    // the patterns keep no state between calls
    expect(splitWords('手机壳')).toEqual([{ word: '手机壳', raw: '手机壳' }])
    expect(bigrams('東京都')).toEqual(['東京', '京都'])
  })
  it('of names are split at case, digits and punctuation, whole words kept', () => {
    expect(nameWords('DSC_01234-BeachHouse.jpg')).toEqual(['dsc', '01234', '1234', 'beachhouse', 'beach', 'house', 'jpg'])
    expect(nameWords('IMG20240315.HEIC')).toEqual(['img20240315', 'img', '20240315', 'heic'])
    expect(nameWords('EOS5D')).toEqual(['eos5d', 'eos', '5', 'd'])
  })
})

it('counts slips', () => {
  const slips = (a: string, b: string) => editDistance([...a], [...b])
  expect(slips('', 'abc')).toBe(3)
  expect(slips('weding', 'wedding')).toBe(1)
  expect(slips('zurihc', 'zurich')).toBe(1)
  expect(slips('beech', 'beach')).toBe(1)
  expect(slips('kitten', 'sitting')).toBe(3)
  expect(isMisspelt('beech', 'beach')).toBe(true)
  expect(isMisspelt('cart', 'carts')).toBe(true)
  expect(isMisspelt('cat', 'cart')).toBe(false)
  expect(isMisspelt('dog', 'doc')).toBe(false)
  expect(isMisspelt('cat', 'dog')).toBe(false)
  expect(isMisspelt('girafe', 'giraffe')).toBe(true)
})
