import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { checkBackup } from '../../../src/backup/check-backup.ts'
import { unpackLines } from '../../../src/backup/packed.ts'
import { openPlaceToRead, openPlaceToWrite } from '../../../src/backup/place.ts'
import { listSnapshots, readFiles, readSnapshot, tableKey } from '../../../src/backup/snapshot.ts'
import { addUpload, backUp, blobPath, fillLibrary } from '../../support/backup.ts'
import { fileAt } from '../../support/blobs.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { S3_ENVIRONMENT, startS3Server } from '../../support/s3-server.ts'
import { testFolder } from '../../support/test-folder.ts'

const never = new AbortController().signal
let library: TestDatabase
/** a backup of it, copied where a test needs one */
let base: string
let first: Awaited<ReturnType<typeof backUp>>
let folder: string
let target: string

beforeAll(async () => {
  library = await openTestDatabase({ isOwn: true })
  const source = await mkdtemp(join(testFolder(), 'fototeca-test-photos-'))
  await fillLibrary(library, source)
  base = await mkdtemp(join(testFolder(), 'fototeca-test-backup-'))
  first = await backUp(library, join(base, 'to'))
})
afterAll(async () => {
  await library[Symbol.asyncDispose]()
  await rm(base, { recursive: true, force: true })
})
beforeEach(async () => {
  folder = await mkdtemp(join(testFolder(), 'fototeca-test-backup-'))
  target = join(folder, 'to')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const settings = () => ({ dataDir: library.dataDir, stores: undefined, productProfile: 'jewelry' as const })

async function check(name?: string): Promise<string[]> {
  await using place = await openPlaceToRead(target, settings())
  return await checkBackup(place, await readSnapshot(place, name), () => {}, never)
}

async function snapshots() {
  await using place = await openPlaceToRead(target, settings())
  return await listSnapshots(place)
}

async function listTarget(): Promise<string[]> {
  const entries = await readdir(target, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(target.length + 1))
}

const filesIn = async () => (await listTarget()).filter((path) => path.startsWith('files/')).sort()

it('holds the tables, uploads, sidecars and held pictures, names photos of folders, and can be checked', async () => {
  await cp(base, folder, { recursive: true })
  const { manifest, written } = first
  expect(manifest).toMatchObject({ kind: 'library', photos: 5, gone: [], damaged: [], files: { count: 6, named_only: 1 } })
  expect(written).toBe(6)
  expect(manifest.tables.find(({ name }) => name === 'embeddings')).toMatchObject({ rows: 4 })
  await using place = await openPlaceToRead(target, settings())
  const named = []
  for await (const file of readFiles(place, manifest.name)) if (!file.is_copied) named.push(file.path)
  expect(named).toEqual(['a b/c.jpg'])
  expect(await check()).toEqual([])
  expect(await readdir(library.dataDir)).not.toContain('backup-work')
})

it('writes again only what is new, lets old backups go, and what no other names', async () => {
  await cp(base, folder, { recursive: true })
  const before = await filesIn()
  const id = await addUpload(library.db, library.dataDir, 'short-lived')
  const second = await backUp(library, target)
  expect(second.written).toBe(1)
  expect(await filesIn()).toHaveLength(before.length + 1)
  await library.db.deleteFrom('photos').where('id', '=', id).execute()
  const third = await backUp(library, target, { keep: 1 })
  expect(third.written).toBe(0)
  expect(third.removed).toHaveLength(2)
  expect(await snapshots()).toEqual({ finished: [third.manifest.name], unfinished: [] })
  expect(await filesIn()).toEqual(before)
  expect(await readdir(join(target, 'snapshots'))).toEqual([third.manifest.name])
  expect(await check()).toEqual([])
})

it('names what is damaged in the library or was deleted meanwhile, and holds the rest', async () => {
  const damaged = await addUpload(library.db, library.dataDir, 'damaged')
  const gone = await addUpload(library.db, library.dataDir, 'gone')
  const rows = await library.db.selectFrom('photos').select(['id', 'sha256']).where('id', 'in', [damaged, gone]).execute()
  const pathOf = (id: number) => `originals/${blobPath(rows.find((row) => row.id === id)!.sha256)}`
  try {
    await truncate(join(library.dataDir, pathOf(damaged)), 5)
    const { manifest } = await backUp(library, target, {}, ({ phase, files }) => {
      if (phase === 'files' && files === 1) void unlink(join(library.dataDir, pathOf(gone))).catch(() => {})
    })
    expect(manifest).toMatchObject({ photos: 7, damaged: [pathOf(damaged)], gone: [pathOf(gone)], files: { count: 6 } })
    expect(await check()).toEqual([])
  } finally {
    await library.db.deleteFrom('photos').where('id', 'in', [damaged, gone]).execute()
  }
})

it('says which files of a backup are not what they were', async () => {
  await cp(base, folder, { recursive: true })
  const { manifest } = first
  const files = await filesIn()
  await appendFile(join(target, files[0]!), 'x')
  await unlink(join(target, files[1]!))
  await writeFile(join(target, `snapshots/${manifest.name}/tables/photos.jsonl.zst`), 'x')
  const wrong = await check()
  expect(wrong).toHaveLength(3)
  expect(wrong).toContain(`snapshots/${manifest.name}/tables/photos.jsonl.zst`)
  // the next backup puts right what has another size; the database is another copy anyway
  const { written } = await backUp(library, target)
  expect(written).toBe(2)
  expect(await check()).toEqual([])
})

it('refuses a target that cannot hold backups, and changes nothing there', async () => {
  const open = (where: string, sources: string[] = []) => openPlaceToWrite(where, settings(), 'me', sources)
  await expect(open(join(library.dataDir, 'backup'))).rejects.toThrow('lies in the data folder')
  await expect(open(join(folder, 'no/where'))).rejects.toThrow('is its disk mounted?')
  await expect(open(join(folder, 'photos/backup'), [folder])).rejects.toThrow(/no folder|indexed/)
  await expect(open(join(folder, 'in-source'), [folder])).rejects.toThrow('indexed')
  await writeFile(join(folder, 'file'), 'x')
  await expect(open(join(folder, 'file'))).rejects.toThrow('is a file')
  await mkdir(join(folder, 'other'))
  await writeFile(join(folder, 'other/mine.txt'), 'x')
  await expect(open(join(folder, 'other'))).rejects.toThrow('is not empty')
  await expect(open('store:nowhere')).rejects.toThrow('there is no store nowhere')
  await expect(open('store:alya')).rejects.toThrow('lies in the data folder')
  expect(await readdir(folder)).toEqual(['file', 'other'])
  await expect(open(join(base, 'to'))).rejects.toThrow('another library')
})

it('refuses a place with too little room before it writes a file', async () => {
  await using place = await openPlaceToWrite(target, settings(), 'me')
  const { copyFiles } = await import('../../../src/backup/copy-files.ts')
  const file = {
    path: 'originals/x',
    find: () => fileAt(join(folder, 'x')),
    sha256: 'a'.repeat(64),
    bytes: 5_000_000,
    modified_ms: 0,
    is_copied: true,
  }
  await expect(copyFiles({ ...place, freeBytes: async () => 1_000_000 }, [file], () => {}, never)).rejects.toMatchObject({
    code: 'disk_full',
  })
})

it('goes into a bucket as into a folder', async () => {
  Object.assign(process.env, S3_ENVIRONMENT)
  await using server = await startS3Server(['backups'])
  const stores = JSON.stringify({ offsite: { bucket: 'backups', endpoint: server.url, path_style: true } })
  const { manifest } = await backUp(library, 'store:offsite', { stores })
  await using place = await openPlaceToRead('store:offsite', { dataDir: library.dataDir, stores, productProfile: 'jewelry' })
  expect(await checkBackup(place, await readSnapshot(place, manifest.name), () => {}, never)).toEqual([])
})

it('is as of one moment while others write: what was answered before is in it, and rows agree with each other', async () => {
  let writing = true
  let written = 0
  const writer = (async () => {
    for (let n = 0; writing; n++) {
      await library.db.transaction().execute(async (trx) => {
        await trx
          .insertInto('search_words')
          .values({ word: `moment ${n}` })
          .execute()
        await trx
          .insertInto('tag_broader')
          .values({ tag: `moment ${n}`, broader: 'x' })
          .execute()
      })
      written = n + 1
    }
  })()
  while (written === 0) await new Promise((resolve) => setImmediate(resolve))
  const before = written
  const { manifest } = await backUp(library, target).finally(() => {
    writing = false
  })
  await writer
  const moments = async (table: 'search_words' | 'tag_broader', column: 'word' | 'tag') => {
    await using place = await openPlaceToRead(target, settings())
    const { stream } = await place.blobs.get(tableKey(manifest.name, table))
    const at = manifest.tables.find(({ name }) => name === table)!.columns.findIndex(({ name }) => name === column)
    const found: string[] = []
    for await (const batch of unpackLines(stream, table)) for (const row of batch as string[][]) found.push(row[at]!)
    return found.filter((value) => value.startsWith('moment ')).sort()
  }
  const words = await moments('search_words', 'word')
  expect(words).toEqual(await moments('tag_broader', 'tag'))
  expect(words.length).toBeGreaterThanOrEqual(before)
  expect(await stat(target).then((found) => found.isDirectory())).toBe(true)
  expect(await readFile(join(target, 'fototeca-backup.json'), 'utf8')).toContain('"format":1')
})
