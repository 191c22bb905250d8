/** @file Step `look`: the built-in visual embedding, so that search by picture works without any model. */
import { describeLook, LOOK_SIDE } from '../../../domain/look.ts'
import { defineStep } from '../../step.ts'
import { saveLook } from './store.ts'

export const look = defineStep<Float32Array>({
  name: 'look',
  version: 1,
  needs: ['prepare'],
  run: async ({ picture }) => describeLook((await (await picture()).exact(LOOK_SIDE, LOOK_SIDE, 'squash')).data),
  save: saveLook,
})
