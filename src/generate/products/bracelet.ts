/** @file Bracelets: which pictures are made of them, and on which stages. */
import type { ProductWords } from '../products.ts'

export const bracelet = {
  defaultTypes: [1, 2, 4, 5],
  inHand: 'A female forearm and a relaxed hand resting on linen, the wrist bare',
  inNature: 'Weathered driftwood on pale sand near the sea',
  onModel: 'A woman’s bare wrist beside a cup on a wooden table, sleeve drawn back',
} as const satisfies ProductWords
