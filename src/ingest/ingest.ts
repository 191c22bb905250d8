/** @file Where photos come in: uploads and watched folders, behind one door. Owns the blob store of the uploads. */

import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import type { Readable } from 'node:stream'
import type { SourceReport, UploadResult } from '../contract/library.ts'
import type { Collection } from '../contract/words.ts'
import type { Trx } from '../db/client.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import { NO_OUTAGES, type Outages, refuseDuring } from '../domain/outage.ts'
import { recordPath } from '../domain/record-path.ts'
import { EVERY_PHOTO } from '../domain/visibility.ts'
import { listSourceNotices, listSources } from '../library/store-sources.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import type { LibraryFile } from '../storage/library-file.ts'
import { type AdoptedBlob, adoptBlob } from './adopt-blob.ts'
import type { FolderScansDeps } from './folder-scans.ts'
import { FolderSources } from './folder-sources.ts'
import { locateOriginal } from './locate-original.ts'
import { filterOwnedBlobs, lockBlob, type SavedFile } from './store.ts'
import { type KeepOptions, keepUpload, type StagedUpload, stageUpload, takeUpload } from './upload.ts'
import { type Owners, Uploads } from './uploads.ts'

export interface IngestDeps extends FolderScansDeps {
  readonly originals: BlobStore
}

type Folders = Pick<
  FolderSources,
  'list' | 'resolve' | 'addFolder' | 'changeSource' | 'dropFiles' | 'scan' | 'watchAll' | 'watch' | 'watching' | 'scanning'
>

export interface Ingest extends Folders, AsyncDisposable {
  upload(file: Readable, filename: string, collection?: Collection): Promise<UploadResult>
  /** Receives and checks a picture that is no photo yet; `keep` or `discard` it then. */
  stage(file: Readable, filename: string): Promise<StagedUpload>
  keep(staged: StagedUpload, options: KeepOptions): Promise<SavedFile>
  discard(staged: StagedUpload): Promise<void>
  sources(): Promise<SourceReport[]>
  /** what there is to say about them now */
  notices(): Promise<string[]>
  locate(photoId: number): Promise<LibraryFile | null>
  /** Uploaded files that belong to no photo, a few at a time: what a lost database leaves. */
  unownedBlobs(): AsyncGenerator<string[]>
  /** Makes one of them the photo that it was. @returns why not, in words; null: it is a photo */
  adopt(path: string, was: AdoptedBlob, also: (trx: Trx, photoId: number) => Promise<void>): Promise<string | null>
  /** Deletes bytes of the blob store, unless a photo holds them. */
  removeBlob(path: string): Promise<void>
}

export async function createIngest(deps: IngestDeps): Promise<Ingest> {
  const blobs = new Uploads(deps.originals)
  const ingest = new IngestService(deps, blobs)
  ingest.sweep()
  return ingest
}

