/** @file The scorer's thread. Vectors come as text and are parsed here: a thousand of them would hold up the library for too long. */
import { FototecaError } from '../../domain/errors.ts'
import { openMatrixProduct } from '../onnx/matrix-product.ts'
import { Moved, serveModel } from '../workers/worker-model.ts'
import { chooseTags, measureUsual, normaliseRow, type ScoredTag } from './score.ts'
import type { ScorerWords } from './tag-scorer.ts'

/** 128 × 4,585 cosines are 2.3 MB. */
const BATCH = 128

serveModel(async ({ width, vectors, cohort }: ScorerWords) => {
  const count = vectors.length / width
  const multiply = await openMatrixProduct(width)
  const words = transpose(vectors, count, width)

  /** a row of scores per photo; the rows of one batch share a buffer that is theirs alone */
  const scoreRows = async (photos: readonly string[]): Promise<Float32Array[]> => {
    const rows: Float32Array[] = []
    for (let from = 0; from < photos.length; from += BATCH) {
      const some = photos.slice(from, from + BATCH)
      const values = new Float32Array(some.length * width)
      for (const [index, text] of some.entries()) {
        const vector = JSON.parse(text) as number[]
        if (vector.length !== width)
          throw new FototecaError('internal', `a stored vector has ${vector.length} numbers where its space has ${width}`)
        values.set(vector, index * width)
      }
      const all = await multiply(values, some.length, words, count)
      for (let index = 0; index < some.length; index++) {
        const row = all.subarray(index * count, (index + 1) * count)
        normaliseRow(row, cohort)
        rows.push(row)
      }
    }
    return rows
  }
  return {
    async measureUsual(photos: readonly string[]): Promise<Moved<Float32Array>> {
      const usual = measureUsual(await scoreRows(photos), count)
      return new Moved(usual, [usual.buffer as ArrayBuffer])
    },
    async score(photos: readonly string[], usual: Float32Array, margin: number): Promise<ScoredTag[][]> {
      return (await scoreRows(photos)).map((row) => chooseTags(row, usual, margin))
    },
  }
})

/** [rows × columns] → [columns × rows] */
function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(values.length)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) turned[column * rows + row] = values[row * columns + column] ?? 0
  return turned
}
