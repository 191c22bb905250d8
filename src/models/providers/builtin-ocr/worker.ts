/** @file The text reader's thread: loads the networks at the first call and serves `glimpse` and `readText`. */
import { loadPrintedWords } from '../../../lexicon/printed-words.ts'
import type { Pixels } from '../../../media/picture.ts'
import { serveModel } from '../../workers/worker-model.ts'
import { type Glimpse, glimpse } from './gate.ts'
import { openNetworks } from './networks.ts'
import { readPage } from './read-page.ts'
import { TUNING } from './tuning.ts'
import { loadWeights } from './weights.ts'

serveModel(async ({ folder }: { folder: string }) => {
  const weights = await loadWeights(folder)
  const networks = await openNetworks(weights)
  // most photos have no text: the words are loaded at the first that has
  const openReader = async () => {
    const words = await loadPrintedWords()
    return { networks, alphabet: weights.alphabet, tuning: TUNING, isWord: (word: string) => words.has(word) }
  }
  return {
    glimpse: (pixels: Pixels) => glimpse(networks, pixels, TUNING),
    readText: async (small: Pixels | null, base: Pixels, seen: Glimpse | null) => readPage(await openReader(), small, base, seen),
  }
})
