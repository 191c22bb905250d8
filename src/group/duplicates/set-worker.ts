/** @file The worker thread of a full pass: compares every hash with every other, and builds sets, away from the event loop. */
import { parentPort, workerData } from 'node:worker_threads'
import { buildSets } from './build-sets.ts'
import { comparePhotos } from './compare-all.ts'
import type { PassAnswer, PassRequest } from './run-pass.ts'

const request = workerData as PassRequest
const answer: PassAnswer =
  request.do === 'compare'
    ? { pairs: comparePhotos(request.ids, request.hashes, request.threshold) }
    : { sets: buildSets(request.pairs, request.photos) }
parentPort?.postMessage(answer)
