/** @file The text reader's thread: loads the networks at the first call and serves `hasText` and `readText`. */
import type { Pixels } from '../../../media/picture.ts'
import { serveModel } from '../../workers/worker-model.ts'
import { hasText } from './gate.ts'
import { openNetworks } from './networks.ts'
import { readPage } from './read-page.ts'
import { TUNING } from './tuning.ts'
import { loadWeights } from './weights.ts'

serveModel(async ({ folder }: { folder: string }) => {
  const weights = await loadWeights(folder)
  const reader = { networks: await openNetworks(weights), alphabet: weights.alphabet, tuning: TUNING }
  return {
    hasText: (pixels: Pixels) => hasText(reader.networks, pixels, TUNING),
    readText: (small: Pixels | null, base: Pixels) => readPage(reader, small, base),
  }
})
