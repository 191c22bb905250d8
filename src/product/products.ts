/** @file Products as the edges use them: lists with what is missing, changes by persons, grouping by file names or by look, CSV. */

import type { z } from 'zod'
import { type ProfileName, SLOTS, type Slot } from '../contract/product-words.ts'
import type { ImportAnswer, PicturePatch, Product, ProductPicture } from '../contract/products.ts'
import type { Db } from '../db/client.ts'
import { readCsv } from '../domain/csv.ts'
import { FototecaError } from '../domain/errors.ts'
import { readSkuName } from '../domain/sku-name.ts'
import { checkReadiness } from './check-readiness.ts'
import { gradeShot } from './grade-shot.ts'
import { PROFILES } from './profiles.ts'
import {
  changePicture, deleteEmptyProducts, ensureProduct, findByName, listDetails, listLoose, listProducts, type PictureDetail, type PicturePage, readDetail, readDetailsOf,
} from './store-products.ts' // biome-ignore format: a list

export interface ProductsDeps {
  readonly db: Db
  /** @throws FototecaError `invalid` for an unknown store */
  readonly checkStore: (name: string) => void
  readonly urlOf: (picture: { readonly store: string; readonly key: string }, base: string) => Promise<string>
  /** photos of the store near a photo, nearest first, itself left out */
  readonly findNear: (store: string, photoId: number) => Promise<{ photoId: number; distance: number }[]>
}

/** Below it two pictures are suggested as one product: wider than a duplicate, so a person decides (measured by `eval -- products`). */
const SAME_PRODUCT = 0.15
const PAGE = 500
const MOST_LOOSE = 20_000
const MOST_ROWS = 10_000

export type Group = { readonly sku: string; readonly pictures: readonly { readonly id: number; readonly slot: Slot | null }[] }

export type Products = ReturnType<typeof createProducts>

export function createProducts({ db, checkStore, urlOf, findNear }: ProductsDeps) {
  const present = async (detail: PictureDetail, base: string): Promise<ProductPicture> => {
    const { shot } = detail.facts
    const graded = shot && gradeShot(shot)
    return {
      id: detail.id,
      photo: detail.card,
      store: detail.store,
      key: detail.key,
      url: await urlOf(detail, base),
      display_name: detail.displayName,
      kind: detail.kind,
      state: detail.state,
      sku: detail.product?.sku ?? null,
      slot: detail.slot,
      grade: graded?.grade ?? null,
      grade_reasons: [...(graded?.reasons ?? [])],
      colour: detail.colour,
      like: detail.like,
      origin: detail.origin && { id: detail.origin.id, made_by: detail.origin.madeBy },
      readiness: (Object.keys(PROFILES) as ProfileName[]).map((profile) => {
        const { title, isConfirmed } = PROFILES[profile]
        return { profile, title, is_confirmed: isConfirmed, ...checkReadiness(PROFILES[profile], detail.facts) }
      }),
    }
  }

  const get = async (id: number, base: string): Promise<ProductPicture> => {
    const detail = await readDetail(db, id)
    if (!detail) throw new FototecaError('not_found', `there is no product picture ${id}`)
    return present(detail, base)
  }

  const readLoose = async (store: string) => {
    const all: { id: number; photoId: number; filename: string }[] = []
    while (all.length < MOST_LOOSE) {
      const page = await listLoose(db, store, all.at(-1)?.id ?? 0, PAGE)
      all.push(...page)
      if (page.length < PAGE) break
    }
    return all
  }

  const groupByName = async (store: string): Promise<Group[]> => {
    const groups = new Map<string, { id: number; slot: Slot | null }[]>()
    for (const { id, filename } of await readLoose(store)) {
      const name = readSkuName(filename)
      if (name) groups.set(name.sku, [...(groups.get(name.sku) ?? []), { id, slot: name.slot }])
    }
    return [...groups].map(([sku, pictures]) => ({ sku, pictures: keepOneMain(pictures) }))
  }

  /** Around each picture that is in no group yet, those near it: sets around one picture, not chains. */
  const groupByLook = async (store: string): Promise<Group[]> => {
    const loose = await readLoose(store)
    const byPhoto = new Map(loose.map((picture) => [picture.photoId, picture]))
    const groups: Group[] = []
    const taken = new Set<number>()
    for (const picture of loose) {
      if (taken.has(picture.id)) continue
      const near = (await findNear(store, picture.photoId)).flatMap(({ photoId, distance }) => {
        const other = byPhoto.get(photoId)
        return other && distance < SAME_PRODUCT && !taken.has(other.id) && other.id !== picture.id ? [other] : []
      })
      if (near.length === 0) continue
      for (const { id } of [picture, ...near]) taken.add(id)
      groups.push({
        sku: stemOf(picture.filename),
        pictures: [{ id: picture.id, slot: 'main' }, ...near.map(({ id }) => ({ id, slot: null }))],
      })
    }
    return groups
  }

  return {
    get,
    async pictures(page: PicturePage, base: string) {
      checkStore(page.store)
      const { pictures, total } = await listDetails(db, page)
      return { pictures: await Promise.all(pictures.map((detail) => present(detail, base))), total }
    },
    async list({ store, skip, limit }: { readonly store: string; readonly skip: number; readonly limit: number }, base: string) {
      checkStore(store)
      const { products, total } = await listProducts(db, store, skip, limit)
      const details = Map.groupBy(
        await readDetailsOf(
          db,
          products.map(({ id }) => id),
        ),
        ({ product }) => product?.id,
      )
      const filled = await Promise.all(
        products.map(async (product): Promise<Product> => {
          const own = details.get(product.id) ?? []
          return {
            ...product,
            pictures: await Promise.all(own.map((detail) => present(detail, base))),
            missing: SLOTS.filter((slot) => !own.some((detail) => detail.slot === slot)),
          }
        }),
      )
      return { products: filled, total }
    },
    async change(id: number, { sku, slot, kind }: z.output<typeof PicturePatch>, base: string): Promise<ProductPicture> {
      const picture = await get(id, base)
      await db.transaction().execute(async (trx) => {
        const productId = sku === undefined ? undefined : sku === null ? null : await ensureProduct(trx, picture.store, sku)
        await changePicture(trx, id, {
          ...(productId === undefined ? {} : { product_id: productId }),
          ...(slot === undefined ? {} : { slot }),
          ...(kind === undefined ? {} : { kind }),
        })
        if (sku !== undefined) await deleteEmptyProducts(trx)
      })
      return get(id, base)
    },
    async group({ store, by, dry_run }: { readonly store: string; readonly by: 'file-name' | 'look'; readonly dry_run: boolean }) {
      checkStore(store)
      const groups = by === 'file-name' ? await groupByName(store) : await groupByLook(store)
      if (!dry_run)
        for (const { sku, pictures } of groups)
          await db.transaction().execute(async (trx) => {
            const productId = await ensureProduct(trx, store, sku)
            for (const { id, slot } of pictures) await changePicture(trx, id, { product_id: productId, slot })
          })
      return { groups: groups.map(({ sku, pictures }) => ({ sku, pictures: [...pictures] })), applied: !dry_run }
    },
    async importCsv({
      store,
      csv,
      dry_run,
    }: {
      readonly store: string
      readonly csv: string
      readonly dry_run: boolean
    }): Promise<z.output<typeof ImportAnswer>> {
      checkStore(store)
      const { rows, errors } = readRows(csv)
      const changes: { row: CsvRow; pictureId: number | null }[] = []
      for (const row of rows) {
        const picture = row.file === '' ? null : await findByName(db, store, row.file)
        if (picture === undefined)
          errors.push({ row: row.number, detail: `file: there is no stored picture “${row.file.slice(0, 100)}” in ${store}` })
        else changes.push({ row, pictureId: picture?.id ?? null })
      }
      if (!dry_run)
        for (const { row, pictureId } of changes)
          await db.transaction().execute(async (trx) => {
            const productId = await ensureProduct(trx, store, row.sku, { name: row.name, kind: row.kind })
            if (pictureId !== null)
              await changePicture(trx, pictureId, { product_id: productId, ...(row.slot === null ? {} : { slot: row.slot }) })
          })
      return {
        rows: rows.length + errors.filter(({ detail }) => !detail.startsWith('file:')).length,
        products: new Set(changes.map(({ row }) => row.sku)).size,
        pictures: changes.filter(({ pictureId }) => pictureId !== null).length,
        errors: errors.sort((a, b) => a.row - b.row),
        applied: !dry_run,
      }
    },
  }
}

