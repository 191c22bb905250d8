/** @file Earrings: which pictures are made of them, and on which stages. */
import type { ProductKind } from '../product-kind.ts'

export const product = {
  label: 'Earrings',
  goods: 'jewelry',
  defaultTypes: [1, 2, 4, 5],
  scenes: {
    'hand-holding': { stage: 'An open female hand, palm up, fingers gently curved' },
    'lifestyle-nature': { stage: 'Pale stone among green leaves and small white flowers' },
    'model-wearing': { stage: 'Close-up of a woman’s bare ear and neck in profile, hair tied back' },
  },
} satisfies ProductKind
