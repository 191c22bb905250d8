/** @file Reads the output of SCRFD: per cell and anchor a score, four distances to the edges and five points, at strides 8, 16, 32 … Pure. */
import type { Shape } from '../../vision/letterbox.ts'
import type { FaceCandidate, Outputs } from './face-candidate.ts'

const FIRST_STRIDE = 8

/** @param outputs scores [cells, 1], edges [cells, 4], points [cells, 10] of each level, in units of its stride */
export function readScrfd(outputs: Outputs, shape: Shape, minScore: number): FaceCandidate[] {
  const levels = groupLevels(outputs)
  return levels.flatMap(({ scores, edges, points }, level) => {
    const stride = FIRST_STRIDE * 2 ** level
    const columns = Math.ceil(shape.width / stride)
    const anchors = Math.max(1, Math.round(scores.length / (columns * Math.ceil(shape.height / stride))))
    const found: FaceCandidate[] = []
    scores.forEach((score, index) => {
      if (!(score >= minScore)) return
      const cell = Math.floor(index / anchors)
      const x = (cell % columns) * stride
      const y = Math.floor(cell / columns) * stride
      const [left = 0, top = 0, right = 0, bottom = 0] = edges.subarray(index * 4, index * 4 + 4)
      found.push({
        score,
        edges: [x - left * stride, y - top * stride, x + right * stride, y + bottom * stride],
        points: Array.from({ length: 5 }, (_, point) => ({
          x: x + (points[index * 10 + point * 2] ?? Number.NaN) * stride,
          y: y + (points[index * 10 + point * 2 + 1] ?? Number.NaN) * stride,
        })),
      })
    })
    return found
  })
}

/** Exports name their outputs by number: what each is shows in its last dimension, which level in its length (the finest is longest). */
function groupLevels(outputs: Outputs) {
  const ofWidth = (width: number) =>
    Object.values(outputs)
      .filter(({ dims }) => dims.at(-1) === width)
      .map(({ data }) => data)
      .sort((a, b) => b.length - a.length)
  const [scores, edges, points] = [ofWidth(1), ofWidth(4), ofWidth(10)]
  return scores.map((own, level) => ({
    scores: own,
    edges: edges[level] ?? new Float32Array(0),
    points: points[level] ?? new Float32Array(0),
  }))
}
