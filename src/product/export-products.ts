/** @file What the ZIP of a store’s products holds: pictures by marketplace names, rows for a shop, a manifest with hashes. */
import { createHash } from 'node:crypto'
import type { Db } from '../db/client.ts'
import { writeCsvRow } from '../domain/csv.ts'
import { FototecaError } from '../domain/errors.ts'
import type { ProductProfile } from '../domain/product/product-profile.ts'
import { type ZipEntry, zipTag } from '../library/zip.ts'
import type { LibraryFile } from '../storage/library-file.ts'
import { sayPicture, type Words } from './present-picture.ts'
import { listProducts, type PictureDetail, type ProductRow, readAltTexts, readDetailsOf } from './store-products.ts'
import { readPersonsWords, readSaidOfPhotos } from './store-words.ts'

export interface ExportDeps {
  readonly db: Db
  readonly pickStore: (name: string | undefined) => string
  readonly locate: (photoId: number) => Promise<LibraryFile | null>
  readonly urlOf: (picture: { readonly store: string; readonly key: string }, base: string) => Promise<string>
  readonly profile: ProductProfile
}

/** Products read at a time. */
const PAGE = 200
const MAX_PICTURES = 20_000
const ENDINGS: Readonly<Record<string, string>> = { jpeg: 'jpg', tiff: 'tif' }

/**
 * The same ZIP byte for byte while nothing changes, also by another process: nothing in it says when it was made.
 * @param names amazon: `<SKU>.<VARIANT>.<ext>`; shopify: `<handle>-<position>.<ext>` with the columns its import asks for
 * @throws FototecaError `not_found` when no product of the store has a picture that is there
 */
async function findEntries(
  { db, locate, urlOf, profile }: ExportDeps,
  store: string,
  names: 'amazon' | 'shopify',
  base: string,
): Promise<ZipEntry[]> {
  const entries: ZipEntry[] = []
  const manifest: object[] = []
  const rows: string[] = [names === 'amazon' ? writeCsvRow(AMAZON) : writeCsvRow(SHOPIFY)]
  const taken = new Set<string>()
  for (let skip = 0; ; skip += PAGE) {
    const { products } = await listProducts(db, store, skip, PAGE)
    const pictures = await readDetailsOf(
      db,
      products.map(({ id }) => id),
    )
    const details = Map.groupBy(pictures, ({ product }) => product?.id)
    const photoIds = pictures.map(({ card }) => card.id)
    const altTexts = await readAltTexts(db, photoIds)
    const saidOf = await readSaidOfPhotos(db, photoIds)
    const persons = await readPersonsWords(
      db,
      pictures.map(({ id }) => id),
    )
    for (const product of products) {
      let position = 0
      for (const picture of details.get(product.id) ?? []) {
        const original = await locate(picture.card.id)
        if (!original) continue
        position++
        const variant = position === 1 ? 'MAIN' : `PT${String(Math.min(99, position - 1)).padStart(2, '0')}`
        const name = pickName(names === 'amazon' ? `${safe(product.sku)}.${variant}` : `${handleOf(product)}-${position}`, picture, taken)
        entries.push({
          name,
          bytes: original.bytes,
          modifiedMs: original.modifiedMs,
          open: () => original.read(),
        })
        const url = await urlOf(picture, base)
        const words = sayPicture(picture, saidOf.get(picture.card.id), persons.get(picture.id), profile)
        const { shot } = picture.facts
        manifest.push({
          file: name,
          sku: product.sku,
          slot: picture.slot,
          sha256: picture.sha256,
          bytes: original.bytes,
          width: shot?.width ?? null,
          height: shot?.height ?? null,
          url,
        })
        rows.push(
          names === 'amazon'
            ? amazonRow(product, words, [variant, name, url])
            : shopifyRow(product, words, position, url, altTexts.get(picture.card.id) ?? ''),
        )
      }
    }
    if (entries.length > MAX_PICTURES)
      throw new FototecaError('too_large', `more than ${MAX_PICTURES} pictures; export fewer products at once`)
    if (products.length < PAGE) break
  }
  if (entries.length === 0)
    throw new FototecaError('not_found', `no product of ${store} has a picture; give pictures a SKU first (“fototeca products group”)`)
  const newest = Math.max(...entries.map(({ modifiedMs }) => modifiedMs))
  const list = JSON.stringify({ made_by: 'fototeca', store, pictures: manifest }, null, 1)
  return [...entries, textEntry('products.csv', rows.join(''), newest), textEntry('manifest.json', `${list}\n`, newest)]
}

const MAX_KEPT = 4

export function createProductExport(deps: ExportDeps) {
  /** for the sums: a fetch that goes on need not read again what was sent */
  const kept = new Map<string, ZipEntry[]>()

  /** What the ZIP holds. @throws as `findEntries` */
  return async (name: string | undefined, names: 'amazon' | 'shopify', base: string): Promise<{ store: string; entries: ZipEntry[] }> => {
    const store = deps.pickStore(name)
    const found = await findEntries(deps, store, names, base)
    const tag = zipTag(found)
    const entries = kept.get(tag) ?? found
    kept.delete(tag)
    kept.set(tag, entries)
    for (const [oldest] of [...kept].slice(0, -MAX_KEPT)) kept.delete(oldest)
    return { store, entries }
  }
}

function textEntry(name: string, text: string, modifiedMs: number): ZipEntry {
  const content = Buffer.from(text)
  return {
    name,
    bytes: content.length,
    modifiedMs,
    mark: createHash('sha256').update(content).digest('hex'),
    open: async function* () {
      yield content
    },
  }
}

const AMAZON = ['sku', 'name', 'kind', 'variant', 'file', 'url', 'description', 'attributes', 'colour']
const SHOPIFY = ['Handle', 'Title', 'Image Src', 'Image Position', 'Image Alt Text', 'Variant SKU', 'Variant Image']

function amazonRow({ sku, name, kind }: ProductRow, words: Words, [variant, file, url]: readonly [string, string, string]): string {
  const { description, attributes, colour } = words
  return writeCsvRow([sku, name ?? words.name.value, kind, variant, file, url, description.value, attributes.value, colour.value])
}

/** The first row of a handle holds the product; further ones only its further pictures. */
function shopifyRow(product: ProductRow, { name, description }: Words, position: number, url: string, alt: string): string {
  const isFirst = position === 1
  return writeCsvRow([
    handleOf(product),
    isFirst ? (product.name ?? name.value ?? product.sku) : '',
    url,
    position,
    description.said_by === 'person' ? (description.value ?? '') : alt,
    isFirst ? product.sku : '',
    isFirst ? url : '',
  ])
}

const handleOf = (product: ProductRow): string =>
  product.sku
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '') || `product-${product.id}`

/** Amazon takes no spaces or dashes in names; a dot would end the SKU. */
const safe = (sku: string): string => sku.normalize('NFKD').replace(/[^A-Za-z0-9_]/g, '') || 'sku'

function pickName(stem: string, { facts }: PictureDetail, taken: Set<string>): string {
  const ending = facts.format === null ? 'bin' : (ENDINGS[facts.format] ?? facts.format)
  let name = `${stem}.${ending}`
  for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${stem}_${count}.${ending}`
  taken.add(name.toLowerCase())
  return name
}
