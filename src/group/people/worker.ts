/** @file The clustering’s thread: takes the faces of one model in pages, compares them, says whose each is and what to ask. */
import { FototecaError } from '../../domain/errors.ts'
import { openMatrixProduct } from '../../models/onnx/matrix-product.ts'
import { findFaceLimits, toSquare } from '../../models/vision/face-limits.ts'
import { serveModel } from '../../models/workers/worker-model.ts'
import { findNeighbours } from './find-neighbours.ts'
import { findQuestions, type Question } from './find-questions.ts'
import { placeFaces } from './place-faces.ts'

/** Some faces of one model; all lists are of one length. */
export interface FacePage {
  readonly ids: readonly number[]
  readonly photos: readonly number[]
  /** 0: nobody */
  readonly persons: readonly number[]
  readonly qualities: readonly number[]
  readonly isFixed: readonly boolean[]
  readonly isPlaced: readonly boolean[]
  /** pgvector’s binary form in base64: two 16-bit numbers, then the values, all big-endian */
  readonly vectors: readonly string[]
  /** pairs of a face’s id and a person it is not */
  readonly rejected: readonly (readonly [number, number])[]
}

export interface AssignmentRequest {
  readonly modelId: string
  readonly isAnew: boolean
  /** ids of people with a name */
  readonly named: readonly number[]
}

export interface AssignmentReport {
  /** faces whose person changes; a person below 0 is a new one: −1 − its index */
  readonly moved: readonly { readonly face: number; readonly was: number; readonly person: number }[]
  readonly fresh: number
  readonly questions: readonly (Omit<Question, 'face'> & { readonly face: number | null })[]
}

const HEADER_BYTES = 4

/** How it works on the vectors of one model; made anew for each. */
export interface AssignmentThread {
  add(page: FacePage): Promise<void>
  place(request: AssignmentRequest): Promise<AssignmentReport>
}

serveModel(async (stop: Int32Array) => {
  const checkStop = () => {
    if (Atomics.load(stop, 0) === 1) throw new FototecaError('unavailable', 'the program is being closed')
  }
  const pages: FacePage[] = []
  const thread: AssignmentThread = {
    async add(page) {
      pages.push(page)
    },
    async place({ modelId, isAnew, named }) {
      const { metric, minQuality, ...distances } = findFaceLimits(modelId)
      const ids = pages.flatMap((page) => page.ids)
      const index = new Map(ids.map((id, at) => [id, at]))
      const { width, vectors } = readVectors(pages)
      const limits = {
        cluster: toSquare(metric, distances.cluster),
        join: toSquare(metric, distances.join),
        ask: toSquare(metric, distances.ask),
      }
      const isPlaced = pages.flatMap((page) => page.isPlaced)
      const asked = Int32Array.from([...ids.keys()].filter((face) => isAnew || !isPlaced[face]))
      const rejected = new Map<number, Set<number>>()
      for (const [id, person] of pages.flatMap((page) => page.rejected)) {
        const face = index.get(id)
        if (face !== undefined) rejected.set(face, (rejected.get(face) ?? new Set()).add(person))
      }
      const persons = Int32Array.from(pages.flatMap((page) => page.persons))
      const input = {
        width,
        vectors,
        photos: Int32Array.from(pages.flatMap((page) => page.photos)),
        isStrong: Uint8Array.from(pages.flatMap((page) => page.qualities.map((quality) => (quality >= minQuality ? 1 : 0)))),
        persons,
        isFixed: Uint8Array.from(pages.flatMap((page) => page.isFixed.map(Number))),
        rejected,
        // one thread: it is background work, and searches need the others
        graph: await findNeighbours({ width, vectors, asked, limit: limits.ask, multiply: await openMatrixProduct(width, 1), checkStop }),
        limits,
        isAnew,
      }
      const placing = placeFaces(input)
      const names = new Set(named)
      return {
        fresh: placing.fresh,
        moved: ids.flatMap((face, at) => {
          const [was, person] = [persons[at] ?? 0, placing.persons[at] ?? 0]
          return was === person ? [] : [{ face, was, person }]
        }),
        questions: findQuestions(input, placing.persons, (person) => names.has(person)).map((question) => ({
          ...question,
          face: question.face === null ? null : (ids[question.face] ?? null),
        })),
      }
    },
  }
  return { ...thread }
})

function readVectors(pages: readonly FacePage[]): { width: number; vectors: Float32Array } {
  const count = pages.reduce((sum, page) => sum + page.ids.length, 0)
  let width = 0
  let vectors = new Float32Array(0)
  let row = 0
  for (const page of pages)
    for (const text of page.vectors) {
      const bytes = Buffer.from(text, 'base64')
      if (width === 0) {
        width = (bytes.length - HEADER_BYTES) / 4
        vectors = new Float32Array(count * width)
      }
      for (let i = 0; i < width; i++) vectors[row * width + i] = bytes.readFloatBE(HEADER_BYTES + i * 4)
      row++
    }
  return { width, vectors }
}
