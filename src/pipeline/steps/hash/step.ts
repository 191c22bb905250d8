/** @file Step `hash`: the PDQ hash of the picture and of its seven turns, for finding copies. */
import type { PdqHash } from '../../../domain/likeness/pdq.ts'
import { hashPicture } from '../../../media/hash-picture.ts'
import { defineStep } from '../../step.ts'
import { saveHash } from './store.ts'

export const hash = defineStep<PdqHash>({
  name: 'hash',
  version: 1,
  needs: ['prepare'],
  run: async ({ picture }) => hashPicture(await picture()),
  save: saveHash,
})
