/** @file The products with words of their own, one file each; adding one is a file, a line here and a word in the contract. */
import type { ProductType } from '../contract/generate.ts'
import { bracelet } from './products/bracelet.ts'
import { earring } from './products/earring.ts'
import { necklace } from './products/necklace.ts'
import type { TypeNumber } from './types.ts'

export interface ProductWords {
  /** types made unless others are asked for, in order */
  readonly defaultTypes: readonly TypeNumber[]
  /** the stage of each scene; what is not said is left to the maker */
  readonly inHand: string
  readonly inNature: string
  readonly onModel: string
}

export const PRODUCTS = { earring, bracelet, necklace } as const satisfies Record<ProductType, ProductWords>
