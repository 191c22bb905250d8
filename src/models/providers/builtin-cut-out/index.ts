/** @file The built-in cutter: plain backgrounds, no model, works offline. Runs in the calling thread, about half a second per picture. */
import { findPlainOutline, OUTLINE_SIDE, SURE_ENOUGH } from '../../../domain/product/cut-out/cut-out.ts'
import type { ModelInfo, ProductCutter } from '../../ports/capability.ts'

export const PLAIN_CUTTER_INFO: ModelInfo = {
  id: 'builtin/plain-background@1',
  provider: 'builtin',
  name: 'plain-background',
  version: '1',
  licence: 'MIT',
}

export function createPlainCutter(): ProductCutter {
  return {
    info: PLAIN_CUTTER_INFO,
    async findOutline(picture) {
      const { outline, shadow, sureness } = findPlainOutline(await picture.fit(OUTLINE_SIDE))
      const isSure = outline !== null && sureness >= SURE_ENOUGH
      return { outline, shadow, sureness, isSure, notice: isSure ? null : explain(outline === null) }
    },
    async [Symbol.asyncDispose]() {},
  }
}

const explain = (isEmpty: boolean): string =>
  isEmpty
    ? 'nothing stands out from the background of this picture'
    : 'the background of this picture is not plain, so the cut-out may be wrong: look at it, or take a picture on a plain background'
