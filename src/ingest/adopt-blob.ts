/** @file Makes an uploaded file that belongs to no photo the photo that it was. It is only read. */
import type { Db, Trx } from '../db/client.ts'
import { describeError } from '../domain/errors.ts'
import { sniffFormat } from '../media/sniff.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import { hashFile } from './hash-file.ts'
import type { Limits } from './judge-file.ts'
import { type OnNewPhoto, readUploadSourceId, saveFile } from './store.ts'

export interface AdoptDeps {
  readonly db: Db
  readonly limits: Limits
  readonly onNewPhoto: OnNewPhoto
  readonly originals: BlobStore
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
  { db, limits, onNewPhoto, originals }: AdoptDeps,
  path: string,
  was: AdoptedBlob,
  also: (trx: Trx, photoId: number) => Promise<void>,
  signal: AbortSignal,
): Promise<string | null> {
  const name = path.slice(path.lastIndexOf('/') + 1)
  try {
    const [arrived, hashed, sniffed] = await originals.withLocalFile(path, async (file) => [
      (await originals.stat(path))?.modifiedMs,
      await hashFile(file, signal),
      await sniffFormat(file),
    ])
    if (hashed?.sha256 !== name) return 'its bytes are not those that came in'
    if ('refused' in sniffed) return sniffed.refused
    if (!limits.formats.includes(sniffed.format)) return `${sniffed.format} is not among the formats taken here (FOTOTECA_FORMATS)`
    const { format } = sniffed
    const addedAt = was.addedAt ?? new Date(arrived ?? hashed.modifiedMs)
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
    const { code } = error as { readonly code?: string }
    if (code === 'EIO' || code === 'EACCES' || code === 'ENOENT' || code === 'not_found')
      return `it cannot be read: ${describeError(error)}`
    throw error
  }
}