class IngestService implements Ingest {
  readonly #deps: IngestDeps
  readonly #blobs: Uploads
  readonly #outages: Outages
  readonly #folders: FolderSources
  readonly #stop = new AbortController()
  readonly #owners: Owners = {
    filterOwned: (paths) => filterOwnedBlobs(this.#deps.db, paths),
    alone: (path, act) =>
      this.#deps.db.transaction().execute(async (trx) => {
        await lockBlob(trx, path)
        await act((await filterOwnedBlobs(trx, [path])).has(path))
      }),
  }
  #swept: Promise<void> | undefined

  constructor(deps: IngestDeps, blobs: Uploads) {
    this.#deps = deps
    this.#blobs = blobs
    this.#outages = deps.outages ?? NO_OUTAGES
    this.#folders = new FolderSources(deps)
  }

  async upload(file: Readable, filename: string, collection?: Collection): Promise<UploadResult> {
    const { isNew, ...result } = await this.#taking(() => takeUpload({ ...this.#deps, blobs: this.#blobs }, file, filename, collection))
    if (isNew) this.#deps.wake()
    return result
  }

  stage(file: Readable, filename: string): Promise<StagedUpload> {
    return this.#taking(() => stageUpload({ ...this.#deps, blobs: this.#blobs }, file, filename))
  }

  /** @throws FototecaError `disk_full` or `unavailable` at once during an outage, and when one begins meanwhile */
  async #taking<T>(take: () => Promise<T>): Promise<T> {
    refuseDuring(this.#outages.current())
    try {
      return await take()
    } catch (error) {
      const outage = await this.#outages.judge(error)
      if (outage && !(error instanceof FototecaError)) refuseDuring(outage)
      throw error
    }
  }

  async keep(staged: StagedUpload, options: KeepOptions): Promise<SavedFile> {
    const saved = await this.#taking(() => keepUpload({ ...this.#deps, blobs: this.#blobs }, staged, options))
    if (saved.isNew) this.#deps.wake()
    return saved
  }

  discard(staged: StagedUpload): Promise<void> {
    return this.#blobs.discard(staged.received)
  }

  async *unownedBlobs(): AsyncGenerator<string[]> {
    for await (const paths of this.#blobs.list()) {
      const owned = await filterOwnedBlobs(this.#deps.db, paths)
      yield paths.filter((path) => !owned.has(path))
    }
  }

  async adopt(path: string, was: AdoptedBlob, also: (trx: Trx, photoId: number) => Promise<void>): Promise<string | null> {
    const refused = await adoptBlob(this.#deps, path, was, also, this.#stop.signal)
    if (refused === null) this.#deps.wake()
    return refused
  }

  async removeBlob(path: string): Promise<void> {
    await this.#blobs.removeUnowned(path, this.#owners)
  }

  /**
   * Removes uploads that died between file and row, in the background. One with a record was a photo, of which an older database that was
   * put in place knows nothing.
   */
  sweep(): void {
    const { db, dataDir, log } = this.#deps
    const { signal } = this.#stop
    const recorded = new Set<string>()
    const filterOwned: Owners['filterOwned'] = async (paths) => {
      const owned = await filterOwnedBlobs(db, paths)
      for (const path of paths) if (!owned.has(path) && existsSync(recordPath(dataDir, basename(path)))) recorded.add(path)
      return new Set([...owned, ...recorded])
    }
    this.#swept = this.#blobs
      .sweepOrphans({ ...this.#owners, filterOwned }, signal)
      .then(({ removed, kept }) => {
        const lost = recorded.size + kept
        if (removed > 0) log.info({ removed }, 'removed uploaded files that belong to no photo')
        if (lost > 0) log.warn({ kept: lost }, 'uploaded files belong to no photo; run fototeca rebuild --add to take them in again')
      })
      .catch((error: unknown) => {
        if (!signal.aborted) log.error({ err: error }, `could not look through the uploaded files: ${describeError(error)}`)
      })
  }

  locate(photoId: number): Promise<LibraryFile | null> {
    return locateOriginal(this.#deps.db, this.#blobs.store, photoId)
  }

  sources(): Promise<SourceReport[]> {
    return listSources(this.#deps.db, EVERY_PHOTO)
  }

  notices(): Promise<string[]> {
    return listSourceNotices(this.#deps.db)
  }

  list: Folders['list'] = (path) => this.#folders.list(path)
  resolve: Folders['resolve'] = (path) => this.#folders.resolve(path)
  addFolder: Folders['addFolder'] = (path, options) => this.#folders.addFolder(path, options)
  changeSource: Folders['changeSource'] = (id, change) => this.#folders.changeSource(id, change)
  dropFiles: Folders['dropFiles'] = (id) => this.#folders.dropFiles(id)
  scan: Folders['scan'] = (id, request) => this.#folders.scan(id, request)
  watchAll: Folders['watchAll'] = () => this.#folders.watchAll()
  watch: Folders['watch'] = (id) => this.#folders.watch(id)
  get watching(): Folders['watching'] {
    return this.#folders.watching
  }
  scanning: Folders['scanning'] = () => this.#folders.scanning()

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new FototecaError('unavailable', 'fototeca is stopping'))
    await Promise.all([this.#swept, this.#folders[Symbol.asyncDispose]()])
  }
}
