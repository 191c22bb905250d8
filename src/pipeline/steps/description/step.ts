/** @file Step `description`: the picture in words. Its lane asks the describer (`describe/`); this stores what was said. */
import { defineStep } from '../../step.ts'
import { replaceDescription, type SaidDescription } from './store.ts'

export const description = defineStep<SaidDescription>({
  name: 'description',
  version: 1,
  lane: 'describe',
  needs: ['prepare'],
  save: (trx, photoId, said) => replaceDescription(trx, photoId, said),
})
