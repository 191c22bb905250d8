/** @file Scores photos against a vocabulary in a thread of its own: one matrix product per batch of stored vectors, no picture is opened. */
import { WorkerModel } from '../workers/worker-model.ts'
import type { ScoredTag } from './score.ts'

export interface ScorerWords {
  readonly width: number
  /** [words × width] float32, rows of unit length; the first `cohort` are the starting list */
  readonly vectors: Float32Array
  readonly cohort: number
}

export interface TagScorer extends AsyncDisposable {
  /** What is usual for each word. @param photos vectors of a sample, in pgvector's text form */
  measureUsual(photos: readonly string[], signal: AbortSignal): Promise<Float32Array>
  /** Tags of each photo. @param usual per word, NaN for words that are not to be said */
  score(photos: readonly string[], usual: Float32Array, margin: number, signal: AbortSignal): Promise<ScoredTag[][]>
}

export function createTagScorer(words: ScorerWords): TagScorer {
  const worker = new WorkerModel(new URL('./score-worker.ts', import.meta.url), words)
  return {
    measureUsual: (photos, signal) => worker.call('measureUsual', [photos], { signal }),
    score: (photos, usual, margin, signal) => worker.call('score', [photos, usual, margin], { signal }),
    [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
  }
}
