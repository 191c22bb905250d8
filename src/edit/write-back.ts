/**
 * @file Write-back: what the library says of a photo into an XMP sidecar (off by default), or into a copy of the file for a download.
 * Originals are only read. A sidecar is written beside them under a hidden name and renamed, so that nobody sees half of one.
 */
import { randomUUID } from 'node:crypto'
import { access, chmod, constants, copyFile, lstat, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Config } from '../config/schema.ts'
import type { Db } from '../db/client.ts'
import type { WrittenContent } from '../db/tables/edits.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { readSidecarMark } from '../media/read-sidecar.ts'
import { type MetadataToWrite, writeMetadata } from '../media/write-metadata.ts'
import { type Bounds, type HeldFile, holdOriginal, leadsInside, openFolderInside, openInside } from '../storage/bounds.ts'
import { makeFolderBelow } from '../storage/durable-write.ts'
import type { InPlace, LibraryFile } from '../storage/library-file.ts'
import { listDueSidecars, readWritable, readWritten, replaceSidecarMark, saveSidecar, type WritablePhoto } from './store-write-back.ts'

/** Sidecars per look at what is due: each takes exiftool about 30 ms. */
const BATCH = 20

const NOTHING: WrittenContent = { title: null, caption: null, altText: null, rating: null, keywords: [], paths: [], faces: [] }

export interface WriteBackDeps {
  readonly db: Db
  readonly dataDir: string
  readonly mode: Config['writeBack']
  readonly log: Log
  readonly locate: (photoId: number) => Promise<LibraryFile | null>
}

export interface WriteBack {
  /** Writes the next sidecars that are due. @returns false when none is, or write-back is off */
  readonly step: () => Promise<boolean>
  /** A copy of the photo’s file with what the library says written into it; gone when disposed. @throws FototecaError `not_found`, `unsupported_format` */
  copyWithMetadata(photoId: number): Promise<{ readonly path: string } & AsyncDisposable>
}

export function createWriteBack({ db, dataDir, mode, log, locate }: WriteBackDeps): WriteBack {
  async function writeSidecar(photo: WritablePhoto, before: WrittenContent, wasAt: string | null): Promise<string | null> {
    const located = await locate(photo.id)
    if (!located) return wasAt
    const file = located.inPlace
    const own = join(dataDir, 'sidecars', photo.sha256.slice(0, 2), `${photo.sha256}.xmp`)
    await using beside = mode === 'beside' && file ? await openWritable(file) : null
    const folder = beside?.path ?? dirname(own)
    const target = beside && file ? join(folder, `${basename(file.path)}.xmp`) : own
    await using former = await openFormer(target, beside && file ? file.bounds : null)
    const readMark = async () => file && readSidecarMark(file.path, (path) => leadsInside(path, file.bounds))
    const mark = beside ? await readMark() : null
    // nothing to say, and nothing said before: no file for it
    if (!former && isEmpty(photo.content)) return null
    if (!beside) await makeFolderBelow(dataDir, folder)
    const temporary = join(folder, `.fototeca-${randomUUID()}.xmp`)
    try {
      if (former) await copyFile(former.path, temporary)
      await writeMetadata(temporary, toWrite(photo, before), former !== null)
      // beside a photo, whoever may read the photo may read what is said of it
      if (beside && file) await chmod(temporary, (await stat(former?.path ?? join(folder, basename(file.path)))).mode & 0o666)
      const handle = await open(temporary, 'r+')
      await handle.sync().finally(() => handle.close())
      await rename(temporary, target)
    } finally {
      await rm(temporary, { force: true })
    }
    if (!beside || !file) return own
    // what the next scan sees is ours; where another program had written since the last one, it is read again
    await replaceSidecarMark(db, photo.id, file.path, mark, await readMark())
    return `${file.path}.xmp`
  }

  return {
    async step() {
      if (mode === 'off') return false
      const due = await listDueSidecars(db, BATCH)
      for (const { id, changedIn } of due) {
        const photo = await readWritable(db, id)
        if (!photo) continue
        const written = await readWritten(db, id)
        const before = written?.content ?? NOTHING
        try {
          const isSame = isDeepStrictEqual(before, photo.content)
          const path = isSame ? (written?.path ?? null) : await writeSidecar(photo, before, written?.path ?? null)
          await saveSidecar(db, id, { changedIn, content: photo.content, path, problem: null })
        } catch (error) {
          log.warn(
            { photo_id: id, err: describeError(error) },
            'the sidecar of a photo could not be written; it is tried again when the photo changes',
          )
          const path = written?.path ?? null
          await saveSidecar(db, id, { changedIn, content: written?.content ?? null, path, problem: describeError(error) })
        }
      }
      return due.length > 0
    },

    async copyWithMetadata(photoId) {
      const [photo, file] = await Promise.all([readWritable(db, photoId), locate(photoId)])
      if (!photo) throw new FototecaError('not_found', `there is no photo ${photoId}`)
      if (!file)
        throw new FototecaError(
          'not_found',
          `the file of photo ${photoId} is not where it was; mount or move it back and it is found again`,
        )
      const folder = join(dataDir, 'tmp', randomUUID())
      const remove = () => rm(folder, { recursive: true, force: true })
      try {
        await makeFolderBelow(dataDir, folder)
        const path = join(folder, `copy${extname(basename(file.inPlace?.path ?? ''))}`)
        await file.withFile(async (at) => {
          await using held = await holdOriginal(at.path, at.bounds)
          await copyFile(held.path, path)
        })
        await writeMetadata(path, toWrite(photo, NOTHING), true)
        return { path, [Symbol.asyncDispose]: remove }
      } catch (error) {
        await remove()
        if (error instanceof FototecaError) throw error
        throw new FototecaError('unsupported_format', `metadata cannot be written into this kind of file: ${describeError(error)}`, {
          cause: error,
        })
      }
    },
  }
}

