/** @file Type 4: the product in nature. */
import { type ImageType, stageOf } from '../image-type.ts'

export const type = {
  number: 4,
  name: 'Lifestyle Nature',
  about: 'The product in a natural scene; the scene by a model, the product from the photo',
  way: 'scene',
  side: 2048,
  fill: 0.5,
  middle: { x: 0.5, y: 0.52 },
  stage: 'Pale stone among green leaves',
  prompt: (stage, goods) => `${stage}, the middle of the picture an even, empty surface seen from above. ${stageOf(goods)}`,
} as const satisfies ImageType
