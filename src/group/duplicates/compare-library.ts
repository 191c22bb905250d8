/**
 * @file Compares all photos with each other again, in a thread: after the threshold was changed, or when a person wants to be sure.
 * The pairs are replaced piece by piece; interrupted anywhere, every pair is either the old or the new one, and the next run completes it.
 */
import type { Db } from '../../db/client.ts'
import type { Duplicate } from '../../pipeline/steps/duplicates/find-duplicates.ts'
import { readTurnedPage, replacePairsInRange } from '../../pipeline/steps/duplicates/store.ts'
import { runPass } from './run-pass.ts'

/** 256 KB a read */
const PAGE = 1000
/** Photos whose pairs are replaced in one transaction. */
const RANGE = 1000

/** @returns how many pairs there are */
export async function compareLibrary(db: Db, threshold: number, signal: AbortSignal): Promise<number> {
  const ids: number[] = []
  const pages: Uint8Array[] = []
  for (let after = 0; ; ) {
    signal.throwIfAborted()
    const page = await readTurnedPage(db, after, PAGE)
    if (!page) break
    ids.push(...page.ids)
    pages.push(page.hashes)
    after = ids.at(-1) ?? after
  }
  const { pairs = [] } = await runPass({ do: 'compare', ids: Int32Array.from(ids), hashes: join(pages), threshold }, signal)
  const last = ids.at(-1) ?? 0
  const byRange = Map.groupBy(pairs, ({ photoId1 }) => Math.ceil(photoId1 / RANGE))
  for (let range = 1; (range - 1) * RANGE < last; range++) {
    signal.throwIfAborted()
    const own: readonly Duplicate[] = byRange.get(range) ?? []
    await db.transaction().execute((trx) => replacePairsInRange(trx, (range - 1) * RANGE, range * RANGE, last, own))
  }
  return pairs.length
}

function join(pages: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pages.reduce((sum, page) => sum + page.length, 0))
  let at = 0
  for (const page of pages) {
    all.set(page, at)
    at += page.length
  }
  return all
}
