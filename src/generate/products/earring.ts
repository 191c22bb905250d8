/** @file Earrings: which pictures are made of them, and on which stages. */
import type { ProductWords } from '../products.ts'

export const earring = {
  defaultTypes: [1, 2, 4, 5],
  inHand: 'An open female hand, palm up, fingers gently curved',
  inNature: 'Pale stone among green leaves and small white flowers',
  onModel: 'Close-up of a woman’s bare ear and neck in profile, hair tied back',
} as const satisfies ProductWords
