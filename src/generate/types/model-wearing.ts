/** @file Type 5: the product before a person who could wear it. */
import { type ImageType, stageOf } from '../image-type.ts'

export const type = {
  number: 5,
  name: 'Model Wearing',
  about: 'The product before a person; the person by a model, the product from the photo',
  way: 'scene',
  side: 2048,
  fill: 0.3,
  middle: { x: 0.5, y: 0.55 },
  stage: 'A person’s shoulders and neck, plain round neck, chin at the upper edge',
  prompt: (stage, goods) => `${stage}, adult, neutral clothing, calm expression, plain background. ${stageOf(goods)}`,
} as const satisfies ImageType
