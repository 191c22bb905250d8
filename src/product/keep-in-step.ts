/**
 * @file Keeps stores in step with the rows. Before a store is touched an intent is written; it goes with the transaction that changes
 * the row. What a dead process left is repaired by the rows alone: a picture that is stored is put, everything else is taken out. (ADR 30)
 */

import { Task } from '../background/task.ts'
import type { Db, Trx } from '../db/client.ts'
import { countOf } from '../domain/count-of.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { BlobSource } from '../storage/blob-store.ts'
import { type LibraryFile, streamFile } from '../storage/library-file.ts'
import type { Stores } from '../storage/stores.ts'
import { mediaTypeOf } from './media-type.ts'
import { deleteIntent, INTENTS_AT_ONCE, type Intent, insertIntent, listIntents, type PictureRow, readPicture } from './store-pictures.ts'

export interface KeepInStepDeps {
  readonly db: Db
  readonly stores: Stores
  /** id of this process, of its intents */
  readonly owner: string
  /** the library’s own copy of a photo’s bytes; null when it is not there */
  readonly locate: (photoId: number) => Promise<LibraryFile | null>
  readonly log: Log
  readonly retryMs?: number
}

const RETRY_MS = 30_000
/** Intents that the database wrote while nobody told of them (a fill of the trash in the background). */
const LOOK_AGAIN_MS = 60_000

export interface KeepInStep extends AsyncDisposable {
  readonly task: Task
  /** Puts the bytes, then runs `finish`, whose transaction must call `forget`; if it fails or the process dies, they are taken out again. */
  put<T>(store: string, key: string, source: BlobSource, finish: (forget: (trx: Trx) => Promise<void>) => Promise<T>): Promise<T>
  /** Runs `commit`, which must leave no stored row of this name, and takes the bytes out then, or later when the store does not answer. */
  remove<T>(store: string, key: string, commit: (trx: Trx) => Promise<T>): Promise<T>
  /** Repairs what earlier processes left, now and again while a store does not answer. */
  start(): void
  /** Photos were thrown away, brought back or deleted: their stores follow. */
  wake(): void
  /** settles when nothing is left to repair, or a store does not answer */
  repair(): Promise<number>
}

export function createKeepInStep({ db, stores, owner, locate, log, retryMs = RETRY_MS }: KeepInStepDeps): KeepInStep {
  const open = new Set<number>()

  const repairOne = async (intent: Intent): Promise<void> => {
    const store = stores.all.find(({ settings }) => settings.name === intent.store)
    if (store) {
      const row = await readPicture(db, { store: intent.store, key: intent.key }) // not by the intent’s own id
      if (row?.state !== 'stored' || row.isGone) await store.blobs.delete(intent.key)
      else if ((await store.blobs.stat(intent.key)) === null)
        await store.blobs.put(intent.key, await sourceOf(row, locate), { signal: task.signal })
      log.info({ store: intent.store, key: intent.key, state: row?.isGone === false ? row.state : 'gone' }, 'a store was brought in step')
    } else log.warn({ store: intent.store, key: intent.key }, 'a picture was on its way to a store that is not configured any more')
    await deleteIntent(db, intent.id)
  }

  const repair = async (): Promise<number> => {
    let left = 0
    for (let after = 0; !task.signal.aborted; ) {
      const page = await listIntents(db, owner, after)
      for (const intent of page) {
        if (open.has(intent.id) || task.signal.aborted) continue
        try {
          await repairOne(intent)
        } catch (error) {
          left++
          log.warn({ store: intent.store, key: intent.key, reason: describeError(error) }, 'Store sync failed; will retry')
        }
      }
      if (page.length < INTENTS_AT_ONCE) break
      after = page.at(-1)?.id ?? after
    }
    return left
  }

  const task = new Task({
    name: 'stores',
    async work() {
      const left = await repair()
      if (left > 0) return { failed: `${countOf(left, 'picture')} could not be synced with their store` }
    },
    log,
    failureMessage: 'Store sync failed; will retry',
    everyMs: LOOK_AGAIN_MS,
    retryMs,
  })

  const intend = async (store: string, key: string): Promise<number> => {
    const id = await insertIntent(db, owner, store, key)
    open.add(id)
    return id
  }
  const later = (id: number) => {
    open.delete(id)
    task.wake()
  }

  return {
    async put(store, key, source, finish) {
      const { blobs } = stores.get(store)
      const id = await intend(store, key)
      try {
        await blobs.put(key, source, { signal: task.signal })
        const result = await finish((trx) => deleteIntent(trx, id))
        open.delete(id)
        return result
      } catch (error) {
        later(id)
        throw error
      }
    },
    async remove(store, key, commit) {
      const id = await intend(store, key)
      try {
        const result = await db.transaction().execute(commit)
        await repairOne({ id, store, key }).catch((error: unknown) =>
          log.warn({ store, key, reason: describeError(error) }, 'a picture could not be taken out of its store yet; tried again'),
        )
        return result
      } finally {
        later(id)
      }
    },
    repair,
    wake: task.wake,
    start: () => task.start(),
    task,
    [Symbol.asyncDispose]: () => task[Symbol.asyncDispose](),
  }
}

/** The library’s own copy as what a store is given. */
export async function sourceOf(row: PictureRow, locate: KeepInStepDeps['locate']): Promise<BlobSource> {
  const original = await locate(row.photoId)
  if (!original) throw new FototecaError('not_found', `the file of photo ${row.photoId} is not where it was; mount or move it back`)
  return { bytes: row.bytes, sha256: row.sha256, contentType: mediaTypeOf(row.format), open: () => streamFile(original) }
}
