/** @file Takes one uploaded picture: stream → disk → checks → row. What was answered is there for ever. */
import type { Readable } from 'node:stream'
import type { UploadResult } from '../contract/library.ts'
import { message } from '../contract/messages/message.ts'
import type { Collection, PhotoFormat } from '../contract/words.ts'
import type { Db, Trx } from '../db/client.ts'
import { FototecaError } from '../domain/errors.ts'
import { sniffFormat } from '../media/sniff.ts'
import type { Limits } from './judge-file.ts'
import { lockBlob, type OnNewPhoto, putBackInTrash, readUploadSourceId, type SavedFile, saveFile } from './store.ts'
import type { ReceivedBlob, Uploads } from './uploads.ts'

export interface UploadDeps {
  readonly db: Db
  readonly blobs: Uploads
  readonly limits: Limits
  readonly onNewPhoto: OnNewPhoto
}

/** A picture that was received and checked, and is no photo yet: it must be kept or discarded. */
export interface StagedUpload {
  readonly filename: string
  readonly format: PhotoFormat
  /** its `temporary` file can be read until then */
  readonly received: ReceivedBlob
}

/** @throws FototecaError `invalid` (empty), `too_large`, `not_a_picture`, `unsupported_format`, `disk_full`; nothing is left behind then */
export async function stageUpload({ blobs, limits }: UploadDeps, stream: Readable, givenName: string): Promise<StagedUpload> {
  const received = await blobs.receive(stream, limits.maxBytes)
  try {
    return { filename: cleanFilename(givenName), format: await checkFormat(received, limits), received }
  } catch (error) {
    await blobs.discard(received)
    throw error
  }
}

export interface KeepOptions {
  /** in the same transaction: what must stand or fall with the photo */
  readonly also?: ((trx: Trx, photo: SavedFile) => Promise<void>) | undefined
  /** as what it comes in; default: a photo of a person */
  readonly collection?: Collection | undefined
}

/** Makes a staged picture a photo. */
export async function keepUpload(
  deps: UploadDeps,
  { filename, format, received }: StagedUpload,
  { also, collection }: KeepOptions = {},
): Promise<SavedFile> {
  try {
    const uploadSourceId = await readUploadSourceId(deps.db)
    const now = new Date()
    const file = { sourceId: uploadSourceId, filename, bytes: received.bytes, modifiedMs: now.getTime(), sha256: received.sha256 }
    return await deps.blobs.keep(received, (path, checkThere) =>
      deps.db.transaction().execute(async (trx) => {
        await lockBlob(trx, path)
        await checkThere()
        const saved = await saveFile(trx, { ...file, path, format, reason: null, sortAt: now }, deps.onNewPhoto, collection)
        if (saved.isRemoved) await putBackInTrash(trx, saved.photoId, deps.onNewPhoto)
        await also?.(trx, saved)
        return saved
      }),
    )
  } catch (error) {
    await deps.blobs.discard(received)
    throw error
  }
}

/** @throws as `stageUpload` */
export async function takeUpload(
  deps: UploadDeps,
  stream: Readable,
  givenName: string,
  collection?: Collection,
): Promise<UploadResult & { isNew: boolean }> {
  const staged = await stageUpload(deps, stream, givenName)
  const saved = await keepUpload(deps, staged, { collection })
  const { photoId, isNew, deletedAt } = saved
  const deleted_at = deletedAt?.toISOString() ?? null
  return { id: photoId, filename: staged.filename, duplicate: !isNew, deleted_at, message: say(saved), isNew }
}

function say({ isNew, deletedAt }: SavedFile): string {
  if (deletedAt !== null)
    return `this picture was deleted on ${deletedAt.toISOString().slice(0, 10)} and stays deleted; it lies in the trash, bring it back from there`
  return isNew ? 'taken; it is being analysed' : 'these bytes are in the library already'
}

async function checkFormat(received: ReceivedBlob, limits: Limits) {
  if (received.bytes === 0) throw new FototecaError('invalid', 'the file is empty (0 bytes)')
  const sniffed = await sniffFormat(received.temporary)
  if ('refused' in sniffed) throw new FototecaError('not_a_picture', sniffed.refused)
  if (!limits.formats.includes(sniffed.format))
    throw new FototecaError('unsupported_format', message('file.format-off', { format: sniffed.format, allowed: limits.formats }))
  return sniffed.format
}

/** The last part of what the client calls it, without control and direction characters, at most 255 bytes: it is shown, never used as a path. */
export function cleanFilename(given: string): string {
  const last = given.split(/[/\\]/).at(-1) ?? ''
  const clean = last
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, ' ')
    .replaceAll(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '') // they turn `gpj.exe` into `exe.jpg` for the eye
    .trim()
  if (clean === '' || clean === '.' || clean === '..') return 'unnamed'
  if (Buffer.byteLength(clean) <= 255) return clean
  const extension = /\.[^.]{1,10}$/.exec(clean)?.[0] ?? ''
  let stem = clean.slice(0, clean.length - extension.length)
  while (Buffer.byteLength(stem + extension) > 255) stem = stem.slice(0, -1)
  return stem.toWellFormed().replace(/\ufffd$/, '') + extension
}
