/** @file Checks the files of one photo and does what follows: notes or forgets problems, has renditions made anew. */
import type { Db } from '../db/client.ts'
import type { Outage, Outages } from '../domain/outage.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import { renditionKey } from '../storage/keys.ts'
import { checkFile, type FileVerdict, type Reading } from './check-file.ts'
import { checkRenditions } from './check-renditions.ts'
import { deleteProblem, type PhotoToCheck, readPhotoToCheck, saveProblem, saveRenditions } from './store-checks.ts'

export interface CheckDeps {
  readonly db: Db
  readonly originals: BlobStore
  readonly renditions: BlobStore
  /** where the original is; null: none can be used */
  readonly locate: (photoId: number) => Promise<unknown>
  /** makes the renditions of a photo due again */
  readonly renew: (photoId: number) => Promise<void>
  readonly outages: Outages
}

export interface CheckedPhoto {
  readonly files: number
  readonly renditions: number
  readonly found: number
  readonly renewed: number
  readonly changed: number
  readonly skipped: number
}

/** Thrown where the disk as a whole is out of order: nothing can be said of a file on it. */
export class InterruptedByOutage extends Error {
  readonly outage: Outage
  constructor(outage: Outage) {
    super(outage.reason)
    this.outage = outage
  }
}

type How = Omit<Reading, 'originals'>

/** @throws InterruptedByOutage, and the signal’s reason */
export async function checkPhoto(deps: CheckDeps, photo: PhotoToCheck, how: How): Promise<CheckedPhoto> {
  const counts = { files: 0, renditions: 0, found: 0, renewed: 0, changed: 0, skipped: 0 }
  for (const file of photo.files) {
    const verdict = await checkTwice(deps, photo, file.id, how)
    if (verdict === 'changed') counts.changed += 1
    else if (verdict === 'away') counts.skipped += 1
    else counts.files += 1
    if (typeof verdict === 'object') {
      await saveProblem(deps.db, file.id, verdict)
      counts.found += 1
    } else if (file.problem !== null && (verdict === 'changed' || (verdict === 'right' && how.isWhole)))
      await deleteProblem(deps.db, file.id)
  }
  if (photo.isPrepared && how.isWhole) {
    const { read, renewed } = await checkShown(deps, photo, how)
    counts.renditions += read
    counts.renewed += renewed
  }
  return counts
}

/** What seems wrong is looked at again, by rows read again: the file may have been moved, deleted, or replaced just then. */
async function checkTwice(deps: CheckDeps, photo: PhotoToCheck, fileId: number, how: How): Promise<FileVerdict> {
  const look = async (now: PhotoToCheck | undefined): Promise<FileVerdict> => {
    const file = now?.files.find(({ id }) => id === fileId)
    return file && now ? checkFile(file, now.sha256, { ...how, originals: deps.originals }) : 'changed'
  }
  const first = await look(photo)
  if (typeof first !== 'object') return first
  const [outage] = await deps.outages.check()
  if (outage) throw new InterruptedByOutage(outage)
  return look(await readPhotoToCheck(deps.db, photo.id))
}

/** Renditions that are wrong now, and still when they are looked at again, are made anew. */
async function checkShown(deps: CheckDeps, photo: PhotoToCheck, { signal, pace }: How): Promise<{ read: number; renewed: number }> {
  const look = ({ width, height, renditions }: PhotoToCheck) =>
    checkRenditions({
      store: deps.renditions,
      sha256: photo.sha256,
      known: renditions,
      shape: { width: width ?? 1, height: height ?? 1 },
      signal,
      pace,
    })
  const first = await look(photo)
  if (first.adopted.length > 0) await saveRenditions(deps.db, photo.id, first.adopted)
  if (first.wrong.length === 0) return { read: first.read, renewed: 0 }
  const [outage] = await deps.outages.check()
  if (outage) throw new InterruptedByOutage(outage)
  // they may have been made anew just then: files first, their row after
  const now = await readPhotoToCheck(deps.db, photo.id)
  if (!now?.isPrepared) return { read: first.read, renewed: 0 }
  const { wrong } = await look(now)
  if (wrong.length === 0) return { read: first.read, renewed: 0 }
  for (const kind of wrong) await deps.renditions.delete(renditionKey(photo.sha256, kind))
  // without an original they stay away, and are made when it is back
  if ((await deps.locate(photo.id)) === null) return { read: first.read, renewed: 0 }
  await deps.renew(photo.id)
  return { read: first.read, renewed: wrong.length }
}
