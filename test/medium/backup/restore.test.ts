import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { refuseHalfRestored } from '../../../src/backup/half-restored.ts'
import { type Manifest, sealManifest } from '../../../src/backup/snapshot.ts'
import { openDatabase } from '../../../src/db/client.ts'
import { recoverLeases } from '../../../src/pipeline/lease-ledger.ts'
import { readBlob } from '../../../src/storage/blob-store.ts'
import { openLibraryBlobs } from '../../../src/storage/library-blobs.ts'
import { backUp, blobPath, bringBack, fillLibrary, readRows, sumOf } from '../../support/backup.ts'
import { keysOf } from '../../support/blobs.ts'
import { createServerDatabase, openTestDatabase, TEST_POSTGRES, type TestDatabase } from '../../support/database.ts'
import { openTestBucket } from '../../support/s3-server.ts'
import { NEEDS_SERVER } from '../../support/skip-reasons.ts'
import { testFolder } from '../../support/test-folder.ts'

let library: TestDatabase
/** of the library’s folder source: away when it is restored */
let source: string
let manifest: Manifest
/** with a backup in it, which no test changes */
let base: string
let folder: string
let target: string
let dataDir: string

beforeAll(async () => {
  library = await openTestDatabase({ isOwn: true })
  base = await mkdtemp(join(testFolder(), 'fototeca-test-backup-'))
  source = join(base, 'photos')
  await fillLibrary(library, source)
  // records of all photos were written once
  await sql`insert into photo_records (photo_id, seen, sha256) select id, '1', sha256 from photos`.execute(library.db)
  // one is being analysed, by a program that will not come back
  const owner = 'another machine:/data'
  await sql`insert into photo_steps (photo_id, step, lane, state, version, attempts) select min(id), 'ocr', 'analyse', 'running', 1, 1 from photos`.execute(
    library.db,
  )
  await sql`insert into photo_leases (photo_id, lane, owner, until) select min(id), 'analyse', ${owner}, now() + interval '1 hour' from photos`.execute(
    library.db,
  )
  manifest = (await backUp(library, join(base, 'to'), { withFolders: true })).manifest
  await recoverLeases(library.db)
})
afterAll(async () => {
  await library[Symbol.asyncDispose]()
  await rm(base, { recursive: true, force: true })
})
beforeEach(async () => {
  folder = await mkdtemp(join(testFolder(), 'fototeca-test-restore-'))
  target = join(folder, 'to')
  dataDir = join(folder, 'data')
  await mkdir(dataDir)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const manifestPath = () => join(target, `snapshots/${manifest.name}/manifest.json`)

/** In place of the true one, with a checksum that is right. */
async function pretend(changed: Partial<Manifest>): Promise<void> {
  await cp(join(base, 'to'), target, { recursive: true })
  await writeFile(manifestPath(), sealManifest({ ...manifest, ...changed }))
}

/** Nothing but the file of the lock, which was made to look. */
const isUntouched = async () => expect((await readdir(dataDir)).filter((name) => name !== 'lock')).toEqual([])

async function expectSame(to: { readonly dataDir: string; readonly databaseUrl: string | undefined }): Promise<void> {
  await using open = await openDatabase(to)
  const [before, after] = [await readRows(library.db), await readRows(open.db)]
  expect(Object.keys(after)).toEqual(Object.keys(before))
  for (const [table, rows] of Object.entries(before)) expect(after[table], table).toEqual(rows)
  for (const { sha256 } of await open.db.selectFrom('photos').select('sha256').where('filename', 'like', 'picture%').execute())
    expect(sumOf(await readFile(join(to.dataDir, 'originals', blobPath(sha256))))).toBe(sha256)
  expect(await readFile(join(to.dataDir, 'sidecars/ab/x.xmp'), 'utf8')).toBe('<x/>')
  expect(await readFile(join(to.dataDir, 'held/1.png'), 'utf8')).toBe('made')
  // thumbnails are made again
  const { due } = await open.db
    .selectFrom('photo_steps')
    .select((eb) => eb.fn.countAll<number>().as('due'))
    .where('step', '=', 'prepare')
    .where('state', '=', 'due')
    .executeTakeFirstOrThrow()
  expect(Number(due)).toBe(5)
  // nothing waits for who worked on it when the backup was made
  expect(await open.db.selectFrom('photo_leases').selectAll().where('owner', 'is not', null).execute()).toEqual([])
  expect(await open.db.selectFrom('photo_steps').select('step').where('state', '=', 'running').execute()).toEqual([])
  // and so are the records of what persons know
  expect(await open.db.selectFrom('photo_records').select('photo_id').where('sha256', 'is not', null).execute()).toEqual([])
  // a new photo gets a number that no other ever had
  const next = await open.db.insertInto('sources').values({ kind: 'folder', path: '/new' }).returning('id').executeTakeFirstOrThrow()
  expect(next.id).toBe(3)
}

it('brings back every row, number and file, and pauses folders that are not there', async () => {
  await rm(join(source, '..', 'photos-away'), { recursive: true, force: true })
  await cp(source, join(base, 'photos-away'), { recursive: true })
  await rm(source, { recursive: true })
  try {
    const foldersTo = join(folder, 'photos')
    const restored = await bringBack(join(base, 'to'), { dataDir, databaseUrl: undefined }, { foldersTo })
    expect(restored).toEqual({ photos: 5, files: 7, damaged: [], paused: [source] })
    expect(await readdir(join(foldersTo, '2/a b'))).toEqual(['c.jpg'])
    await expectSame({ dataDir, databaseUrl: undefined })
    expect(await readdir(dataDir)).not.toContain('restore-work')
    await refuseHalfRestored(dataDir)
    await expect(bringBack(join(base, 'to'), { dataDir, databaseUrl: undefined })).rejects.toThrow(/is not empty \(it has .*pg/)
  } finally {
    await cp(join(base, 'photos-away'), source, { recursive: true })
  }
})

it('puts uploads and held pictures into the bucket of FOTOTECA_BLOBS, from where they are backed up, and takes them out where one is damaged', async () => {
  await using bucket = await openTestBucket()
  Object.assign(process.env, bucket.environment)
  const blobsAt = (prefix: string) => `s3://${bucket.name}/${prefix}?endpoint=${encodeURIComponent(bucket.url)}&path_style=true`
  const blobs = blobsAt('mine')
  await bringBack(join(base, 'to'), { dataDir, databaseUrl: undefined, blobs })
  await using stores = await openLibraryBlobs({ dataDir, blobs })
  const keys = await keysOf(stores.originals.list())
  expect(keys).toHaveLength(4)
  for (const key of keys) expect(sumOf(await readBlob(stores.originals, key))).toBe(key.split('/').at(-1))
  expect(String(await readBlob(stores.held, '1.png'))).toBe('made')
  expect((await readdir(dataDir)).filter((name) => name === 'originals' || name === 'held')).toEqual([])
  {
    await using open = await openDatabase({ dataDir })
    const again = await backUp({ ...open, dataDir, blobs }, target)
    expect(again.manifest).toMatchObject({ gone: [], damaged: [], photos: 5 })
    expect(again.manifest.files?.count).toBe(6) // without what is only in the folder
  }
  const other = join(folder, 'other')
  await mkdir(other)
  await expect(bringBack(target, { dataDir: other, databaseUrl: undefined, blobs })).rejects.toThrow('is not empty')
  const [sha256 = ''] = keys.map((key) => key.split('/').at(-1))
  await appendFile(join(target, 'files', sha256.slice(0, 2), sha256), 'x')
  await expect(bringBack(target, { dataDir: other, databaseUrl: undefined, blobs: blobsAt('third') })).rejects.toThrow('is missing in it')
  await using third = await openLibraryBlobs({ dataDir: other, blobs: blobsAt('third') })
  expect([...(await keysOf(third.originals.list())), ...(await keysOf(third.held.list()))]).toEqual([])
})

it.skipIf(TEST_POSTGRES === undefined)('moves a library from the embedded database to a server', { meta: NEEDS_SERVER }, async () => {
  const embedded = join(folder, 'embedded')
  await mkdir(embedded)
  await bringBack(join(base, 'to'), { dataDir: embedded, databaseUrl: undefined })
  {
    await using open = await openDatabase({ dataDir: embedded })
    await backUp({ ...open, dataDir: embedded }, target)
  }
  await using server = { ...(await createServerDatabase(TEST_POSTGRES ?? '')), [Symbol.asyncDispose]: () => server.drop() }
  const to = { dataDir, databaseUrl: server.url }
  await bringBack(target, to)
  await expectSame(to)
  await rm(dataDir, { recursive: true })
  await mkdir(dataDir)
  await expect(bringBack(target, to)).rejects.toThrow('not empty')
  await isUntouched()
})

it.each([
  ['of another format', { format: 2 as never }, 'is of format 2, this program knows 1'],
  [
    'of a newer program',
    { migrations: ['0001-library', '9999-later'], program: '9.0.0' },
    'a newer fototeca (9.0.0; its database has 9999-later)',
  ],
  ['with a path that leads out', { tables: [{ name: '../x', columns: [], rows: 0, sha256: '0'.repeat(64), bytes: 0 }] }, 'is damaged'],
])('refuses a backup %s, and changes nothing', async (_, changed, why) => {
  await pretend(changed)
  await expect(bringBack(target, { dataDir, databaseUrl: undefined })).rejects.toThrow(why)
  await isUntouched()
})

it('refuses a backup with a changed manifest, table or list, and one that was not finished', async () => {
  await pretend({})
  const whole = await readFile(manifestPath(), 'utf8')
  const refuse = async (why: string | RegExp) => {
    await expect(bringBack(target, { dataDir, databaseUrl: undefined })).rejects.toThrow(why)
    await isUntouched()
  }
  await writeFile(manifestPath(), whole.replace('"photos": 5', '"photos": 6'))
  await refuse('its checksum is another')
  await writeFile(manifestPath(), whole.slice(0, 100))
  await refuse('it is no JSON')
  await writeFile(manifestPath(), whole)
  for (const part of ['tables/photos.jsonl.zst', 'files.jsonl.zst']) {
    const path = join(target, `snapshots/${manifest.name}/${part}`)
    const bytes = await readFile(path)
    await writeFile(path, Buffer.concat([bytes.subarray(1), Buffer.from('x')]))
    await refuse(`is damaged (snapshots/${manifest.name}/${part})`)
    await writeFile(path, bytes)
  }
  await rm(manifestPath())
  await refuse(/holds no finished backup; there is none/)
  await rm(join(target, 'fototeca-backup.json'))
  await refuse('holds no backups of fototeca')
  await expect(bringBack(join(folder, 'nowhere'), { dataDir, databaseUrl: undefined })).rejects.toThrow('is its disk mounted?')
})

it('takes everything out again when a file is damaged, and lets the folder be used otherwise', async () => {
  await pretend({})
  const [{ sha256 }] = (await library.db.selectFrom('photos').select('sha256').where('filename', 'like', 'picture 3%').execute()) as [
    { sha256: string },
  ]
  await appendFile(join(target, 'files', sha256.slice(0, 2), sha256), 'x')
  await expect(bringBack(target, { dataDir, databaseUrl: undefined })).rejects.toThrow(
    `originals/${blobPath(sha256)} is missing in it or other than it was`,
  )
  await isUntouched()
})
