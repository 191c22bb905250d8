/** @file Writes what persons know of photos into files beside the database, in the background, so that it outlives the database. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Db } from '../db/client.ts'
import { recordPath } from '../domain/record-path.ts'
import { replaceFile } from '../storage/durable-write.ts'
import { readAlbums, readAlbumsMark } from './store-albums.ts'
import { listDueRecords, saveRecordMarks } from './store-records.ts'

/** Photos per look at what is due. */
const BATCH = 50
const WRITTEN_TOGETHER = 8

export const albumsPath = (dataDir: string): string => join(dataDir, 'records', 'albums.json')

export interface RecordWriterDeps {
  readonly db: Db
  readonly dataDir: string
  /** a library that is being rebuilt reads its records first */
  readonly isHeld: () => Promise<boolean>
}

/** @returns work for the background: writes the next records. It answers false when none is due */
export function createRecordWriter({ db, dataDir, isHeld }: RecordWriterDeps): () => Promise<boolean> {
  let albums: string | undefined

  async function writeAlbums(): Promise<void> {
    const mark = await readAlbumsMark(db)
    if (mark === albums) return
    const text = JSON.stringify(await readAlbums(db))
    const before = await readFile(albumsPath(dataDir), 'utf8').catch(() => null)
    const isNothing = before === null && (JSON.parse(text) as { albums: unknown[] }).albums.length === 0
    if (before !== text && !isNothing) await replaceFile(albumsPath(dataDir), text, dataDir)
    albums = mark
  }

  return async () => {
    if (await isHeld()) return false
    const due = await listDueRecords(db, BATCH)
    const marks: { id: number; changedIn: string; sha256: string | null }[] = []
    for (let from = 0; from < due.length; from += WRITTEN_TOGETHER)
      await Promise.all(
        due.slice(from, from + WRITTEN_TOGETHER).map(async ({ id, changedIn, written, isUploaded, record }) => {
          // a file in a folder has its name there; only what was said of it would be lost
          const isNeeded = isUploaded || written !== null || record.decisions.length > 0 || record.faces.length > 0
          const text = JSON.stringify(record)
          const sha256 = isNeeded ? createHash('sha256').update(text).digest('hex') : null
          if (isNeeded && sha256 !== written) await replaceFile(recordPath(dataDir, record.sha256), text, dataDir)
          marks.push({ id, changedIn, sha256 })
        }),
      )
    if (marks.length > 0) await saveRecordMarks(db, marks)
    else await writeAlbums()
    return due.length > 0
  }
}
