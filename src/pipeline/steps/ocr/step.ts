/** @file Step `ocr`: reads the text in the picture. */
import { message } from '../../../contract/messages/message.ts'
import { defineStep, Skipped } from '../../step.ts'
import { replaceOcrText } from './store.ts'

/** Below this no letter is legible. */
const MIN_SIDE_PX = 8

export const ocr = defineStep({
  name: 'ocr',
  version: 1,
  needs: ['prepare'],
  capability: 'read-text',
  // the densest pages measured take some seconds; on a busy small machine ten times that
  timeoutMs: 120_000,
  /** A picture without text is done with empty text: it was looked at. */
  async run({ picture, model, signal }) {
    const pixels = await picture()
    if (Math.min(pixels.width, pixels.height) < MIN_SIDE_PX) return new Skipped(message('ocr.too-small'))
    return model.readText(pixels, { signal })
  },
  save: (trx, photoId, found, { modelId }) => replaceOcrText(trx, photoId, found, modelId ?? 'unknown'),
})
