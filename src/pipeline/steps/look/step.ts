/** @file Step `look`: the built-in visual embedding, so that search by picture works without any model; and the outline crops are told by. */
import { defineStep } from '../../step.ts'
import { type Look, lookAt } from './look-at.ts'
import { saveLook } from './store.ts'

export const look = defineStep<Look>({
  name: 'look',
  version: 2,
  needs: ['prepare'],
  run: async ({ picture }) => lookAt(await picture()),
  save: saveLook,
})
