/**
 * @file The trash: listing, bringing back, emptying. Uploaded files are deleted with their photo; files in folders stay on the disk unless
 * a person asked for exactly that, twice. What was deleted is remembered by its bytes.
 */

import { randomUUID } from 'node:crypto'
import { rm, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import { type EmptyReport, type EmptyRequest, TRASH_DAYS, type TrashQuery, type TrashReport } from '../contract/trash.ts'
import type { Db, Trx } from '../db/client.ts'
import { readSetting, saveSetting } from '../db/settings.ts'
import { type Actor, SYSTEM } from '../domain/actor.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { recordPath } from '../domain/record-path.ts'
import type { Visibility } from '../domain/visibility.ts'
import { toPhotoCard } from '../library/photo-card.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import { leadsInside, readBounds } from '../storage/bounds.ts'
import { renditionFolder } from '../storage/keys.ts'
import type { Edits } from './edits.ts'
import {
  countTrash,
  deleteFileRow,
  findTrashed,
  listTrash,
  purgePhotos,
  readTrashedFiles,
  reviveRemoved,
  type TrashedFile,
} from './store-trash.ts'

/** Photos per transaction. */
const BATCH = 50
const DAY_MS = 24 * 60 * 60 * 1000
const CONFIRM_MS = 5 * 60 * 1000

const LAST_LOOK_KEY = 'trash_last_look'
const MESSAGE_OF_JUMP =
  'more than a day went by since the trash was last looked at, or the clock was set ahead: nothing in it is deleted by itself for a day'

export interface TrashDeps {
  readonly db: Db
  readonly dataDir: string
  readonly renditions: BlobStore
  readonly log: Log
  readonly edits: Pick<Edits, 'make'>
  /** deletes bytes of the blob store that no photo holds any more */
  readonly removeBlob: (path: string) => Promise<void>
  readonly onNewPhoto: (trx: Trx, photoId: number) => Promise<void>
  /** photos came back or are gone */
  readonly onChanged: () => void
  readonly now?: () => number
}

export interface Trash {
  list(sees: Visibility, query: z.output<typeof TrashQuery>): Promise<TrashReport>
  /** @throws FototecaError `not_found`: none of them is in the trash, or the bytes are gone */
  restore(actor: Actor, ids: readonly number[] | undefined): Promise<{ restored: number; edit: number | null }>
  /** @throws FototecaError `conflict`: the confirmation is for something else, or too late */
  empty(actor: Actor, request: EmptyRequest): Promise<EmptyReport>
  /** What has been in the trash for 30 days. @returns how many photos were deleted */
  emptyOld(): Promise<number>
}

interface Pending {
  readonly ids: readonly number[]
  readonly files: number
  readonly until: number
}

export function createTrash({ db, dataDir, renditions, log, edits, removeBlob, onNewPhoto, onChanged, now = Date.now }: TrashDeps): Trash {
  const pending = new Map<string, Pending>()

  /**
   * A clock that is set ahead makes everything old at once. Where more than a day went by since the last look, by the clock, nothing is
   * deleted for another day: time for a wrong clock to be seen and set.
   */
  async function isClockTrusted(): Promise<boolean> {
    const at = now()
    const before = (await readSetting(db, LAST_LOOK_KEY)) as { at: number; heldUntil: number } | undefined
    // a library that runs for an hour a week gets its day too: then the clock was seen twice
    const wasHeld = before !== undefined && before.heldUntil > before.at
    const hasJumped = before !== undefined && !wasHeld && at - before.at > DAY_MS
    // one that was set back since would hold it for as much longer
    const heldUntil = hasJumped ? at + DAY_MS : Math.min(before?.heldUntil ?? 0, at + DAY_MS)
    if (hasJumped) log.warn({ since: new Date(before.at), until: new Date(heldUntil) }, MESSAGE_OF_JUMP)
    await saveSetting(db, LAST_LOOK_KEY, { at, heldUntil })
    return at >= heldUntil
  }

  /** The rows first: a kill in between leaves files without a photo, which are swept, never a photo without its file. */
  async function purge(actor: Actor, ids: readonly number[]): Promise<{ deleted: number; bytes: number }> {
    let [deleted, bytes] = [0, 0]
    for (let from = 0; from < ids.length; from += BATCH) {
      const some = ids.slice(from, from + BATCH)
      const uploads = (await readTrashedFiles(db, some)).filter(({ kind }) => kind === 'upload')
      const gone = await db.transaction().execute((trx) => purgePhotos(trx, actor, some))
      for (const { id, sha256 } of gone) {
        await renditions.deleteBelow(renditionFolder(sha256))
        // so that a rebuilt library does not bring it back
        await rm(recordPath(dataDir, sha256), { force: true })
        for (const file of uploads.filter(({ photo_id }) => photo_id === id)) {
          await removeBlob(file.path)
          bytes += file.bytes
        }
      }
      deleted += gone.length
    }
    if (deleted > 0) onChanged()
    return { deleted, bytes }
  }

  async function deleteFiles(files: readonly TrashedFile[]): Promise<{ deleted: number; problems: string[] }> {
    const problems: string[] = []
    let deleted = 0
    for (const file of files) {
      const path = join(file.root ?? '', file.path)
      try {
        if (!(await leadsInside(path, await readBounds({ root: file.root ?? '', followLinks: file.follow_links })))) {
          problems.push(`${path} does not lie in its folder any more; it was not deleted`)
          continue
        }
        const found = await stat(path)
        if (found.size !== file.bytes || Math.floor(found.mtimeMs) !== file.modified_ms) {
          problems.push(`${path} was changed since the library looked at it; it was not deleted`)
          continue
        }
        await unlink(path)
        await deleteFileRow(db, file.id)
        deleted++
      } catch (error) {
        problems.push(`${path} could not be deleted: ${describeError(error)}`)
      }
    }
    return { deleted, problems }
  }

  function ask(ids: readonly number[], inPlace: readonly TrashedFile[]): EmptyReport {
    const token = randomUUID()
    for (const [key, { until }] of pending) if (until < now()) pending.delete(key)
    pending.set(token, { ids, files: inPlace.length, until: now() + CONFIRM_MS })
    const folders = [...new Set(inPlace.flatMap(({ root }) => root ?? []))].sort()
    return { ...NOTHING, confirm: { token, files: inPlace.length, folders } }
  }

  return {
    async list(sees, { removed, after = 0, limit }) {
      const isRemoved = removed === 'true'
      const rows = await listTrash(db, sees, isRemoved, after, limit)
      const photos = rows.map((row) => ({
        photo: toPhotoCard(row),
        bytes: row.bytes,
        trashed_at: row.trashed_at.toISOString(),
        deleted_on: isRemoved ? null : new Date(row.trashed_at.getTime() + TRASH_DAYS * DAY_MS).toISOString(),
        in_place: row.isInPlace,
      }))
      return { photos, ...(await countTrash(db, sees, isRemoved)), next: rows.length === limit ? after + limit : null }
    },

    async restore(actor, asked) {
      if (asked) await db.transaction().execute((trx) => reviveRemoved(trx, actor.sees, asked, onNewPhoto))
      const ids = await findTrashed(db, actor.sees, asked)
      if (ids.length === 0) {
        if (asked === undefined) return { restored: 0, edit: null }
        throw new FototecaError(
          'not_found',
          'none of these photos is in the trash; what was deleted with its file can only be uploaded again',
        )
      }
      const { id } = await edits.make(actor, { photos: { ids }, operations: [{ do: 'restore' }], dry_run: false })
      onChanged()
      return { restored: ids.length, edit: id }
    },

    async empty(actor, { ids: asked, files, confirm }) {
      const inPlaceOf = async (ids: readonly number[]) => (await readTrashedFiles(db, ids)).filter(({ kind }) => kind === 'folder')
      const ids = await findTrashed(db, actor.sees, asked)
      const inPlace = await inPlaceOf(ids)
      if (files === 'keep' || inPlace.length === 0) return { ...NOTHING, ...(await purge(actor, ids)), files_kept: inPlace.length }
      if (!confirm) return ask(ids, inPlace)
      const asking = pending.get(confirm.token)
      const isSame = asking && asking.until >= now() && asking.files === inPlace.length && asking.ids.join() === ids.join()
      if (!isSame || confirm.files !== asking.files)
        throw new FototecaError(
          'conflict',
          'this confirms something else than what is in the trash now, or comes too late; nothing was deleted. Ask again',
        )
      pending.delete(confirm.token)
      log.warn({ files: inPlace.length }, 'a person asked twice: files in folders are deleted')
      const { deleted, problems } = await deleteFiles(inPlace)
      return { ...NOTHING, ...(await purge(actor, ids)), files_deleted: deleted, files_kept: inPlace.length - deleted, problems }
    },

    async emptyOld() {
      if (!(await isClockTrusted())) return 0
      const ids = await findTrashed(db, SYSTEM.sees, undefined, new Date(now() - TRASH_DAYS * DAY_MS))
      const { deleted, bytes } = await purge(SYSTEM, ids)
      if (deleted > 0) log.info({ deleted, bytes }, `deleted what was in the trash for ${TRASH_DAYS} days`)
      return deleted
    },
  }
}

const NOTHING: EmptyReport = { deleted: 0, bytes: 0, files_deleted: 0, files_kept: 0, problems: [], confirm: null }
