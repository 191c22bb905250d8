/**
 * @file Makes a library anew from what lies beside its database: uploaded originals, records, sidecars, albums. Originals are only read.
 * Each photo comes with all that is known of it in one transaction, so a kill at any moment leaves photos that are whole; the rest follows.
 */
import { constants, open, readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { RebuildReport } from '../contract/rebuild.ts'
import type { Db, Trx } from '../db/client.ts'
import { readSetting, saveSetting } from '../db/settings.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { Ingest } from '../ingest/ingest.ts'
import { type OpenSidecar, readSidecar } from '../media/read-sidecar.ts'
import { type PhotoRecord, readRecord } from './record.ts'
import { albumsPath } from './record-writer.ts'
import { AlbumRecords, restoreAlbums } from './store-albums.ts'
import { findPhotoOf, hasPhotos, restoreCollection, restoreRecord } from './store-records.ts'

const STATE_KEY = 'rebuild'
const MAX_PROBLEMS = 1000
const SHA256 = /^[0-9a-f]{64}$/

/** Files of our own folder: a link there is none of ours. */
const holdFile: OpenSidecar = async (path) => {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  return { handle, path, [Symbol.asyncDispose]: () => handle.close() }
}

export interface RebuilderDeps {
  readonly db: Db
  readonly dataDir: string
  readonly ingest: Pick<Ingest, 'unownedBlobs' | 'adopt'>
  /** makes a folder a source and looks through it; ends with the scan */
  readonly addFolder: (path: string) => Promise<void>
  /** puts what follows from decisions in step, in their transaction */
  readonly onRestored: (trx: Trx, photoId: number) => Promise<void>
  /** photos and facts came */
  readonly wake: () => void
  readonly log: Log
}

export interface Rebuild {
  report(): Promise<RebuildReport>
  /** @throws FototecaError `conflict` for a library that has photos */
  begin(options: { readonly folders?: readonly string[] | undefined; readonly isAdding: boolean }): Promise<RebuildReport>
}

interface State {
  readonly folders: readonly string[]
  readonly isDone: boolean
  readonly report: Omit<RebuildReport, 'state' | 'reason'>
}

type Restored = Pick<PhotoRecord, 'decisions' | 'faces'>

export class Rebuilder implements Rebuild, AsyncDisposable {
  readonly #deps: RebuilderDeps
  readonly #closing = new AbortController()
  #state: State | null | undefined
  #running: Promise<void> | undefined
  #reason: string | null = null

  constructor(deps: RebuilderDeps) {
    this.#deps = deps
  }

  /** Goes on with what a kill ended. */
  async start(): Promise<void> {
    if (await this.isUnfinished()) this.#run()
  }

  async isUnfinished(): Promise<boolean> {
    return (await this.#load())?.isDone === false
  }

  async report(): Promise<RebuildReport> {
    const state = await this.#load()
    if (!state) return { ...NOTHING, state: 'none', reason: null }
    return {
      ...state.report,
      state: state.isDone ? 'done' : this.#running ? 'working' : 'stopped',
      reason: this.#running ? null : this.#reason,
    }
  }

  async begin({
    folders = [],
    isAdding,
  }: {
    readonly folders?: readonly string[] | undefined
    readonly isAdding: boolean
  }): Promise<RebuildReport> {
    const before = await this.#load()
    const isGoingOn = before !== null && !before.isDone
    if (!isGoingOn && !isAdding && (await hasPhotos(this.#deps.db)))
      throw new FototecaError(
        'conflict',
        'this library has photos, so there is nothing to rebuild. Only uploaded files that belong to no photo can be added to it: `fototeca rebuild --add`',
      )
    this.#state = {
      folders: [...new Set([...(isGoingOn ? before.folders : []), ...folders])],
      isDone: false,
      report: isGoingOn ? before.report : NOTHING,
    }
    await this.#save()
    this.#run()
    return this.report()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new FototecaError('unavailable', 'fototeca is stopping'))
    await this.#running
  }

  async #load(): Promise<State | null> {
    this.#state ??= ((await readSetting(this.#deps.db, STATE_KEY)) as State | undefined) ?? null
    return this.#state
  }

  async #save(): Promise<void> {
    await saveSetting(this.#deps.db, STATE_KEY, this.#state)
  }

  #count(more: Partial<Record<'uploads' | 'named' | 'from_sidecars' | 'records' | 'albums', number>>): void {
    if (!this.#state) return
    const report = { ...this.#state.report }
    for (const [name, count] of Object.entries(more)) report[name as keyof typeof more] += count
    this.#state = { ...this.#state, report }
  }

  #complain(file: string, reason: string): void {
    if (!this.#state) return
    const { problems } = this.#state.report
    if (problems.length >= MAX_PROBLEMS || problems.some((problem) => problem.file === file)) return
    this.#state = { ...this.#state, report: { ...this.#state.report, problems: [...problems, { file, reason }] } }
  }

  #run(): void {
    this.#reason = null
    this.#running ??= this.#work()
      .catch((error: unknown) => {
        if (this.#closing.signal.aborted) return
        this.#reason = describeError(error)
        this.#deps.log.error({ err: this.#reason }, 'the library could not be rebuilt to its end; starting it again goes on')
      })
      .finally(() => {
        this.#running = undefined
      })
  }

  async #work(): Promise<void> {
    const { signal } = this.#closing
    for await (const paths of this.#deps.ingest.unownedBlobs()) {
      for (const path of paths) {
        signal.throwIfAborted()
        await this.#takeUpload(path)
      }
      await this.#save()
    }
    for (const folder of this.#state?.folders ?? []) {
      signal.throwIfAborted()
      await this.#deps.addFolder(folder).catch((error: unknown) => this.#complain(folder, describeError(error)))
    }
    for await (const sha256s of this.#listRecords()) {
      for (const sha256 of sha256s) {
        signal.throwIfAborted()
        await this.#restoreFolderPhoto(sha256)
      }
    }
    await this.#restoreAlbums()
    if (this.#state) this.#state = { ...this.#state, isDone: true }
    await this.#save()
    this.#deps.wake()
    this.#deps.log.info(this.#state?.report ?? {}, 'the library was rebuilt')
  }

  async #takeUpload(path: string): Promise<void> {
    const sha256 = basename(path)
    if (!SHA256.test(sha256)) return
    const record = await this.#readRecord(sha256)
    const said = record ?? (await this.#readSidecar(sha256))
    const was = record ? { filename: record.filename, addedAt: new Date(record.added_at) } : {}
    const refused = await this.#deps.ingest.adopt(path, was, async (trx, photoId) => {
      if (said) await restoreRecord(trx, photoId, said)
      if (record) await restoreCollection(trx, photoId, record)
      await this.#deps.onRestored(trx, photoId)
    })
    if (refused !== null) this.#complain(`originals/${path}`, refused)
    else this.#count({ uploads: 1, ...(record ? { named: 1 } : said ? { from_sidecars: 1 } : {}) })
  }

  /** What was said of a photo that came back from a folder; of one that is there already nothing changes. */
  async #restoreFolderPhoto(sha256: string): Promise<void> {
    const photoId = await findPhotoOf(this.#deps.db, sha256)
    if (photoId === undefined) return
    const record = await this.#readRecord(sha256)
    if (!record) return
    const isNew = await this.#deps.db.transaction().execute(async (trx) => {
      const isFirst = await restoreRecord(trx, photoId, record)
      if (isFirst) await this.#deps.onRestored(trx, photoId)
      return isFirst
    })
    if (isNew) this.#count({ records: 1 })
  }

  async #readRecord(sha256: string): Promise<PhotoRecord | null> {
    const record = await readRecord(this.#deps.dataDir, sha256)
    if (record !== 'broken' && (record === null || record.sha256 === sha256)) return record
    this.#complain(`records/…/${sha256}.json`, 'it cannot be read as a record; the photo is taken in without it')
    return null
  }

  /** Of a library that wrote sidecars before it wrote records. */
  async #readSidecar(sha256: string): Promise<Restored | null> {
    const path = join(this.#deps.dataDir, 'sidecars', sha256.slice(0, 2), `${sha256}.xmp`)
    const found = await stat(path).catch(() => null)
    if (!found?.isFile()) return null
    const sidecar = await readSidecar(path, 1, holdFile)
    if (sidecar?.problem) this.#complain(path, sidecar.problem)
    if (!sidecar?.says) return null
    const { says } = sidecar
    const decided_at = found.mtime.toISOString()
    const single = [
      ['title', says.title],
      ['caption', says.description],
      ['alt_text', says.altText],
      ['rating', says.rating],
    ] as const
    const tags = [...new Set(says.keywords.map((keyword) => (keyword.split('/').at(-1) ?? '').trim().toLowerCase()))].filter(
      (tag) => tag !== '',
    )
    return {
      decisions: [
        ...single.flatMap(([field, value]) => (value === null ? [] : [{ field, key: '', value, decided_at }])),
        ...tags.map((key) => ({ field: 'tag' as const, key, value: true, decided_at })),
      ],
      faces: says.faceRegions.map(({ name, box }) => ({ name, box: { ...box } })),
    }
  }

  async *#listRecords(): AsyncGenerator<string[]> {
    const root = join(this.#deps.dataDir, 'records')
    const list = (path: string) => readdir(path).catch(() => [])
    for (const first of await list(root)) {
      if (!/^[0-9a-f]{2}$/.test(first)) continue
      const names: string[] = []
      for (const second of await list(join(root, first))) names.push(...(await list(join(root, first, second))))
      yield names.flatMap((name) => (name.endsWith('.json') && SHA256.test(name.slice(0, -5)) ? [name.slice(0, -5)] : []))
    }
  }

  async #restoreAlbums(): Promise<void> {
    const path = albumsPath(this.#deps.dataDir)
    const text = await readFile(path, 'utf8').catch(() => null)
    if (text === null) return
    let albums: AlbumRecords
    try {
      albums = AlbumRecords.parse(JSON.parse(text))
    } catch {
      this.#complain('records/albums.json', 'it cannot be read as a list of albums')
      return
    }
    this.#count({ albums: await restoreAlbums(this.#deps.db, albums) })
  }
}

const NOTHING: State['report'] = { uploads: 0, named: 0, from_sidecars: 0, records: 0, albums: 0, problems: [] }
