/** @file Bracelets: which pictures are made of them, and on which stages. */
import type { ProductKind } from '../product-kind.ts'

export const product = {
  label: 'Bracelets',
  defaultTypes: [1, 2, 4, 5],
  scenes: {
    'hand-holding': { stage: 'A female forearm and a relaxed hand resting on linen, the wrist bare' },
    'lifestyle-nature': { stage: 'Weathered driftwood on pale sand near the sea' },
    'model-wearing': { stage: 'A woman’s bare wrist beside a cup on a wooden table, sleeve drawn back' },
  },
} satisfies ProductKind
