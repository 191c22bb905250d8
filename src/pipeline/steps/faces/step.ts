/** @file Step `faces`: finds faces, describes each by a vector, and gives the names that the file itself says. */
import { defineStep } from '../../step.ts'
import { replaceFaces } from './store.ts'

export const faces = defineStep({
  name: 'faces',
  version: 1,
  needs: ['prepare'],
  after: ['metadata', 'objects'], // the names in it, and animals; faces are found without them too
  capability: 'find-faces',
  async run({ picture, model, signal }) {
    return model.findFaces(await picture(), { signal })
  },
  save: (trx, photoId, found, { modelId }) => replaceFaces(trx, photoId, found, modelId ?? 'unknown'),
})
