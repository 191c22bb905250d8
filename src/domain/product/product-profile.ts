/** @file What a shop sells: the names of its stores, the words its products are told by, and the products that pictures are made of. */
import type { Vocabulary } from './vocabulary.ts'

export interface ProductProfile {
  /**
   * folders in the data folder, where FOTOTECA_STORES names no others; the first is meant where a request names no store, as long as there is one
   * of that name
   */
  readonly stores: readonly [string, ...string[]]
  /** offered for made pictures: names of `src/generate/products.ts` */
  readonly products: readonly string[]
  readonly materials: Vocabulary
  readonly kinds: Vocabulary
}
