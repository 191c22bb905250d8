/** @file Categories by a person’s hand: add, rename, give tags, merge, delete. */
import type { z } from 'zod'
import type { CategoryInput, CategoryPatch } from '../contract/edits.ts'
import type { Db, Trx } from '../db/client.ts'
import { transact } from '../db/transact.ts'
import { FototecaError } from '../domain/errors.ts'
import { deleteCategory, insertCategory, mergeInto, readCategoryIds, replaceCategoryTags, updateCategory } from './store-categories.ts'

export interface Categories {
  /** @returns its id; throws `conflict` where the name is taken */
  add(input: z.output<typeof CategoryInput>): Promise<number>
  /** @throws FototecaError `not_found`, `conflict` */
  change(id: number, patch: CategoryPatch): Promise<void>
  /** @throws FototecaError `not_found`, `invalid` */
  merge(id: number, intoId: number): Promise<void>
  /** @throws FototecaError `not_found` */
  remove(id: number): Promise<void>
}

/** @param wake photos are to be looked at in the background */
export function createCategories(db: Db, wake: () => void): Categories {
  async function change<T>(run: (trx: Trx) => Promise<T>): Promise<T> {
    const result = await transact(db, run)
    wake()
    return result
  }
  const noCategory = (id: number) => new FototecaError('not_found', `there is no category ${id}`)

  async function checkName(trx: Trx, name: string, own?: number): Promise<void> {
    const taken = (await readCategoryIds(trx)).get(name.toLowerCase())
    if (taken !== undefined && taken !== own)
      throw new FototecaError('conflict', `there is a category ${name} already; merge the two instead`)
  }

  return {
    add: ({ name, description, tags }) =>
      change(async (trx) => {
        await checkName(trx, name)
        const id = await insertCategory(trx, name, description)
        await replaceCategoryTags(trx, id, tags)
        return id
      }),

    change: (id, { name, description, tags }) =>
      change(async (trx) => {
        if (name !== undefined) await checkName(trx, name, id)
        const own = { ...(name === undefined ? {} : { name }), ...(description === undefined ? {} : { description }) }
        if (!(await updateCategory(trx, id, own))) throw noCategory(id)
        if (tags !== undefined) await replaceCategoryTags(trx, id, tags)
      }),

    merge: (id, intoId) =>
      change(async (trx) => {
        if (id === intoId) throw new FototecaError('invalid', 'into: a category cannot be merged into itself')
        const known = [...(await readCategoryIds(trx)).values()]
        for (const one of [id, intoId]) if (!known.includes(one)) throw noCategory(one)
        await mergeInto(trx, id, intoId)
      }),

    remove: (id) =>
      change(async (trx) => {
        if (!(await deleteCategory(trx, id))) throw noCategory(id)
      }),
  }
}
