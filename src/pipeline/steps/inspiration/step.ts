/** @file Step `inspiration`: a prompt for another picture of the same feel, by the describer of that purpose (ADR 90). */
import { defineStep } from '../../step.ts'
import type { SaidDescription } from '../description/store.ts'
import { replaceText } from './store.ts'

export const inspiration = defineStep<SaidDescription>({
  name: 'inspiration',
  version: 1,
  lane: 'inspire',
  needs: ['prepare'],
  save: (trx, photoId, said) => replaceText(trx, photoId, 'inspiration', said.result.description.inspirationPrompt, said),
})
