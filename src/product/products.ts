/** @file Products as the edges use them: lists with what is missing, changes by persons, grouping, CSV. */

import type { z } from 'zod'
import { SLOTS } from '../contract/product-words.ts'
import type { ChangedPicture, GroupRequest, ImportRequest, PicturePatch, Product, ProductPicture } from '../contract/products.ts'
import type { Db } from '../db/client.ts'
import type { Actor } from '../domain/actor.ts'
import { FototecaError } from '../domain/errors.ts'
import type { ProductProfile } from '../domain/product/product-profile.ts'
import { groupByFolder, groupByLook, groupByName } from './group-pictures.ts'
import { importCsv } from './import-csv.ts'
import type { ProductWordEdits } from './persons-words.ts'
import { presentPictures, type UrlOf } from './present-picture.ts'
import {
  changePicture,
  deleteEmptyProducts,
  ensureProduct,
  listDetails,
  listProducts,
  type PicturePage,
  readDetail,
  readDetailsOf,
} from './store-products.ts'

export interface ProductsDeps {
  readonly db: Db
  /** @returns the store of that name, without a name the default one; @throws FototecaError `invalid` for an unknown store */
  readonly pickStore: (name: string | undefined) => string
  readonly urlOf: UrlOf
  readonly profile: ProductProfile
  /** photos of the store near a photo, nearest first, itself left out */
  readonly findNear: (store: string, photoId: number) => Promise<{ photoId: number; distance: number }[]>
  readonly words: Pick<ProductWordEdits, 'change'>
}

type Named<T extends { readonly store: string }> = Omit<T, 'store'> & { readonly store?: string | undefined }

export type Products = ReturnType<typeof createProducts>

export function createProducts(deps: ProductsDeps) {
  const { db, pickStore, findNear, words: wordEdits } = deps

  const get = async (id: number, base: string): Promise<ProductPicture> => {
    const detail = await readDetail(db, id)
    const [picture] = detail ? await presentPictures(deps, [detail], base) : []
    if (!picture) throw new FototecaError('not_found', `there is no product picture ${id}`)
    return picture
  }

  return {
    get,
    async pictures(page: Named<PicturePage>, base: string) {
      const { pictures, total } = await listDetails(db, { ...page, store: pickStore(page.store) })
      return { pictures: await presentPictures(deps, pictures, base), total }
    },
    async list(
      { store, skip, limit }: { readonly store?: string | undefined; readonly skip: number; readonly limit: number },
      base: string,
    ) {
      const { products, total } = await listProducts(db, pickStore(store), skip, limit)
      const details = await readDetailsOf(
        db,
        products.map(({ id }) => id),
      )
      const presented = await presentPictures(deps, details, base)
      const own = Map.groupBy(presented, (_, at) => details[at]?.product?.id)
      const filled = products.map((product): Product => {
        const pictures = own.get(product.id) ?? []
        return { ...product, pictures, missing: SLOTS.filter((slot) => !pictures.some((picture) => picture.slot === slot)) }
      })
      return { products: filled, total }
    },
    async change(actor: Actor, id: number, patch: z.output<typeof PicturePatch>, base: string): Promise<z.output<typeof ChangedPicture>> {
      const { sku, slot, kind, words = {}, reset = [] } = patch
      const both = reset.find((field) => words[field] !== undefined)
      if (both !== undefined) throw new FototecaError('invalid', `reset: ${both} cannot be written and taken back at once`)
      const picture = await get(id, base)
      if (sku !== undefined || slot !== undefined || kind !== undefined)
        await db.transaction().execute(async (trx) => {
          const productId = sku === undefined ? undefined : sku === null ? null : await ensureProduct(trx, picture.store, sku)
          await changePicture(trx, id, {
            ...(productId === undefined ? {} : { product_id: productId }),
            ...(slot === undefined ? {} : { slot }),
            ...(kind === undefined ? {} : { kind }),
          })
          if (sku !== undefined) await deleteEmptyProducts(trx)
        })
      const edit = await wordEdits.change(actor, id, { words, reset })
      return { ...(await get(id, base)), edit }
    },
    async group({ store: name, by, dry_run }: z.output<typeof GroupRequest>) {
      const store = pickStore(name)
      const groups = await {
        'file-name': () => groupByName(db, store),
        folder: () => groupByFolder(db, store),
        look: () => groupByLook(db, (photoId) => findNear(store, photoId), store),
      }[by]()
      if (!dry_run)
        for (const { sku, pictures } of groups)
          await db.transaction().execute(async (trx) => {
            const productId = await ensureProduct(trx, store, sku)
            for (const { id, slot } of pictures) await changePicture(trx, id, { product_id: productId, slot })
          })
      return { groups: groups.map(({ sku, pictures }) => ({ sku, pictures: [...pictures] })), applied: !dry_run }
    },
    async importCsv(request: z.output<typeof ImportRequest>) {
      return importCsv(db, { ...request, store: pickStore(request.store) })
    },
  }
}
