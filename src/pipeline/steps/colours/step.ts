/** @file Step `colours`: the named colours of the picture with their shares. */
import { extractPalette, PALETTE_MAX_SIDE, type PaletteColour } from '../../../domain/colour/palette.ts'
import { defineStep } from '../../step.ts'
import { saveColours } from './store.ts'

export const colours = defineStep<PaletteColour[]>({
  name: 'colours',
  version: 1,
  needs: ['prepare'],
  run: async ({ picture }) => extractPalette((await (await picture()).fit(PALETTE_MAX_SIDE)).data),
  save: saveColours,
})
