/** @file Reads the output of YuNet (2023): per cell a class and an object score, a box and five points, at strides 8, 16, 32. Pure. */
import type { Shape } from '../../vision/letterbox.ts'
import type { FaceCandidate, Outputs } from './face-candidate.ts'

export const YUNET_STRIDES = [8, 16, 32] as const

/** @param outputs `cls_8` [1, cells, 1], `obj_8` [1, cells, 1], `bbox_8` [1, cells, 4], `kps_8` [1, cells, 10] and the same for 16 and 32 */
export function readYunet(outputs: Outputs, shape: Shape, minScore: number): FaceCandidate[] {
  return YUNET_STRIDES.flatMap((stride) => {
    const [classes, objects, boxes, points] = ['cls', 'obj', 'bbox', 'kps'].map((part) => outputs[`${part}_${stride}`]?.data)
    if (!classes || !objects || !boxes || !points) return []
    const columns = Math.ceil(shape.width / stride)
    const found: FaceCandidate[] = []
    classes.forEach((value, index) => {
      const score = Math.sqrt(clamp(value) * clamp(objects[index] ?? 0))
      if (!(score >= minScore)) return
      const column = index % columns
      const row = Math.floor(index / columns)
      const [dx = 0, dy = 0, logWidth = 0, logHeight = 0] = boxes.subarray(index * 4, index * 4 + 4)
      const [x, y] = [(column + dx) * stride, (row + dy) * stride]
      const [width, height] = [Math.exp(logWidth) * stride, Math.exp(logHeight) * stride]
      found.push({
        score,
        edges: [x - width / 2, y - height / 2, x + width / 2, y + height / 2],
        points: Array.from({ length: 5 }, (_, point) => ({
          x: (column + (points[index * 10 + point * 2] ?? Number.NaN)) * stride,
          y: (row + (points[index * 10 + point * 2 + 1] ?? Number.NaN)) * stride,
        })),
      })
    })
    return found
  })
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value))
