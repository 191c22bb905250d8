/** @file Step `duplicates`: links the photo with those that show the same picture, an edit of it, or it mirrored. */

import { defineStep, type Step } from '../../step.ts'
import type { DuplicateIndex } from './duplicate-index.ts'
import { readPhotoHash, replaceDuplicates } from './store.ts'

export interface DuplicatesOptions {
  /** one per database; shared by every save */
  readonly index: DuplicateIndex
  /** PDQ distance up to which two photos are the same picture (`config.duplicateThreshold`) */
  readonly threshold: number
}

/** All its work is in `save`: it needs the other photos’ hashes, not pixels. */
export function createDuplicates({ index, threshold }: DuplicatesOptions): Step<undefined, undefined> {
  return defineStep<undefined>({
    name: 'duplicates',
    version: 1,
    needs: ['hash'],
    save: async (trx, photoId) => {
      const hash = await readPhotoHash(trx, photoId)
      if (!hash) index.forget(photoId)
      await replaceDuplicates(trx, photoId, hash ? await index.match(trx, hash, threshold) : [])
    },
  })
}
