import { expect, it } from 'vitest'
import { blend } from './examples.ts'

const v = (...values: number[]) => Float32Array.from(values)
const close = (a: Float32Array, b: readonly number[]) => expect([...a].map((value) => Math.round(value * 1e3) / 1e3)).toEqual(b)

it('leaves one example as it is, to the last bit', () => {
  const one = v(0.6, 0.8)
  expect(blend([one], [])).toBe(one)
})

it('lies between what is wanted, and away from what is not, at unit length', () => {
  close(blend([v(1, 0), v(0, 1)], []), [Math.round(Math.SQRT1_2 * 1e3) / 1e3, Math.round(Math.SQRT1_2 * 1e3) / 1e3])
  close(blend([v(1, 0)], [v(0, 1)]), [0.949, -0.316])
  close(blend([v(1, 0)], [v(0, 1), v(0, 1)]), [0.949, -0.316])
})

it('falls back to the first where examples cancel each other out', () => {
  close(blend([v(1, 0), v(-1, 0)], []), [1, 0])
})
