import { describe, expect, it } from 'vitest'
import { parseLength } from './length.ts'

describe('lengths as people write them', () => {
  it.each([
    ['38 mm', 38, '38 mm'],
    ['38mm', 38, '38 mm'],
    ['1,5 cm', 15, '1,5 cm'],
    ['1.5 CM', 15, '1.5 cm'],
    ['1 1/2"', 38.1, '1 1/2 in'],
    ['1½ in', 38.1, '1½ in'],
    ['3/4 inch', 19.05, '3/4 in'],
    ['¾″', 19.05, '¾ in'],
    ['2.5 inches', 63.5, '2.5 in'],
    ['12 毫米', 12, '12 毫米'],
    ['0.3 m', 300, '0.3 m'],
  ])('%s', (written, mm, text) => {
    const length = parseLength(written)
    expect(length?.mm).toBeCloseTo(mm, 6)
    expect(length?.text).toBe(text)
  })
  it('takes a number without a unit, and says that it has none', () => {
    expect(parseLength('40')).toEqual({ text: '40', mm: null, value: 40 })
  })
  it.each(['', 'mm', 'about 3', '0 mm', '-3 cm', '3 apples', '1/0 in', 'x'.repeat(80), '3 mm\u0000'])('refuses %j', (written) => {
    expect(parseLength(written)).toBeNull()
  })
})
