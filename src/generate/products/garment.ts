/** @file Clothes: which pictures are made of them, and on which stages. None on a person: what is worn takes the shape of who wears it. */
import type { ProductKind } from '../product-kind.ts'

export const product = {
  label: 'Clothes',
  goods: 'clothing',
  defaultTypes: [1, 4],
  scenes: { 'lifestyle-nature': { stage: 'A pale linen sheet spread over dry grass', fill: 0.7 } },
} satisfies ProductKind