interface CsvRow {
  /** 1 is the heading */
  readonly number: number
  readonly sku: string
  readonly name: string
  readonly kind: string
  readonly file: string
  readonly slot: Slot | null
}

/** @throws FototecaError `invalid` when the heading has no column sku */
function readRows(csv: string): { rows: CsvRow[]; errors: { row: number; detail: string }[] } {
  const [heading = [], ...lines] = readCsv(csv)
  const columns = heading.map((name) => name.trim().toLowerCase())
  const at = (name: string, line: readonly string[]) => line[columns.indexOf(name)]?.trim() ?? ''
  if (!columns.includes('sku'))
    throw new FototecaError('invalid', 'csv: the first line must name the columns, one of them “sku” (others: name, kind, file, slot)')
  if (lines.length > MOST_ROWS) throw new FototecaError('invalid', `csv: at most ${MOST_ROWS} rows at once`)
  const rows: CsvRow[] = []
  const errors: { row: number; detail: string }[] = []
  for (const [index, line] of lines.entries()) {
    const number = index + 2
    const [sku, slot] = [at('sku', line), at('slot', line).toLowerCase()]
    if (sku === '' || sku.length > 80 || /[\p{Cc}/\\]/u.test(sku))
      errors.push({ row: number, detail: 'sku: must be there, at most 80 characters, without slashes' })
    else if (slot !== '' && !(SLOTS as readonly string[]).includes(slot))
      errors.push({ row: number, detail: `slot: “${slot.slice(0, 40)}” is none of ${SLOTS.join(', ')}` })
    else
      rows.push({
        number,
        sku,
        name: at('name', line).slice(0, 300),
        kind: at('kind', line).slice(0, 60),
        file: at('file', line),
        slot: slot === '' ? null : (slot as Slot),
      })
  }
  return { rows, errors }
}

/** A product has one main picture: the first. */
function keepOneMain(pictures: readonly { id: number; slot: Slot | null }[]): { id: number; slot: Slot | null }[] {
  const main = pictures.find(({ slot }) => slot === 'main')
  return pictures.map((picture) => (picture.slot === 'main' && picture !== main ? { ...picture, slot: 'angle' } : picture))
}

const stemOf = (filename: string): string =>
  filename
    .replace(/\.[A-Za-z0-9]{2,5}$/, '')
    .replace(/[/\\\p{Cc}]/gu, '_')
    .slice(0, 80) || 'product'
