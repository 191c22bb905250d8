import { expect, it } from 'vitest'
import { cutBytes, parseRange } from './byte-range.ts'

it('one range is understood, others are ignored, one beyond the end is told', () => {
  expect(parseRange('bytes=0-3', 10)).toEqual({ start: 0, end: 4 })
  expect(parseRange('bytes=4-', 10)).toEqual({ start: 4, end: 10 })
  expect(parseRange('bytes=4-99', 10)).toEqual({ start: 4, end: 10 })
  expect(parseRange('bytes=-3', 10)).toEqual({ start: 7, end: 10 })
  expect(parseRange(`bytes=4-${'9'.repeat(400)}`, 10)).toEqual({ start: 4, end: 10 })
  expect(parseRange('bytes=-11', 10)).toEqual({ start: 0, end: 10 })
  for (const outside of ['bytes=10-', 'bytes=-0', `bytes=${'9'.repeat(400)}-`]) expect(parseRange(outside, 10)).toBe('outside')
  for (const other of [undefined, 'bytes=0-1,3-4', 'lines=1-2', 'bytes=-', 'bytes=5-2', 'bytes=x-'])
    expect(parseRange(other, 10)).toBeNull()
})

it('bytes are cut out of chunks, and nothing is produced after the last', async () => {
  const produced: string[] = []
  async function* produce() {
    for (const text of ['abc', 'def', 'ghi']) {
      produced.push(text)
      yield Buffer.from(text)
    }
  }
  const parts: Buffer[] = []
  for await (const part of cutBytes(produce(), { start: 2, end: 5 })) parts.push(part)
  expect(Buffer.concat(parts).toString()).toBe('cde')
  expect(produced).toEqual(['abc', 'def'])
})
