/** @file For tests of folder sources: one database for the file, and for each test an empty library with a folder of pictures beside its data. */
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import type { Db } from '../../src/db/client.ts'
import type { IngestDeps } from '../../src/ingest/ingest.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from './database.ts'
import { openTestIngest, pictureBytes, putFile, readFiles, type TestIngest } from './ingest.ts'

export interface FolderLibrary {
  readonly database: TestDatabase
  readonly db: Db
  /** absolute, without links; holds `folder` and `dataDir`, gone after the test */
  readonly base: string
  readonly folder: string
  readonly dataDir: string
  /** Closed after the test. */
  openIngest(options?: Partial<IngestDeps>): Promise<TestIngest>
  /** Writes a small picture below `folder`. @param content pictures of one content have the same bytes */
  put(path: string, content?: string): Promise<void>
  /** files of a source, the missing ones in parentheses */
  listPaths(sourceId: number): Promise<string[]>
}

/** Call it at the top of a test file: it sets the hooks. */
export function setUpFolderLibrary(): FolderLibrary {
  let database: TestDatabase
  let base: string
  const opened: TestIngest[] = []
  const library: FolderLibrary = {
    get database() {
      return database
    },
    get db() {
      return database.db
    },
    get base() {
      return base
    },
    get folder() {
      return join(base, 'photos')
    },
    get dataDir() {
      return join(base, 'data')
    },
    async openIngest(options) {
      const ingest = await openTestIngest(database.db, library.dataDir, options)
      opened.push(ingest)
      return ingest
    },
    put: (path, content = path) => putFile(library.folder, path, pictureBytes(content)),
    listPaths: async (sourceId) =>
      (await readFiles(database.db, sourceId)).map(({ path, missingSince }) => (missingSince ? `(${path})` : path)),
  }
  beforeAll(async () => {
    database = await openTestDatabase()
  })
  afterAll(() => database[Symbol.asyncDispose]())
  beforeEach(async () => {
    await truncateAll(database.db)
    base = await realpath(await mkdtemp(join(tmpdir(), 'fototeca-folders-')))
    for (const folder of [library.folder, library.dataDir]) await mkdir(folder)
  })
  afterEach(async () => {
    for (const ingest of opened.splice(0)) await ingest[Symbol.asyncDispose]()
    await rm(base, { recursive: true, force: true })
  })
  return library
}
