import { describe, expect, it } from 'vitest'
import { readTimeline, type Timeline } from './read-timeline.ts'
import { TUNING } from './tuning.ts'

const ALPHABET = [...'abcdefghijklmnopqrstuvwxyzIO0123456789.中国']
const SPACE = ALPHABET.length + 1

/** One entry per time step: `_` is a blank, `~` a blank that may be a space, anything else a character; an object gives probabilities. */
function timelineOf(steps: readonly (string | Record<string, number>)[]): Timeline {
  const classes = SPACE + 1
  const data = new Float32Array(steps.length * classes)
  for (const [i, step] of steps.entries()) {
    const set = (text: string, p: number) => {
      data[i * classes + (text === '_' ? 0 : text === ' ' ? SPACE : ALPHABET.indexOf(text) + 1)] = p
    }
    if (typeof step !== 'string') for (const [text, p] of Object.entries(step)) set(text, p)
    else if (step === '~') {
      set('_', 0.8)
      set(' ', 0.15)
    } else set(step, 0.9)
  }
  return { data, steps: steps.length, classes }
}
const read = (steps: readonly (string | Record<string, number>)[]) => readTimeline(timelineOf(steps), ALPHABET, TUNING)

describe('readTimeline', () => {
  it('joins repeats and keeps doubles that a blank parts', () => {
    expect(read([...'bbo_ook_']).text).toBe('book')
  })

  it('puts a space where its class is likely enough, although the blank wins', () => {
    const { text, words } = read([...'_t_o~b_e_'])
    expect(text).toBe('to be')
    expect(words.map((word) => word.text)).toEqual(['to', 'be'])
    expect(words[0]!.to).toBeLessThanOrEqual(words[1]!.from)
  })

  it('keeps a number whole where the gap after its point looks like a space', () => {
    expect(read([...'_1_2.~5_0_']).text).toBe('12.50')
    expect(read([...'_1_2.', { ' ': 0.9 }, ...'5_0_']).text).toBe('12. 50')
  })

  it('settles lookalikes by the rest of the word', () => {
    expect(read([...'in', 'v', { '0': 0.6, o: 0.3 }, ...'ice']).text).toBe('invoice')
    expect(read([...'34_7', { O: 0.6, '0': 0.3 }, '9']).text).toBe('34709')
    expect(read([...'ab34', { '0': 0.6, O: 0.3 }]).text).toBe('ab340')
    expect(read([...'in', 'v', { '0': 0.9, o: 0.001 }, ...'ice']).text).toBe('inv0ice')
  })

  it('parts Chinese from Latin without a space, as words of their own', () => {
    const { text, words } = read([...'中国a_b'])
    expect(text).toBe('中国ab')
    expect(words.map((word) => word.text)).toEqual(['中国', 'ab'])
  })

  it('answers nothing for an empty timeline', () => {
    expect(read([...'____'])).toEqual({ text: '', confidence: 0, words: [] })
    expect(read([])).toEqual({ text: '', confidence: 0, words: [] })
  })
})
