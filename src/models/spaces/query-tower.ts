/** @file The text tower that encodes queries: opened at the first search, kept, opened anew when another space answers. */
import { describeError } from '../../domain/errors.ts'
import type { SpeakingModel } from '../chosen/opened-models.ts'
import type { TextEmbedder } from '../ports/capability.ts'
import { type EncodedUse, openText, type QueryEncoder } from './text-embedder-cache.ts'

export interface QueryTower {
  /** Loaded at the first call; null when it cannot be, with the reason kept. */
  open(model: SpeakingModel): Promise<TextEmbedder | null>
  /** why it could not be loaded or run; undefined when it could, or was not asked for yet */
  failure(): unknown
  /** name of the space it speaks; null while it is closed */
  space(): string | null
  /** since the program began */
  readonly use: Readonly<EncodedUse>
  close(): Promise<void>
}

export function createQueryTower(onFailure: (reason: string) => void): QueryTower {
  let text: QueryEncoder | null = null
  let failure: unknown
  const use: EncodedUse = { asked: 0, kept: 0 }
  return {
    async open(model) {
      if (text?.space !== model.space.name) {
        void text?.close()
        text = openText(model, use)
      }
      const own = text
      try {
        const embedder = await own.embedder
        failure = undefined
        return embedder
      } catch (error) {
        if (text === own) text = null // memory may be free or the file mended at the next search
        failure = error
        onFailure(describeError(error))
        return null
      }
    },
    failure: () => failure,
    space: () => text?.space ?? null,
    use,
    async close() {
      const own = text
      text = null
      await own?.close()
    },
  }
}
