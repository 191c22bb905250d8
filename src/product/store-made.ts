/** @file Copies made pictures into a store under `gen_images/`, as system D does: a product picture of its own, linked to what it was made of. */
import type { Db } from '../db/client.ts'
import { FototecaError } from '../domain/errors.ts'
import type { Ingest } from '../ingest/ingest.ts'
import { streamFile } from '../storage/library-file.ts'
import type { Pictures } from './pictures.ts'
import { findByPrefix, readPicturesOf } from './store-pictures.ts'

export interface MadePicture {
  readonly store: string
  readonly photoId: number
  /** the photo it was made of; null: deleted */
  readonly sourceId: number | null
  readonly kind: string
  readonly madeBy: string
  readonly filename: string
}

export const MADE_FOLDER = 'gen_images/'

/**
 * Bytes, intent and row in the order of every product picture. Asked again for the same photo it answers the same picture, back in its store.
 * @returns id of the product picture
 * @throws FototecaError `not_found` (its file), `unavailable` (the store), `invalid` (no such store)
 */
export async function storeMade(
  {
    db,
    pictures,
    locate,
  }: { readonly db: Db; readonly pictures: Pick<Pictures, 'stage' | 'take' | 'find' | 'restore'>; readonly locate: Ingest['locate'] },
  { store, photoId, sourceId, kind, madeBy, filename }: MadePicture,
): Promise<number> {
  const before = await findByPrefix(db, store, MADE_FOLDER, photoId)
  if (before !== undefined) {
    // made again it may be the same bytes as what was taken out
    if ((await pictures.find({ id: before })).state === 'trashed') await pictures.restore(before)
    return before
  }
  const original = await locate(photoId)
  if (!original) throw new FototecaError('not_found', `the file of photo ${photoId} is not where it was; mount or move it back`)
  const [origin] = sourceId === null ? [] : await readPicturesOf(db, store, [sourceId])
  const staged = await pictures.stage(streamFile(original), filename)
  const taken = await pictures.take(staged, {
    website: store,
    kind,
    // it is like what it was made of: that is meant
    checkDuplicate: false,
    topK: 1,
    prefix: MADE_FOLDER,
    ...(origin ? { origin: { id: origin.id, madeBy } } : {}),
  })
  if (taken.end !== 'new') throw new FototecaError('internal', 'a made picture was taken for a duplicate')
  return taken.picture.id
}
