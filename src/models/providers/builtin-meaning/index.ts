/**
 * @file The built-in text–image space: everyday scenes in English, without a download. Pictures are what the built-in detector’s pass gives
 * (`builtin-vision/features.ts`), words are GloVe vectors fitted to them; trained by scripts/train-meaning (weights/README.md is its card).
 */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { BASIC_MEANING } from '../../../contract/words.ts'
import { FototecaError } from '../../../domain/errors.ts'
import { translateText } from '../../../lexicon/translate.ts'
import type { ImageEmbedder, ModelInfo, Space, TextEmbedder } from '../../ports/capability.ts'
import { PEAKS, PICTURE_FEATURES } from '../builtin-vision/features.ts'
import type { PictureFeatures } from '../builtin-vision/index.ts'
import { type Heads, readHeads } from './heads.ts'
import { createTextReader, embedFeatures, type TextReader, widthOf } from './towers.ts'

export const BASIC_LICENCE = 'trained on Flickr8k: non-commercial research'
export const BASIC_TERMS =
  'Its training pictures and captions (Flickr8k) are offered for non-commercial research and education; FOTOTECA_MEANING=off switches it off.'

const FILE = fileURLToPath(new URL('./weights/heads.bin', import.meta.url))

export interface BasicMeaning {
  readonly info: ModelInfo
  readonly space: Space
  /** @param features of the detector that finds objects in the same process: one pass serves both */
  image(features: PictureFeatures): ImageEmbedder
  /** In the calling thread: a question takes some microseconds. */
  text(): TextEmbedder
}

/** @throws FototecaError `model_failed` where its file is damaged, or of another detector */
export async function openBasicMeaning(file = FILE): Promise<BasicMeaning> {
  return fromHeads(readHeads(await readFile(file), file, PICTURE_FEATURES.id))
}

export function fromHeads(heads: Heads): BasicMeaning {
  const info: ModelInfo = {
    id: `builtin/${BASIC_MEANING}@${heads.fingerprint}`,
    provider: 'builtin',
    name: BASIC_MEANING,
    version: heads.fingerprint,
    licence: BASIC_LICENCE,
  }
  const width = widthOf(heads)
  const space: Space = { name: `${info.id}/${width}`, width, hasText: true }
  return {
    info,
    space,
    image: (features) => ({
      info,
      space,
      embedImage: async (picture, options) => {
        const numbers = await features.read(picture, options)
        return embedFeatures(heads, numbers, readPeaks(numbers))
      },
      [Symbol.asyncDispose]: () => features[Symbol.asyncDispose](),
    }),
    text() {
      const readEnglish = createTextReader(heads)
      const isKnown = (word: string) => readEnglish(word).unknown.length === 0
      const read: TextReader = (text) => {
        const english = readEnglish(text)
        return english.unknown.length === 0 ? english : readEnglish(translateText(text, isKnown))
      }
      return {
        info,
        space,
        embedText: async (text) => {
          const { vector } = read(text)
          if (vector === null) throw new FototecaError('unknown_words', 'none of these words is known')
          return vector
        },
        unknownWords: (text) => read(text).unknown,
        async [Symbol.asyncDispose]() {},
      }
    },
  }
}

/** The highest score of each class, 0–1. */
export function readPeaks(features: Float32Array): Float32Array {
  const peaks = features.slice(PEAKS.start, PEAKS.start + PEAKS.size).map((logit) => 1 / (1 + Math.exp(-logit)))
  // people are in most pictures; their words are well trained
  peaks[PERSON] = 0
  return peaks
}
const PERSON = 0
