/** @file What a network's numbers mean: tags from classes, boxes from YOLO, DETR, and networks that write boxes. Pure. */
import type { Box } from '../../../domain/geometry.ts'
import { suppressOverlaps } from '../../vision/suppress-overlaps.ts'

export interface Answer {
  readonly data: Float32Array
  readonly dims: readonly number[]
}

/** A class with how sure, 0–1. */
export interface Said {
  readonly label: number
  readonly score: number
}

/** A thing in fractions of the network's input. */
export interface SaidBox extends Said {
  readonly box: Box
}

/** Best first. @param thresholds one per class */
export function readTags(values: Float32Array, kind: 'logits' | 'softmax' | 'sigmoid', thresholds: readonly number[], max: number): Said[] {
  const scores = kind === 'sigmoid' ? values : kind === 'logits' ? values.map(sigmoid) : softmax(values)
  const said: Said[] = []
  for (const [label, score] of scores.entries()) if (score >= (thresholds[label] ?? 1)) said.push({ label, score })
  return said.sort((a, b) => b.score - a.score).slice(0, max)
}

/** Null when the answer has no such shape. */
export function readYolo(answer: Answer, thresholds: readonly number[], shape: Shape, overlap: number, max: number): SaidBox[] | null {
  const classes = thresholds.length
  const [rows = 0, columns = 0] = answer.dims.filter((dim) => dim !== 1)
  const isTurned = columns === classes + 4 || columns === classes + 5
  const fields = isTurned ? columns : rows
  const boxes = isTurned ? rows : columns
  if ((fields !== classes + 4 && fields !== classes + 5) || fields * boxes !== answer.data.length) return null
  const at = (box: number, field: number) => answer.data[isTurned ? box * fields + field : field * boxes + box] ?? 0
  const hasObjectness = fields === classes + 5
  const found: SaidBox[] = []
  for (let index = 0; index < boxes; index++) {
    const sure = hasObjectness ? at(index, 4) : 1
    let best: Said = { label: 0, score: 0 }
    for (let label = 0; label < classes; label++) {
      const score = sure * at(index, fields - classes + label)
      if (score > best.score) best = { label, score }
    }
    if (best.score < (thresholds[best.label] ?? 1)) continue
    found.push({
      ...best,
      box: toBox(at(index, 0) / shape.width, at(index, 1) / shape.height, at(index, 2) / shape.width, at(index, 3) / shape.height),
    })
  }
  // things of different kinds may lie over each other
  const byLabel = Map.groupBy(found, ({ label }) => label)
  return [...byLabel.values()]
    .flatMap((own) => suppressOverlaps(own, overlap))
    .sort((a, b) => b.score - a.score)
    .slice(0, max)
}

/** Null when the answers have no such shape. */
export function readDetr(scores: Answer, boxes: Answer, thresholds: readonly number[], max: number): SaidBox[] | null {
  const classes = thresholds.length
  const queries = boxes.dims.at(-2) ?? 0
  const fields = scores.dims.at(-1) ?? 0
  const isShaped = boxes.dims.at(-1) === 4 && scores.dims.at(-2) === queries && (fields === classes || fields === classes + 1)
  if (!isShaped || scores.data.length !== queries * fields || boxes.data.length !== queries * 4) return null
  const found: SaidBox[] = []
  for (let query = 0; query < queries; query++) {
    const row = scores.data.subarray(query * fields, (query + 1) * fields)
    const sure = fields === classes ? row.map(sigmoid) : softmax(row)
    let best: Said = { label: 0, score: 0 }
    for (let label = 0; label < classes; label++) if ((sure[label] ?? 0) > best.score) best = { label, score: sure[label] ?? 0 }
    if (best.score < (thresholds[best.label] ?? 1)) continue
    const [x = 0, y = 0, width = 0, height = 0] = boxes.data.subarray(query * 4, query * 4 + 4)
    found.push({ ...best, box: toBox(x, y, width, height) })
  }
  return found.sort((a, b) => b.score - a.score).slice(0, max)
}

/** Null when the answers have no such shape, or name a class that is not there. @param shape the size that was asked for */
export function readBoxes(
  labels: Answer,
  scores: Answer,
  boxes: Answer,
  thresholds: readonly number[],
  shape: Shape,
  max: number,
): SaidBox[] | null {
  const count = scores.data.length
  if (boxes.dims.at(-1) !== 4 || boxes.data.length !== count * 4 || labels.data.length !== count) return null
  const found: SaidBox[] = []
  for (let index = 0; index < count; index++) {
    const label = labels.data[index] ?? -1
    const threshold = thresholds[label]
    if (threshold === undefined) return null
    const score = scores.data[index] ?? 0
    if (score < threshold) continue
    const [left = 0, top = 0, right = 0, bottom = 0] = boxes.data.subarray(index * 4, index * 4 + 4)
    found.push({
      label,
      score,
      box: {
        x: left / shape.width,
        y: top / shape.height,
        width: (right - left) / shape.width,
        height: (bottom - top) / shape.height,
      },
    })
  }
  return found.sort((a, b) => b.score - a.score).slice(0, max)
}

interface Shape {
  readonly width: number
  readonly height: number
}

const toBox = (x: number, y: number, width: number, height: number): Box => ({ x: x - width / 2, y: y - height / 2, width, height })
const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value))

function softmax(values: Float32Array): Float32Array {
  const top = values.reduce((best, value) => Math.max(best, value), Number.NEGATIVE_INFINITY)
  const powers = values.map((value) => Math.exp(value - top))
  const sum = powers.reduce((total, value) => total + value, 0)
  return powers.map((value) => value / sum)
}
