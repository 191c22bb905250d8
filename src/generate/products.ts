/** @file The products with pictures, words and sizes of their own. The list is literal: one more is its file in `products/` and a line here (ADR 42). */
import type { ProductKind, SceneWish } from './product-kind.ts'
import { product as bag } from './products/bag.ts'
import { product as bracelet } from './products/bracelet.ts'
import { product as earring } from './products/earring.ts'
import { product as garment } from './products/garment.ts'
import { product as necklace } from './products/necklace.ts'
import { product as object } from './products/object.ts'
import { product as ring } from './products/ring.ts'
import { product as shoes } from './products/shoes.ts'
import { findScene } from './types.ts'

/** By name. */
export const PRODUCTS: ReadonlyMap<string, ProductKind> = new Map(
  Object.entries({ bag, bracelet, earring, garment, necklace, object, ring, shoes }),
)

/** What a product wants of a scene, by names; nothing where it says nothing, or is known no more. */
export function wishOf(product: string, number: number): SceneWish {
  const scene = findScene(number)
  return (scene === undefined ? undefined : PRODUCTS.get(product)?.scenes[scene]) ?? {}
}
