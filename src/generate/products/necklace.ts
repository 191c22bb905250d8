/** @file Necklaces: which pictures are made of them, and on which stages. */
import type { ProductWords } from '../products.ts'

export const necklace = {
  defaultTypes: [1, 2, 4, 5],
  inHand: 'Two female hands side by side, palms up, slightly apart',
  inNature: 'A flat grey stone in a calm stream with moss around it',
  onModel: 'A woman’s bare neckline and collarbones, plain round neck, chin at the upper edge',
} as const satisfies ProductWords
