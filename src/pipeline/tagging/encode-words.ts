/** @file The words of a vocabulary as vectors of a space, and which of them the text tower does not know. */
import { FototecaError } from '../../domain/errors.ts'
import type { TextEmbedder } from '../../models/ports/capability.ts'
import type { VocabularyWord } from './vocabulary.ts'

/** Two made-up words: a tower that only knows a list of words cannot tell them apart. */
const MADE_UP = ['qzxvkj', 'vjwqpf'] as const
/** Cosine above which two vectors are the same text to the tower. */
const SAME = 0.9999

export interface WordEncoder {
  /** [width] float32 of unit length; null when the tower does not know the word, or a part of it */
  encode(word: VocabularyWord): Promise<Float32Array | null>
}

export async function createWordEncoder(embedder: TextEmbedder, signal: AbortSignal): Promise<WordEncoder> {
  /** null: nothing of the text is known to the tower, which then answers with zeros and its caller refuses them */
  const embed = async (text: string): Promise<Float32Array | null> => {
    try {
      return await embedder.embedText(text, { signal })
    } catch (error) {
      signal.throwIfAborted()
      await embedder.embedText('a photo', { signal }) // a tower that answers no text at all is an error of its own
      if (error instanceof FototecaError && error.code === 'unknown_words') return null
      throw error
    }
  }
  const [unknown, other] = [await embed(MADE_UP[0]), await embed(MADE_UP[1])]
  const isUnknown = (vector: Float32Array | null) => vector === null || (unknown !== null && dot(vector, unknown) > SAME)
  /** a tower of word pieces knows every word in its way; one with a list of words must have each part */
  const dropsWords = isUnknown(other)
  const parts = new Map<string, Promise<boolean>>()
  const isKnown = async (word: string): Promise<boolean> => {
    for (const part of word.split(/[\s-]+/).filter((text) => text !== '')) {
      const known = parts.get(part) ?? embed(part).then((vector) => !isUnknown(vector))
      parts.set(part, known)
      if (!(await known)) return false
    }
    return true
  }
  return {
    async encode({ word, texts }) {
      if (dropsWords && !(await isKnown(word))) return null
      const sum = new Float32Array(embedder.space.width)
      for (const text of texts) for (const [index, value] of (await embed(text))?.entries() ?? []) sum[index] = (sum[index] ?? 0) + value
      const length = Math.sqrt(dot(sum, sum))
      return length < 1e-6 ? null : sum.map((value) => value / length)
    },
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0)
  return sum
}
