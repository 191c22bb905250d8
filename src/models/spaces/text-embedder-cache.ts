/** @file The text tower that encodes queries, with the vectors of the last ones: people repeat searches, page through them and switch filters. */
import { FototecaError } from '../../domain/errors.ts'
import type { SpeakingModel } from '../chosen/opened-models.ts'
import type { TextEmbedder } from '../ports/capability.ts'

/** How often a query was encoded, and how often its vector was there already. */
export interface EncodedUse {
  asked: number
  kept: number
}

export interface QueryEncoder {
  /** name of the space it speaks */
  readonly space: string
  /** rejects when the tower cannot be loaded or run */
  readonly embedder: Promise<TextEmbedder>
  close(): Promise<void>
}

/** Loaded and run once, so that the first search does not pay for it twice. */
export function openText(model: SpeakingModel, use: EncodedUse = { asked: 0, kept: 0 }): QueryEncoder {
  const own = model.text()
  const embedder = own.embedText('a photo').then(
    () => rememberQueries(own, use),
    async (error: unknown) => {
      // it runs, and these words say nothing to it
      if (error instanceof FototecaError && error.code === 'unknown_words') return rememberQueries(own, use)
      await own[Symbol.asyncDispose]()
      throw error
    },
  )
  return {
    space: model.space.name,
    embedder,
    close: () => embedder.then((open) => open[Symbol.asyncDispose]()).catch(() => {}), // it may never have opened
  }
}

/** 500 vectors of 768 float32 are 1.5 MB. */
const KEPT_QUERIES = 500

/** The same embedder with a memory; the one that was asked longest ago goes first. Results are shared: do not write into them. */
export function rememberQueries(embedder: TextEmbedder, use: EncodedUse = { asked: 0, kept: 0 }): TextEmbedder {
  const kept = new Map<string, Float32Array>()
  return {
    info: embedder.info,
    space: embedder.space,
    ...(embedder.unknownWords ? { unknownWords: (text: string) => embedder.unknownWords?.(text) ?? [] } : {}),
    async embedText(text, options) {
      const known = kept.get(text)
      use.asked++
      if (known) use.kept++
      const vector = known ?? (await embedder.embedText(text, options))
      kept.delete(text)
      kept.set(text, vector)
      if (kept.size > KEPT_QUERIES) kept.delete(kept.keys().next().value ?? '')
      return vector
    },
    [Symbol.asyncDispose]: () => embedder[Symbol.asyncDispose](),
  }
}
