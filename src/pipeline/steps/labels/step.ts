/** @file Step `labels`: what a tagger the user brought along says of the picture. Without one there is nothing to do. */
import { defineStep } from '../../step.ts'
import { replaceLabels } from './store.ts'

export const labels = defineStep({
  name: 'labels',
  version: 1,
  needs: ['prepare'],
  capability: 'tag',
  async run({ picture, model, signal }) {
    return model.tagPicture(await picture(), { signal })
  },
  save: (trx, photoId, found, { modelId }) => replaceLabels(trx, photoId, found, modelId ?? 'unknown'),
})
