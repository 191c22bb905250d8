/** @file A library of the first version is opened, and its backup restored, by whatever this program has become: every row and id stays. */
import { execFileSync } from 'node:child_process'
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { unpackLines } from '../../../src/backup/packed.ts'
import { openPlaceToRead } from '../../../src/backup/place.ts'
import { readSnapshot, tableKey } from '../../../src/backup/snapshot.ts'
import { render } from '../../../src/contract/messages/message.ts'
import { type Db, openDatabase } from '../../../src/db/client.ts'
import { listTables, readDatabase } from '../../../src/db/copy/read-database.ts'
import { MIGRATIONS, migrateToLatest } from '../../../src/db/migrate.ts'
import { bringBack } from '../../support/backup.ts'
import { readCatalogue } from '../../support/catalogue.ts'
import { createServerDatabase, openTestDatabase, TEST_POSTGRES, type TestDatabase } from '../../support/database.ts'
import { testFolder } from '../../support/test-folder.ts'

/** What it holds is told in `test/first-version/README.md`. */
const PACKED = resolve(import.meta.dirname, '../../first-version/library.tar.zst')

/** Rows by table, each as JSON of its columns by name, in an order of their own. */
type Rows = Record<string, readonly string[]>

let base: string
let fresh: TestDatabase
beforeAll(async () => {
  fresh = await openTestDatabase()
})
afterAll(() => fresh[Symbol.asyncDispose]())
beforeEach(async () => {
  base = await mkdtemp(join(testFolder(), 'fototeca-test-first-'))
  execFileSync('tar', ['-x', '-C', base], { input: zstdDecompressSync(await readFile(PACKED)) })
})
afterEach(() => rm(base, { recursive: true, force: true }))

it.skipIf(TEST_POSTGRES)('its data folder is opened: every row is as it was, and the schema is that of a new library', async () => {
  const written = await readWritten()
  await using open = await openDatabase({ dataDir: join(base, 'data') })
  await migrateToLatest(open.db)
  const rows = await readRows(open.db, written.columns)
  // the backup was made last, and noted after it
  rows.settings = rows.settings!.filter((row) => !row.includes('"backup.last'))
  for (const of of [rows, written.rows]) of.photo_records = withoutMarks(of.photo_records!)
  expect(rows).toEqual(underNewNames(written.rows))
  await expectCurrent(open.db)
  // ids go on where they were
  const { id } = await open.db.insertInto('albums').values({ name: 'one more', kind: 'by-hand' }).returning('id').executeTakeFirstOrThrow()
  expect(id).toBe(Math.max(...idsOf(written.rows.albums!)) + 1)
})

it('its backup is restored: every row but what a restored library says otherwise, every file, and the schema of a new library', async () => {
  const written = await readWritten()
  const server = TEST_POSTGRES === undefined ? null : await createServerDatabase(TEST_POSTGRES)
  try {
    const to = { dataDir: join(base, 'restored'), databaseUrl: server?.url }
    await mkdir(to.dataDir)
    await bringBack(join(base, 'backup'), to)
    await using open = await openDatabase(to)
    const restored = await readRows(open.db, written.columns)
    const before = underNewNames(written.rows)
    for (const name of Object.keys(before)) expect([name, told(name, restored[name]!)]).toEqual([name, told(name, before[name]!)])
    const files = await open.db
      .selectFrom('photo_files')
      .innerJoin('sources', 'sources.id', 'source_id')
      .where('kind', '=', 'upload')
      .select('photo_files.path')
      .execute()
    expect(files).toHaveLength(14)
    for (const { path } of files) expect(existsSync(join(to.dataDir, 'originals', path))).toBe(true)
    await expectCurrent(open.db)
  } finally {
    await server?.drop()
  }
})

/** Records of product pictures are due again, since they say what these are. */
const withoutMarks = (rows: readonly string[]): string[] => rows.map((row) => row.replace(/"seen":(null|"\d+"),/, ''))

