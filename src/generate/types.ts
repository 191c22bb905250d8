/** @file The kinds of pictures that can be made, one file each; the compiler says which is missing. */
import type { IMAGE_TYPE_NAMES } from '../contract/described-products.ts'
import type { ImageType } from './image-type.ts'
import { dimensionImage } from './types/dimension-image.ts'
import { handHolding } from './types/hand-holding.ts'
import { lifestyleNature } from './types/lifestyle-nature.ts'
import { modelWearing } from './types/model-wearing.ts'
import { whiteBackground } from './types/white-background.ts'

export const IMAGE_TYPES = {
  1: whiteBackground,
  2: handHolding,
  3: dimensionImage,
  4: lifestyleNature,
  5: modelWearing,
} as const satisfies Record<keyof typeof IMAGE_TYPE_NAMES, ImageType>

export type TypeNumber = keyof typeof IMAGE_TYPES

export const isTypeNumber = (number: number): number is TypeNumber => number in IMAGE_TYPES
