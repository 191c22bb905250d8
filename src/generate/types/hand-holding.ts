/** @file Type 2: the product before a hand. */
import { type ImageType, stageOf } from '../image-type.ts'

export const type = {
  number: 2,
  name: 'Hand Holding',
  about: 'The product before a hand; the hand by a model, the product from the photo',
  way: 'scene',
  side: 2048,
  fill: 0.42,
  middle: { x: 0.5, y: 0.45 },
  stage: 'An open hand, palm up, fingers gently curved',
  prompt: (stage, goods) =>
    `${stage}, clean manicured nails, plain softly lit background, the middle of the picture left free. ${stageOf(goods)}`,
} as const satisfies ImageType
