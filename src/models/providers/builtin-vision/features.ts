/**
 * @file What the detector's pass knows of a whole picture beside its boxes: activations pooled over the picture, for the built-in text–image
 * space. A vector costs no run of its own.
 */
import type { Shape } from '../../vision/letterbox.ts'
import type { NetworkOutput } from './run-network.ts'
import { OBJECTS } from './tuning.ts'

/** A map of the network, and how its planes become one number each. */
interface Pool {
  readonly output: 'back' | 'wide' | 'seen' | 'peak' | 'area'
  readonly how: 'average' | 'max' | 'as it is'
  readonly size: number
}

const POOLS: readonly Pool[] = [
  { output: 'back', how: 'average', size: 480 },
  { output: 'back', how: 'max', size: 480 },
  { output: 'wide', how: 'average', size: 720 },
  { output: 'wide', how: 'max', size: 720 },
  { output: 'seen', how: 'average', size: 256 },
  { output: 'seen', how: 'max', size: 256 },
  { output: 'peak', how: 'as it is', size: 80 },
  { output: 'area', how: 'as it is', size: 80 },
]

/** Of the looks of the detector, the one whose activations are pooled. */
const LOOK = 1

export const PICTURE_FEATURES = {
  /** Raise it when the same picture would give other numbers: heads trained on others refuse to load. */
  id: 'centernet@1/pools@1',
  outputs: [...new Set(POOLS.map(({ output }) => output))],
  look: LOOK,
  shapes: OBJECTS.looks[LOOK],
  size: POOLS.reduce((sum, { size }) => sum + size, 0),
} as const

/** Where the highest scores of the classes stand among them. */
export const PEAKS = (() => {
  const at = POOLS.findIndex(({ output }) => output === 'peak')
  return { start: POOLS.slice(0, at).reduce((sum, { size }) => sum + size, 0), size: POOLS[at]?.size ?? 0 }
})()

/**
 * @param output of one run of the network, by name
 * @param filled the part of the input that the picture fills, from the top left; the rest is padding and left out
 * @returns [PICTURE_FEATURES.size]
 */
export function poolFeatures(output: (name: string) => NetworkOutput, filled: Shape, shape: Shape): Float32Array<ArrayBuffer> {
  const features = new Float32Array(PICTURE_FEATURES.size)
  let at = 0
  for (const { output: name, how, size } of POOLS) {
    const { values, dims } = output(name)
    if (how === 'as it is') {
      // areas are means over the whole input: of the part that is picture they are more
      const scale = name === 'area' ? (shape.width * shape.height) / (filled.width * filled.height) : 1
      for (let k = 0; k < size; k++) features[at + k] = squash(name, (values[k] ?? 0) * scale)
    } else {
      const [, , rows = 0, columns = 0] = dims
      const own = { rows: share(rows, filled.height, shape.height), columns: share(columns, filled.width, shape.width) }
      for (let k = 0; k < size; k++)
        features[at + k] = squash(name, poolPlane(values.subarray(k * rows * columns, (k + 1) * rows * columns), columns, own, how))
    }
    at += size
  }
  return features
}

/** Cells that hold picture, at least one. */
const share = (cells: number, filled: number, whole: number): number => Math.max(1, Math.min(cells, Math.round((cells * filled) / whole)))

/** @param plane [rows,columns]; only the first `own` of both are looked at */
function poolPlane(plane: Float32Array, columns: number, own: { rows: number; columns: number }, how: 'average' | 'max'): number {
  let sum = 0
  let max = Number.NEGATIVE_INFINITY
  for (let row = 0; row < own.rows; row++)
    for (let at = row * columns; at < row * columns + own.columns; at++) {
      const value = plane[at] as number
      sum += value
      if (value > max) max = value
    }
  return how === 'max' ? max : sum / (own.rows * own.columns)
}

/** Long tails drawn in: the logit of a score, the signed square root of anything else. */
function squash(name: Pool['output'], value: number): number {
  if (name !== 'peak') return Math.sign(value) * Math.sqrt(Math.abs(value))
  const score = Math.min(Math.max(value, MIN_SCORE), 1 - MIN_SCORE)
  return Math.log(score / (1 - score))
}
const MIN_SCORE = 1e-4
