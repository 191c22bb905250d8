/** @file Backups of the running library: one at a time, in the background. */
import type { BackupReport, BackupRequest } from '../contract/backup.ts'
import type { OpenDatabase } from '../db/client.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { ProductProfileName } from '../domain/product/product-profiles.ts'
import type { LibraryBlobs } from '../storage/library-blobs.ts'
import { type BackupProgress, type MadeBackup, makeBackup } from './make-backup.ts'
import { type BackupPlace, openPlaceToWrite } from './place.ts'
import { ensureLibraryId, readFolderPaths, readLastBackup, saveLastBackup } from './store-content.ts'

export interface BackupsDeps {
  readonly open: Pick<OpenDatabase, 'db' | 'engine' | 'folder'>
  readonly dataDir: string
  readonly blobs: LibraryBlobs
  /** FOTOTECA_STORES */
  readonly stores: string | undefined
  readonly productProfile: ProductProfileName
  readonly minFreeBytes: number
  readonly log: Log
}

type State = Omit<BackupReport, 'last'>

const IDLE: State = {
  ...{ state: 'idle', target: null, phase: null, result: null, error: null },
  ...{ files: 0, files_total: 0, bytes: 0, bytes_total: 0 },
}

export class Backups implements AsyncDisposable {
  readonly #deps: BackupsDeps
  readonly #closing = new AbortController()
  #state: State = IDLE
  #work: Promise<void> | undefined

  constructor(deps: BackupsDeps) {
    this.#deps = deps
  }

  /** Answers when it has begun. @throws FototecaError `conflict` while one is made; `invalid`, `config`, `unavailable` for a target that cannot be used */
  async start({ target, keep, with_folders: withFolders }: BackupRequest): Promise<BackupReport> {
    const { open, dataDir, stores, productProfile } = this.#deps
    if (this.#work || this.#state.state === 'running')
      throw new FototecaError('conflict', `a backup into ${this.#state.target} is being made; wait for it`)
    const before = this.#state
    this.#state = { ...IDLE, state: 'running', target, phase: 'database' }
    try {
      const library = await ensureLibraryId(open.db)
      const place = await openPlaceToWrite(target, { dataDir, stores, productProfile }, library, await readFolderPaths(open.db))
      this.#state = { ...this.#state, target: place.shown }
      this.#work = this.#run(library, place, { keep, withFolders }).finally(() => {
        this.#work = undefined
      })
    } catch (error) {
      this.#state = before
      throw error
    }
    return await this.report()
  }

  async report(): Promise<BackupReport> {
    return { ...this.#state, last: await readLastBackup(this.#deps.open.db) }
  }

  /** Ends what is being made; the same request goes on where it was. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new FototecaError('unavailable', 'the program is being stopped'))
    await this.#work
  }

  async #run(library: string, place: BackupPlace, options: { keep: number; withFolders: boolean }): Promise<void> {
    const { open, log } = this.#deps
    try {
      await using _place = place
      const made = await makeBackup({ ...this.#deps, library }, place, options, (now) => this.#tell(now), this.#closing.signal)
      await saveLastBackup(open.db, { finished_at: made.manifest.finished_at, target: place.shown, snapshot: made.manifest.name })
      this.#state = { ...this.#state, state: 'done', phase: null, result: describeResult(made) }
      log.info({ target: place.shown, snapshot: made.manifest.name, written: made.written }, 'backup finished')
    } catch (error) {
      this.#state = { ...this.#state, state: 'failed', phase: null, error: describeError(error) }
      if (!this.#closing.signal.aborted) log.error({ err: describeError(error), target: place.shown }, 'backup failed')
    }
  }

  #tell({ phase, files, filesTotal, bytes, bytesTotal }: BackupProgress): void {
    this.#state = { ...this.#state, phase, files, files_total: filesTotal, bytes, bytes_total: bytesTotal }
  }
}

function describeResult({ manifest, written, writtenBytes, removed }: MadeBackup): NonNullable<BackupReport['result']> {
  return {
    snapshot: manifest.name,
    photos: manifest.photos,
    files: manifest.files?.count ?? 0,
    written,
    written_bytes: writtenBytes,
    named_only: manifest.files?.named_only ?? 0,
    removed: [...removed],
    gone: [...manifest.gone],
    damaged: [...manifest.damaged],
  }
}
