/** @file Shoes: which pictures are made of them, and on which stages. None on a person: what is worn takes the shape of who wears it. */
import type { ProductKind } from '../product-kind.ts'

export const product = {
  label: 'Shoes',
  goods: 'clothing',
  defaultTypes: [1, 4],
  scenes: { 'lifestyle-nature': { stage: 'A flat grey rock beside a forest path' } },
} satisfies ProductKind
