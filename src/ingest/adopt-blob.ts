/** @file Makes an uploaded file that belongs to no photo the photo that it was. It is only read. */
import { join } from 'node:path'
import type { Db, Trx } from '../db/client.ts'
import { describeError } from '../domain/errors.ts'
import { sniffFormat } from '../media/sniff.ts'
import { hashFile } from './hash-file.ts'
import type { Limits } from './judge-file.ts'
import { type OnNewPhoto, readUploadSourceId, saveFile } from './store.ts'

export interface AdoptDeps {
  readonly db: Db
  readonly limits: Limits
  readonly onNewPhoto: OnNewPhoto
  /** of the blob store */
  readonly folder: string
}

export interface AdoptedBlob {
  /** undefined: not known any more */
  readonly filename?: string | undefined
  readonly addedAt?: Date | undefined
}

/**
 * @param also in the transaction that makes the photo
 * @returns why it cannot be one, in words; null: it is one now
 */
export async function adoptBlob(
  { db, limits, onNewPhoto, folder }: AdoptDeps,
  path: string,
  was: AdoptedBlob,
  also: (trx: Trx, photoId: number) => Promise<void>,
  signal: AbortSignal,
): Promise<string | null> {
  const absolute = join(folder, path)
  const name = path.slice(path.lastIndexOf('/') + 1)
  try {
    const hashed = await hashFile(absolute, signal)
    if (hashed?.sha256 !== name) return 'its bytes are not those that came in'
    const sniffed = await sniffFormat(absolute)
    if ('refused' in sniffed) return sniffed.refused
    if (!limits.formats.includes(sniffed.format)) return `${sniffed.format} is not among the formats taken here (FOTOTECA_FORMATS)`
    const { format } = sniffed
    const addedAt = was.addedAt ?? new Date(hashed.modifiedMs)
    const filename = was.filename ?? `${name.slice(0, 12)}.${format}`
    const sourceId = await readUploadSourceId(db)
    const file = { ...hashed, sourceId, path, filename, format, modifiedMs: addedAt.getTime(), reason: null, sortAt: addedAt }
    await db.transaction().execute(async (trx) => {
      const { photoId } = await saveFile(trx, file, onNewPhoto)
      await trx.updateTable('photos').set({ created_at: addedAt, filename }).where('id', '=', photoId).execute()
      await also(trx, photoId)
    })
    return null
  } catch (error) {
    signal.throwIfAborted()
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EIO' || code === 'EACCES' || code === 'ENOENT') return `it cannot be read: ${describeError(error)}`
    throw error
  }
}
