/**
 * @file The hash index of a running library: filled from the table at the first question, then kept in step by the step that asks.
 *
 * Every question first puts the photo’s own hash in, in the same turn as it looks the others up. Of two photos saved at the same time
 * the later one therefore always finds the earlier, whether or not its transaction can see it yet. What a rolled-back transaction put
 * in stays: a hash is a function of the photo’s bytes, so the next run puts the same in again; photos deleted meanwhile are
 * dropped when pairs are written.
 */
import type { DbOrTrx } from '../../../db/client.ts'
import { HASH_BYTES, hashWords } from '../../../domain/likeness/hamming.ts'
import { type Duplicate, findDuplicates, MIN_QUALITY, type PhotoHash } from './find-duplicates.ts'
import { HashIndex, type HashMatch } from './hash-index.ts'
import { readHashPage } from './store.ts'

/** Hashes per statement: 160 KB of bytes, and a pause for the event loop between them. */
const PAGE = 5000

export class DuplicateIndex {
  readonly #page: number
  #hashes = new HashIndex()
  #filling: Promise<void> | undefined

  constructor(page = PAGE) {
    this.#page = page
  }

  get size(): number {
    return this.#hashes.size
  }

  /** Notes the photo’s hash and answers its duplicates. `db` is only read, and only the first time. */
  async match(db: DbOrTrx, photo: PhotoHash, threshold: number): Promise<Duplicate[]> {
    await this.#fill(db)
    if (photo.quality < MIN_QUALITY) {
      this.#hashes.remove(photo.photoId)
      return []
    }
    this.#hashes.put(photo.photoId, hashWords(photo.dihedral))
    return findDuplicates(this.#hashes, photo, threshold)
  }

  /** What a picture that is no photo (yet) is like: nothing is noted. */
  async find(db: DbOrTrx, picture: Omit<PhotoHash, 'photoId'>, threshold: number): Promise<HashMatch[]> {
    await this.#fill(db)
    if (picture.quality < MIN_QUALITY) return []
    return this.#hashes.find(hashWords(picture.dihedral), threshold).sort((a, b) => a.distance - b.distance || a.photoId - b.photoId)
  }

  /** A photo got its hash outside the step that asks. */
  async note(db: DbOrTrx, photo: PhotoHash): Promise<void> {
    await this.#fill(db)
    if (photo.quality >= MIN_QUALITY) this.#hashes.put(photo.photoId, hashWords(photo.dihedral))
  }

  /** The photo has no hash any more. */
  forget(photoId: number): void {
    this.#hashes.remove(photoId)
  }

  /** Throws the memory away; the next question reads the table again. */
  reset(): void {
    this.#hashes = new HashIndex()
    this.#filling = undefined
  }

  #fill(db: DbOrTrx): Promise<void> {
    this.#filling ??= this.#readAll(db).catch((error: unknown) => {
      this.#filling = undefined
      throw error
    })
    return this.#filling
  }

  async #readAll(db: DbOrTrx): Promise<void> {
    const hashes = new HashIndex()
    for (let after = 0; ; ) {
      const page = await readHashPage(db, after, this.#page)
      if (!page) break
      for (const [i, photoId] of page.ids.entries()) hashes.put(photoId, hashWords(page.hashes, i * HASH_BYTES))
      after = page.ids.at(-1) ?? after
    }
    this.#hashes = hashes
  }
}
