/** @file Type 3: the product on white with its height and width drawn beside it. */
import { type ImageType, MAX_SIDE } from '../image-type.ts'

export const type = {
  number: 3,
  name: 'Dimension Image',
  about: 'The product’s own pixels on white with height and width drawn to the pixel; needs at least one of them',
  way: 'dimensions',
  side: 2000,
  mostSide: MAX_SIDE,
  fill: 0.94,
  checks: ['shape'],
} as const satisfies ImageType
