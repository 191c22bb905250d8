/** @file Keeps the vectors of the last queries: people repeat searches, page through them and switch filters. */
import type { TextEmbedder } from './capability.ts'

/** 500 vectors of 768 float32 are 1.5 MB. */
const KEPT_QUERIES = 500

/** The same embedder with a memory; the one that was asked longest ago goes first. Results are shared: do not write into them. */
export function rememberQueries(embedder: TextEmbedder): TextEmbedder {
  const kept = new Map<string, Float32Array>()
  return {
    info: embedder.info,
    space: embedder.space,
    async embedText(text, options) {
      const known = kept.get(text)
      const vector = known ?? (await embedder.embedText(text, options))
      kept.delete(text)
      kept.set(text, vector)
      if (kept.size > KEPT_QUERIES) kept.delete(kept.keys().next().value ?? '')
      return vector
    },
    [Symbol.asyncDispose]: () => embedder[Symbol.asyncDispose](),
  }
}
