/** @file Bracelets: which pictures are made of them, and on which stages. */
import type { ProductKind } from '../product-kind.ts'

export const product = {
  label: 'Bracelets',
  goods: 'jewelry',
  defaultTypes: [1, 2, 4, 5],
  scenes: {
    'hand-holding': { stage: 'A female forearm and a relaxed hand resting on linen, the wrist bare' },
    'lifestyle-nature': { stage: 'Weathered driftwood on pale sand near the sea' },
    'model-wearing': { stage: 'A woman’s bare wrist beside a cup on a wooden table, sleeve drawn back' },
  },
  prompts: [
    { type: 1 },
    { type: 2 },
    { type: 4 },
    { type: 5 },
    { type: 4, stage: 'Cream linen with a sprig of dried lavender at the edge' },
    { type: 5, stage: 'A woman’s bare forearm resting on an open book, sleeve rolled up' },
    { type: 4, stage: 'A white marble tray beside a small ceramic dish' },
    { type: 2, stage: 'A female hand holding a closed velvet box from below, wrist bare' },
  ],
} satisfies ProductKind
