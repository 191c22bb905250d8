import { expect, it } from 'vitest'
import { PEAKS, PICTURE_FEATURES, poolFeatures } from './features.ts'

const CHANNELS = { back: 480, wide: 720, seen: 256, peak: 80, area: 80 } as const

/** Every plane holds `inside` where the picture is (the left half) and `outside` in the padding. */
const outputs = (inside: number, outside: number) => (name: string) => {
  const channels = CHANNELS[name as keyof typeof CHANNELS]
  if (name === 'peak' || name === 'area') return { values: new Float32Array(channels).fill(0.25), dims: [1, channels, 1, 1] }
  const [rows, columns] = [2, 4]
  const values = Float32Array.from({ length: channels * rows * columns }, (_, i) => (i % columns < columns / 2 ? inside : outside))
  return { values, dims: [1, channels, rows, columns] }
}
const shape = { width: 64, height: 32 }

it('pools over the picture alone, whatever the padding holds', () => {
  const filled = { width: 32, height: 32 }
  const features = poolFeatures(outputs(4, 100), filled, shape)
  expect(features).toHaveLength(PICTURE_FEATURES.size)
  expect(features).toEqual(poolFeatures(outputs(4, -7), filled, shape))
  expect(features[0]).toBeCloseTo(2) // signed square root
  expect(poolFeatures(outputs(4, 100), shape, shape)[0]).toBeGreaterThan(6)
})

it('keeps scores as logits, and areas as parts of the picture', () => {
  const features = poolFeatures(outputs(1, 1), { width: 32, height: 32 }, shape)
  expect(features[PEAKS.start]).toBeCloseTo(Math.log(0.25 / 0.75))
  expect(features.at(-1)).toBeCloseTo(Math.sqrt(0.5))
})
