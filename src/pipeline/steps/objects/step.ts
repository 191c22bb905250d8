/** @file Step `objects`: finds everyday things (COCO-80) with boxes, and tags the photo with what was found. */
import { defineStep } from '../../step.ts'
import { replaceObjects } from './store.ts'

export const objects = defineStep({
  name: 'objects',
  version: 1,
  needs: ['prepare'],
  capability: 'find-objects',
  async run({ picture, model, signal }) {
    return model.findObjects(await picture(), { signal })
  },
  save: (trx, photoId, found, { modelId }) => replaceObjects(trx, photoId, found, modelId ?? 'unknown'),
})
