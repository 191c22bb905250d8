/** @file Step `embedding`: the photo as a vector in the space of the active image–text model, for search by meaning. */

import { defineStep } from '../../step.ts'
import type { PhotoEmbedding } from './store.ts'
import { replaceEmbedding } from './store.ts'

export const embedding = defineStep<PhotoEmbedding, 'embed-image'>({
  name: 'embedding',
  version: 1,
  needs: ['prepare'],
  capability: 'embed-image',
  // the first photo waits until the weights are loaded: gigabytes from a slow disk for the largest models
  timeoutMs: 180_000,
  run: async ({ picture, model, signal }) => ({ space: model.space, vector: await model.embedImage(await picture(), { signal }) }),
  save: (trx, photoId, result, { modelId }) => replaceEmbedding(trx, photoId, result, modelId),
})
