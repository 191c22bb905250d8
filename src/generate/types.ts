/** @file The kinds of pictures that can be made. The list is literal: one more is its file in `types/` and a line here (ADR 42). */
import type { ImageType } from './image-type.ts'
import { type as dimensionImage } from './types/dimension-image.ts'
import { type as handHolding } from './types/hand-holding.ts'
import { type as lifestyleNature } from './types/lifestyle-nature.ts'
import { type as modelWearing } from './types/model-wearing.ts'
import { type as whiteBackground } from './types/white-background.ts'

/** In the order of their numbers, by the names that products call them. */
const TYPES = {
  'white-background': whiteBackground,
  'hand-holding': handHolding,
  'dimension-image': dimensionImage,
  'lifestyle-nature': lifestyleNature,
  'model-wearing': modelWearing,
} as const satisfies Readonly<Record<string, ImageType>>

type Types = typeof TYPES
export type TypeNumber = Types[keyof Types]['number']
export type SceneName = { [N in keyof Types]: Types[N]['way'] extends 'scene' ? N : never }[keyof Types]

export const IMAGE_TYPES: readonly ImageType[] = Object.values(TYPES)

/** No product picture, but a new one, inspired by a photo (system A). */
export const INSPIRED = 0
/** No product picture, but a new one, from words alone (system A). */
export const FROM_WORDS = -1

export const findType = (number: number): ImageType | undefined => IMAGE_TYPES.find((type) => type.number === number)

/** @returns undefined for a number that no scene has */
export const findScene = (number: number): SceneName | undefined =>
  Object.entries(TYPES).find(([, type]) => type.number === number && type.way === 'scene')?.[0] as SceneName | undefined

/** Also of a type that is gone: runs outlive it. */
export const typeName = (number: number): string =>
  number === INSPIRED ? 'Inspired' : number === FROM_WORDS ? 'From words' : (findType(number)?.name ?? `Type ${number}`)
