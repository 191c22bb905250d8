/**
 * @file What can be made: every file of `types/` and of `products/`, so that adding one is one file (ADR 42). Read once, when the program
 * starts, which ends there with every reason why they do not fit together.
 */
import { readdir } from 'node:fs/promises'
import { IMAGE_TYPE_NAMES } from '../contract/described-products.ts'
import { FototecaError } from '../domain/errors.ts'
import { findMisfits } from './find-misfits.ts'
import type { ImageType } from './image-type.ts'
import type { ProductKind, SceneWish } from './product-kind.ts'

const [types, products] = await Promise.all([readFolder<{ type?: ImageType }>('types'), readFolder<{ product?: ProductKind }>('products')])
const misfits = findMisfits(types, products, IMAGE_TYPE_NAMES)
if (misfits.length > 0) throw new FototecaError('config', `pictures of products cannot be made: ${misfits.join('; ')}`)

/** By number, with the name of its file. */
const TYPES: ReadonlyMap<number, { readonly file: string; readonly type: ImageType }> = new Map(
  [...types]
    .flatMap(([file, { type }]) => (type ? [{ file, type }] : []))
    .sort((a, b) => a.type.number - b.type.number)
    .map((each) => [each.type.number, each]),
)

export const IMAGE_TYPES: readonly ImageType[] = [...TYPES.values()].map(({ type }) => type)

/** By name. */
export const PRODUCTS: ReadonlyMap<string, ProductKind> = new Map(
  [...products].flatMap(([name, { product }]) => (product ? [[name, product] as const] : [])),
)

/** 0 is no product picture: a new one, inspired by a photo (system A). */
export const INSPIRED = 0

export const findType = (number: number): ImageType | undefined => TYPES.get(number)?.type

/** Also of a type whose file is gone: runs outlive it. */
export const typeName = (number: number): string => (number === INSPIRED ? 'Inspired' : (findType(number)?.name ?? `Type ${number}`))

/** What a product wants of a scene, by names; nothing where it says nothing, or is known no more. */
export function wishOf(product: string, number: number): SceneWish {
  const file = TYPES.get(number)?.file
  return (file === undefined ? undefined : PRODUCTS.get(product)?.scenes[file]) ?? {}
}

async function readFolder<M>(folder: string): Promise<Map<string, M>> {
  const place = new URL(`./${folder}/`, import.meta.url)
  const names = (await readdir(place)).filter((name) => /^[a-z0-9-]+\.[jt]s$/.test(name)).toSorted()
  return new Map(await Promise.all(names.map(async (name) => [name.slice(0, -3), (await import(new URL(name, place).href)) as M] as const)))
}