/** The rows as the first version itself wrote them into its backup. */
async function readWritten(): Promise<{ rows: Rows; columns: ReadonlyMap<string, readonly string[]> }> {
  const target = join(base, 'backup')
  await using place = await openPlaceToRead(target, { dataDir: base, stores: undefined, productProfile: 'jewelry' })
  const { name, tables } = await readSnapshot(place, undefined)
  const columns = new Map(tables.map((table) => [table.name, table.columns.map((column) => column.name)]))
  const filled = new Set(tables.filter((table) => table.rows > 0).map((table) => table.name)) // others have no file
  const rows: Record<string, string[]> = {}
  for (const [table, names] of columns) {
    const all: string[] = []
    if (filled.has(table))
      for await (const batch of unpackLines(createReadStream(join(target, tableKey(name, table))), table))
        for (const row of batch as (string | null)[][]) all.push(lineOf(names, names, row))
    rows[table] = all.sort()
  }
  // what the library was made for: none of these may be empty
  const wanted = `photos people faces face_rejections albums album_photos edits edit_changes decisions descriptions products product_pictures
    product_words duplicates duplicate_sets categories generated_images vocabulary_words comparison_answers clusters ocr_texts embeddings`
  for (const table of wanted.split(/\s+/)) expect([table, rows[table]?.length ?? 0]).not.toEqual([table, 0])
  return { rows, columns }
}

/** The same columns of the tables that are there now; those that came later are left out. */
async function readRows(db: Db, columns: ReadonlyMap<string, readonly string[]>): Promise<Record<string, string[]>> {
  const now = new Map((await listTables(db)).map((table) => [table.name, table.columns.map(({ name }) => name)]))
  const rows: Record<string, string[]> = {}
  await readDatabase(
    db,
    async (name, batches) => {
      const all: string[] = []
      for await (const batch of batches)
        for (const row of batch)
          all.push(lineOf(columns.get(name) ?? [], asNamed(name, now.get(name)!), withSentence(name, now.get(name)!, row)))
      if (columns.has(name)) rows[name] = all.sort()
    },
    async () => undefined,
    new AbortController().signal,
  )
  return rows
}

/** What it called the language of a text was its script. */
const asNamed = (table: string, names: readonly string[]): string[] =>
  names.map((name) => (table !== 'ocr_texts' ? name : name === 'script' ? 'language' : name === 'language' ? 'language of today' : name))

/** Messages are codes now; each stands for the sentence that the first version wrote. */
function withSentence(table: string, names: readonly string[], row: readonly (string | null)[]): readonly (string | null)[] {
  const stored = (STILL_WORDED[table] ?? []).flatMap((name) => {
    const at = names.indexOf(name)
    return row[at] ? [[at, row[at]] as const] : []
  })
  if (stored.length > 0) return stored.reduce((all, [at, said]) => all.with(at, render(JSON.parse(said))), row)
  const at = names.indexOf('reason')
  const reason = row[at]
  return ['photos', 'photo_steps'].includes(table) && reason ? row.with(at, sentenceOf(JSON.parse(reason))) : row
}

/** Columns whose sentences are those of the first version still. */
const STILL_WORDED: Readonly<Record<string, readonly string[]>> = { edits: ['summary'], albums: ['problem'] }

function sentenceOf({ code, params }: { code: string; params: Record<string, string> }): string {
  const sentence = {
    'step.blocked': `needs ${params.step}, which failed`,
    'ocr.too-small': 'the picture is too small to hold text',
    'tags.no-embedding': 'the picture has no embedding',
    'model.no-tagger': 'no tagger was brought along; photos are tagged in words',
    'model.no-embedding': 'no image–text model is installed; search by meaning waits for one',
  }[code]
  return sentence ?? params.text ?? code
}

function lineOf(wanted: readonly string[], names: readonly string[], row: readonly (string | null)[]): string {
  return JSON.stringify(Object.fromEntries(wanted.map((name) => [name, row[names.indexOf(name)]])))
}

/** Sessions stand among the credentials now; the written library has none. */
function underNewNames({ sessions, ...rows }: Rows): Rows {
  expect(sessions).toEqual([])
  return rows
}

/** Numbers of transactions are the new server’s, and thumbnails are made again. */
function told(table: string, rows: readonly string[]): string[] {
  return rows
    .filter((row) => !(row.includes('"backup.') || (table === 'photo_steps' && row.includes('"step":"prepare"'))))
    .map((row) => {
      const { changed_in, deleted_in, seen, ...rest } = JSON.parse(row)
      if (table === 'photos') delete rest.state
      if (table === 'photo_records') delete rest.sha256
      return JSON.stringify(rest)
    })
    .sort()
}

const idsOf = (rows: readonly string[]): number[] => rows.map((row) => Number(JSON.parse(row).id))

async function expectCurrent(db: Db): Promise<void> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  expect(rows.map(({ name }) => name)).toEqual(Object.keys(MIGRATIONS))
  expect(await readCatalogue(db)).toEqual(await readCatalogue(fresh.db))
}
