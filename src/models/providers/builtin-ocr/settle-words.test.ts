import { describe, expect, it } from 'vitest'
import type { Timeline, TimelineText } from './read-timeline.ts'
import { readTimeline } from './read-timeline.ts'
import { countUnknown, keepChances, settleLine, shareKnown } from './settle-words.ts'
import { TUNING } from './tuning.ts'

const ALPHABET = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:,&|äö']
const WORDS = new Set(['receipt', 'total', 'time', 'with', 'days', 'no', 'amount', 'cashier', 'thank', 'you', 'wind'])
const isWord = (word: string) => WORDS.has(word)

/** A character a step, a blank between; of `{ i: 0.7, t: 0.28 }` each has its chance. */
function timelineOf(steps: readonly (string | Record<string, number>)[]): Timeline {
  const classes = ALPHABET.length + 2
  const rows = steps.flatMap((step) => [typeof step === 'string' ? { [step]: 0.98 } : step, {}])
  const data = new Float32Array(rows.length * classes)
  for (const [i, row] of rows.entries()) {
    let left = 1
    for (const [character, p] of Object.entries(row)) {
      data[i * classes + (character === ' ' ? classes - 1 : ALPHABET.indexOf(character) + 1)] = p
      left -= p
    }
    data[i * classes] = left
  }
  return { data, steps: rows.length, classes }
}

function settle(steps: readonly (string | Record<string, number>)[]): TimelineText {
  const timeline = timelineOf(steps)
  return settleLine(readTimeline(timeline, ALPHABET, TUNING), keepChances(timeline), ALPHABET, isWord, TUNING)
}
const spell = (text: string) => [...text]

describe('settleLine', () => {
  it('takes the reading that a dictionary knows where the recogniser gave it a chance, in the places of the word', () => {
    const read = settle([...spell('RECEIP'), { I: 0.7, T: 0.28 }, ' ', ...spell('NO')])
    expect(read.text).toBe('RECEIPT NO')
    expect(read.words.map(({ text }) => text)).toEqual(['RECEIPT', 'NO'])
    expect(read.words[0]?.to).toBeLessThanOrEqual(read.words[1]?.from ?? 0)
  })

  it('leaves a name that was clearly read, and a word where no other reading had a chance', () => {
    expect(settle(spell('DEDAP')).text).toBe('DEDAP')
    expect(settle([...spell('RECEIP'), { I: 0.98, T: 0.001 }]).text).toBe('RECEIPI')
  })

  it('never changes a known word, and short ones only where both are nearly as likely', () => {
    expect(settle([...spell('win'), { d: 0.5, k: 0.45 }]).text).toBe('wind')
    expect(settle(['N', { 0: 0.55, O: 0.42 }, ':']).text).toBe('NO:')
    expect(settle(['N', { 0: 0.8, O: 0.15 }, ':']).text).toBe('N0:')
  })

  it('puts pieces of a word together, and writes its small letters small', () => {
    expect(settle([...spell('Tota'), ' ', 'l']).text).toBe('Total')
    expect(settle(['T', { l: 0.5, I: 0.3, i: 0.15 }, 'm', 'e', ':']).text).toBe('Time:')
  })

  it('does not lose a sign between two words, nor hide letters in signs or figures', () => {
    expect(settle([...spell('NO'), { ',': 0.6 }, ...spell('DEDAP')]).text).toBe('NO,DEDAP')
    expect(settle([{ X: 0.5, '&': 0.45 }, ...spell('no')]).text).toBe('Xno')
    expect(settle(['D', { O: 0.5, 0: 0.48 }, 'X']).text).toBe('DOX')
  })
})

describe('what a dictionary knows of a page', () => {
  it('is the share of its longer words; other languages know few', () => {
    expect(shareKnown(['TOTAL AMOUNT 12.50', 'Kedai Buku'], isWord)).toBe(0.5)
    expect(shareKnown(['Der Wind weht über das Meer'], isWord)).toBeCloseTo(1 / 4)
    expect(shareKnown(['12.50', 'ab'], isWord)).toBe(0)
  })

  it('counts unknown words, not figures, part numbers, or print in other scripts', () => {
    expect(countUnknown('TOTAL RECEIPI 12.50 EZ10HD05', isWord)).toBe(1)
    expect(countUnknown('Tota l', isWord)).toBe(2)
    expect(countUnknown('über allen Gipfeln', isWord)).toBe(0)
  })
})