function toWrite({ content, removed, decided, picture }: WritablePhoto, before: WrittenContent): MetadataToWrite {
  // an empty value is taken away where a person decided so, or where it was we who wrote it
  const value = <T>(now: T | null, former: T | null, isDecided: boolean): T | null | undefined =>
    now !== null ? now : isDecided || former !== null ? null : undefined
  const kept = new Set([...content.keywords, ...content.paths].map((word) => word.toLowerCase()))
  const former = [...before.keywords, ...before.paths].map((word) => word.toLowerCase()).filter((word) => !kept.has(word))
  return {
    title: value(content.title, before.title, decided.includes('title')),
    caption: value(content.caption, before.caption, decided.includes('caption')),
    altText: value(content.altText, before.altText, decided.includes('alt_text')),
    rating: value(content.rating, before.rating, decided.includes('rating')),
    keywords: content.keywords,
    paths: content.paths,
    unwanted: [...removed, ...former],
    faces: content.faces,
    formerNames: before.faces.map(({ name }) => name),
    picture,
  }
}

const isEmpty = (content: WrittenContent): boolean => isDeepStrictEqual(content, NOTHING)

/** The folder of the file, held, so that a link put in its place leads nothing elsewhere. @returns null when it cannot be written */
async function openWritable({ path, bounds }: InPlace): Promise<HeldFile | null> {
  const folder = await openFolderInside(dirname(path), bounds).catch(() => null)
  const isWritable =
    folder !== null &&
    (await access(folder.path, constants.W_OK).then(
      () => true,
      () => false,
    ))
  if (isWritable) return folder
  await folder?.[Symbol.asyncDispose]()
  return null
}

/**
 * The sidecar that is there. @returns null when there is none
 * @throws FototecaError `conflict` for a directory, or a link that leads out of the folder
 */
async function openFormer(path: string, bounds: Bounds | null): Promise<HeldFile | null> {
  const stats = await lstat(path).catch(() => undefined)
  if (!stats) return null
  const former = await openInside(path, bounds).catch((error: unknown) => {
    if (stats.isSymbolicLink()) return null
    throw error
  })
  if (former) return former
  throw new FototecaError(
    'conflict',
    `${basename(path)} is a directory, or a link that leads out of the folder: it is neither read nor replaced. Move it away; the sidecar is written when the photo changes next`,
  )
}
