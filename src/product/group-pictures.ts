/** @file Pictures of no product, grouped: by what their file names say, or by how near they look. Only suggests; nothing is written. */
import type { Slot } from '../contract/product-words.ts'
import type { Db } from '../db/client.ts'
import { readSkuName } from '../domain/product/sku-name.ts'
import { listLoose, readFolderPaths } from './store-products.ts'

/** Below it two pictures are suggested as one product: wider than a duplicate, so a person decides (measured by `eval -- products`). */
const SAME_PRODUCT = 0.15
const PAGE = 500
const MAX_LOOSE = 20_000

export type Group = { readonly sku: string; readonly pictures: readonly { readonly id: number; readonly slot: Slot | null }[] }

async function readLoose(db: Db, store: string) {
  const all: { id: number; photoId: number; filename: string }[] = []
  while (all.length < MAX_LOOSE) {
    const page = await listLoose(db, store, all.at(-1)?.id ?? 0, PAGE)
    all.push(...page)
    if (page.length < PAGE) break
  }
  return all
}

/** By what file names say (`RING-1_2.jpg`). */
export async function groupByName(db: Db, store: string): Promise<Group[]> {
  const groups = new Map<string, { id: number; slot: Slot | null }[]>()
  for (const { id, filename } of await readLoose(db, store)) {
    const name = readSkuName(filename)
    if (name) groups.set(name.sku, [...(groups.get(name.sku) ?? []), { id, slot: name.slot }])
  }
  return [...groups].map(([sku, pictures]) => ({ sku, pictures: keepOneMain(pictures) }))
}

/** By the folder they lie in (`RING-1/front.jpg`); its file names tell the slots. What was only uploaded lies in none. */
export async function groupByFolder(db: Db, store: string): Promise<Group[]> {
  const groups = new Map<string, { id: number; slot: Slot | null }[]>()
  const loose = await readLoose(db, store)
  for (let from = 0; from < loose.length; from += PAGE) {
    const page = loose.slice(from, from + PAGE)
    const paths = await readFolderPaths(
      db,
      page.map(({ photoId }) => photoId),
    )
    for (const { id, photoId, filename } of page) {
      const sku = paths.get(photoId)?.split('/').at(-2)?.trim()
      if (!sku || sku.length > 80) continue
      const slot = readSkuName(filename)?.slot ?? readSkuName(`${sku}-${filename}`)?.slot ?? null
      groups.set(sku, [...(groups.get(sku) ?? []), { id, slot }])
    }
  }
  return [...groups].map(([sku, pictures]) => ({ sku, pictures: keepOneMain(pictures) }))
}

/** Around each picture that is in no group yet, those near it: sets around one picture, not chains. */
export async function groupByLook(
  db: Db,
  findNear: (photoId: number) => Promise<{ photoId: number; distance: number }[]>,
  store: string,
): Promise<Group[]> {
  const loose = await readLoose(db, store)
  const byPhoto = new Map(loose.map((picture) => [picture.photoId, picture]))
  const groups: Group[] = []
  const taken = new Set<number>()
  for (const picture of loose) {
    if (taken.has(picture.id)) continue
    const near = (await findNear(picture.photoId)).flatMap(({ photoId, distance }) => {
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
