/** @file Step `tags`: what is in the picture, in words of the vocabulary. Its lane compares stored vectors (`tagging/`); this stores what it found. */
import { defineStep } from '../../step.ts'
import { type FoundTag, replaceWordTags } from './store.ts'

export const tags = defineStep<readonly FoundTag[]>({
  name: 'tags',
  version: 1,
  lane: 'tag',
  needs: ['embedding'],
  save: async (trx, photoId, found, { modelId }) => {
    await replaceWordTags(trx, new Map([[photoId, found]]), modelId ?? 'tags/unknown')
  },
})
