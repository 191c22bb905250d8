/**
 * @file The nearest others of each face, exactly: squared distances in blocks, each block one matrix product. At the sizes of a library
 * this beats an index that must first be built, and misses nobody.
 */
import type { MatrixProduct } from '../../models/onnx/matrix-product.ts'
import { makeGraph, type NeighbourGraph, offer } from './neighbour-graph.ts'

/** Neighbours kept per face: more than a person’s faces from one occasion, so that the others of theirs are seen too. */
const NEIGHBOURS = 32
/** Rows and columns of a block: its products are 8 MB. */
const BLOCK = { rows: 512, columns: 4096 } as const

export interface FacesToCompare {
  readonly width: number
  /** [n × width] */
  readonly vectors: Float32Array
  /** faces to be compared with all, ascending; the rows of other faces get these as neighbours only */
  readonly asked: Int32Array
  /** squared distance beyond which nobody is a neighbour */
  readonly limit: number
  readonly multiply: MatrixProduct
  /** asked between two blocks; it may throw */
  readonly checkStop?: () => void
}

export async function findNeighbours(input: FacesToCompare): Promise<NeighbourGraph> {
  const { width, vectors, asked, limit, multiply } = input
  const count = vectors.length / width
  const graph = makeGraph(count, NEIGHBOURS)
  const halves = Float32Array.from({ length: count }, (_, face) => halfSquare(vectors, width, face))
  const isAsked = new Uint8Array(count)
  for (const face of asked) isAsked[face] = 1
  for (let from = 0; from < count; from += BLOCK.columns) {
    const columns = Math.min(BLOCK.columns, count - from)
    const turned = transpose(vectors, width, from, columns)
    const isAllAsked = isAsked.subarray(from, from + columns).every((value) => value === 1)
    for (let start = 0; start < asked.length; start += BLOCK.rows) {
      const faces = asked.subarray(start, start + BLOCK.rows)
      // a pair of two asked faces is looked at once, from the smaller index
      if (isAllAsked && (faces[0] ?? 0) >= from + columns) continue
      input.checkStop?.()
      const products = await multiply(gather(vectors, width, faces), faces.length, turned, columns)
      for (const [row, face] of faces.entries()) {
        const needed = (halves[face] ?? 0) - limit / 2
        const line = row * columns
        for (let column = 0; column < columns; column++) {
          const product = products[line + column] ?? 0
          const other = from + column
          if (product - (halves[other] ?? 0) < needed || other === face || (isAsked[other] === 1 && other < face)) continue
          const square = Math.max(0, 2 * ((halves[face] ?? 0) + (halves[other] ?? 0) - product))
          offer(graph, face, other, square)
          offer(graph, other, face, square)
        }
      }
    }
  }
  return graph
}

function halfSquare(vectors: Float32Array, width: number, face: number): number {
  let sum = 0
  for (let i = face * width; i < (face + 1) * width; i++) sum += (vectors[i] ?? 0) ** 2
  return sum / 2
}

function gather(vectors: Float32Array, width: number, faces: Int32Array): Float32Array {
  const out = new Float32Array(faces.length * width)
  for (const [row, face] of faces.entries()) out.set(vectors.subarray(face * width, (face + 1) * width), row * width)
  return out
}

/** Rows `from … from + count` as columns. */
function transpose(vectors: Float32Array, width: number, from: number, count: number): Float32Array {
  const turned = new Float32Array(count * width)
  for (let row = 0; row < count; row++) for (let i = 0; i < width; i++) turned[i * count + row] = vectors[(from + row) * width + i] ?? 0
  return turned
}
