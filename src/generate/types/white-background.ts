/** @file Type 1: the product on pure white, as marketplaces ask for their main image. */
import { type ImageType, MAX_SIDE } from '../image-type.ts'

export const type = {
  number: 1,
  name: 'White Background',
  about: 'The product’s own pixels on pure white, filling 85 %, centred, with a natural shadow',
  way: 'white',
  side: 2000,
  mostSide: MAX_SIDE,
  fill: 0.85,
  checks: ['white', 'fill', 'centre'],
} as const satisfies ImageType
