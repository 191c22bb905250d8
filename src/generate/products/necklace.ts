/** @file Necklaces: which pictures are made of them, and on which stages. */
import type { ProductKind } from '../product-kind.ts'

export const product = {
  label: 'Necklaces',
  defaultTypes: [1, 2, 4, 5],
  scenes: {
    'hand-holding': { stage: 'Two female hands side by side, palms up, slightly apart' },
    'lifestyle-nature': { stage: 'A flat grey stone in a calm stream with moss around it' },
    'model-wearing': { stage: 'A woman’s bare neckline and collarbones, plain round neck, chin at the upper edge' },
  },
} satisfies ProductKind
