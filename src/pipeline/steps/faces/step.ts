/** @file Step `faces`: finds faces, describes each by a vector, and gives the names that the file itself says. */
import { defineStep } from '../../step.ts'
import { replaceFaces } from './store.ts'

export const faces = defineStep({
  name: 'faces',
  version: 1,
  needs: ['prepare'],
  after: ['metadata'], // the names in it; faces are found without it too
  capability: 'find-faces',
  async run({ picture, model, signal }) {
    return model.findFaces(await picture(), { signal })
  },
  save: (trx, photoId, found, { modelId }) => replaceFaces(trx, photoId, found, modelId ?? 'unknown'),
})
