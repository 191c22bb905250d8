/** @file Preloaded by a child process: every decode is estimated at 20 MB, as if each header lied or each codec erred. */
import { registerHooks } from 'node:module'

registerHooks({
  load(url, context, next) {
    if (!url.endsWith('/media/decode-cost.ts')) return next(url, context)
    const source = 'export const HEIC_PIXEL_BYTES = 8; export const estimateDecodeBytes = async () => 20_000_000'
    return { format: 'module', shortCircuit: true, source }
  },
})
