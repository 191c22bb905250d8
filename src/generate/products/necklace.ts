/** @file Necklaces: which pictures are made of them, and on which stages. */
import type { ProductKind } from '../product-kind.ts'

export const product = {
  label: 'Necklaces',
  goods: 'jewelry',
  defaultTypes: [1, 2, 4, 5],
  scenes: {
    'hand-holding': { stage: 'Two female hands side by side, palms up, slightly apart' },
    'lifestyle-nature': { stage: 'A flat grey stone in a calm stream with moss around it' },
    'model-wearing': { stage: 'A woman’s bare neckline and collarbones, plain round neck, chin at the upper edge' },
  },
  prompts: [
    { type: 1 },
    { type: 2 },
    { type: 4 },
    { type: 5 },
    { type: 4, stage: 'Cream linen with a few white petals at the edge' },
    { type: 5, stage: 'A woman’s bare neckline with an open white shirt collar, face out of the picture' },
    { type: 4, stage: 'A white marble tray beside a small ceramic dish' },
    { type: 2, stage: 'Two female hands holding a small open velvet box from below' },
  ],
} satisfies ProductKind
