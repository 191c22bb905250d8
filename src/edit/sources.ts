/**
 * @file Folders of the library as a person adds and removes them: what becomes of their photos, with a way back. A folder on the disk and
 * what is in it is never touched.
 */

import type { RemovedSource, SourceReport } from '../contract/library.ts'
import { message } from '../contract/messages/message.ts'
import type { Db, Trx } from '../db/client.ts'
import type { Actor } from '../domain/actor.ts'
import { FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { Ingest } from '../ingest/ingest.ts'
import { pathWithin } from '../ingest/nesting.ts'
import { listFolderSources, markRemoved, markReturned, readRemovedBy, readSource } from '../ingest/store-sources.ts'
import type { Edits } from './edits.ts'
import { countPresent, listRemovedFolders, readSourcePhotos, readTrashedWith } from './store-source-photos.ts'

/** The background moves thousands of photos to the trash in so long. */
const RETRY_AFTER_S = 2

export interface SourcesDeps {
  readonly db: Db
  readonly ingest: Pick<Ingest, 'resolve' | 'addFolder' | 'changeSource' | 'dropFiles'>
  readonly edits: Pick<Edits, 'plan'>
  readonly log: Log
}

export interface RemoveOptions {
  /** what becomes of photos that lie in no other source */
  readonly photos: 'trash' | 'missing'
  readonly isDryRun: boolean
}

export interface Sources {
  /** As `Ingest.addFolder`; photos that went to the trash with the folder come back. @throws FototecaError also `conflict`, with `retryAfter`, while they go there */
  add(actor: Actor, path: string, options?: { readonly followLinks?: readonly string[] | undefined }): Promise<SourceReport>
  /** @throws FototecaError `not_found`, `invalid` for the uploads */
  remove(actor: Actor, id: number, options: RemoveOptions): Promise<RemovedSource>
}

export function createSources({ db, ingest, edits, log }: SourcesDeps): Sources {
  /** Photos that were removed with this folder, a folder in it, or one around it. */
  async function findRemovedWith(folder: string): Promise<number[]> {
    const ids = new Set<number>()
    for (const { id, path, isRunning } of await listRemovedFolders(db)) {
      const below = pathWithin(path, folder) ?? (pathWithin(folder, path) === undefined ? undefined : '')
      if (below === undefined) continue
      if (isRunning)
        throw new FototecaError('conflict', `the photos of ${path} are still being moved to the trash; add the folder when that is done`, {
          retryAfter: RETRY_AFTER_S,
        })
      for (const photo of await readTrashedWith(db, id, below)) ids.add(photo)
    }
    return [...ids].sort((a, b) => a - b)
  }

  return {
    async add(actor, path, options) {
      const folder = await ingest.resolve(path)
      const photoIds = await findRemovedWith(folder)
      const source = await ingest.addFolder(path, options)
      if (photoIds.length > 0) {
        await edits.plan(actor, { summary: message('edit.folder-added', { folder }), photoIds, targets: [{ reset: 'trash' }] })
        log.info(
          { folder, photos: photoIds.length },
          'the folder was removed before and is added again; its photos come back from the trash',
        )
      }
      return source
    },

    async remove(actor, id, { photos, isDryRun }) {
      const source = await readSource(db, id)
      if (!source) throw new FototecaError('not_found', `there is no source ${id}`)
      if (source.path === null) throw new FototecaError('invalid', 'uploads are no folder: move their photos to the trash instead')
      // what a scan takes in meanwhile would belong to nobody
      if (!isDryRun) await ingest.changeSource(id, { isPaused: true, force: false })
      const { only, elsewhere } = await readSourcePhotos(db, id)
      const report = { id, photos: photos === 'trash' ? only.length : await countPresent(db, id, only), elsewhere, dry_run: isDryRun }
      if (isDryRun) return { ...report, edit: null }
      let edit: number | null = null
      if (photos === 'missing' || only.length === 0) await markRemoved(db, id, null)
      else
        edit = (
          await edits.plan(actor, {
            summary: message('edit.folder-removed', { folder: source.path }),
            photoIds: only,
            targets: [{ set: 'trash', key: '', value: true }],
            also: (trx, made) => markRemoved(trx, id, made),
          })
        ).id
      await ingest.dropFiles(id)
      return { ...report, edit }
    },
  }
}

/**
 * In the transaction that undoes an edit: the folders it removed are sources again, unless others took their place.
 * @returns their ids
 */
export async function returnSources(trx: Trx, editId: number): Promise<number[]> {
  const removed = await readRemovedBy(trx, editId)
  if (removed.length === 0) return []
  const others = await listFolderSources(trx)
  const free = removed.filter(
    ({ path }) => !others.some((other) => pathWithin(other.path, path) !== undefined || pathWithin(path, other.path) !== undefined),
  )
  for (const { id } of free) await markReturned(trx, id)
  return free.map(({ id }) => id)
}
