/**
 * @file A fresh, migrated database for a test file: PGlite from a copied template (made once per schema, kept under the OS temp folder),
 * or, where FOTOTECA_TEST_POSTGRES names a server, a new database there. Truncate between tests; open one per file.
 */
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statfsSync, statSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { type Db, type OpenDatabase, openDatabase } from '../../src/db/client.ts'
import { migrateToLatest } from '../../src/db/migrate.ts'
import { SEED_CATEGORIES } from '../../src/db/migrations/0001-library.ts'

export const TEST_POSTGRES = process.env.FOTOTECA_TEST_POSTGRES || undefined

/** Above any transaction of a test; a wait this long means `db` was used inside `db.transaction()`. */
const WATCHDOG_MS = 5000

export interface TestDatabase extends OpenDatabase {
  /** a folder of this database’s own, removed with it */
  readonly dataDir: string
}

export async function openTestDatabase(): Promise<TestDatabase> {
  const dataDir = await mkdtemp(join(testFolder(), 'fototeca-test-'))
  const removeFolder = () => rm(dataDir, { recursive: true, force: true, maxRetries: 3 })
  if (TEST_POSTGRES !== undefined) {
    const fresh = await createServerDatabase(TEST_POSTGRES)
    const open = await openDatabase({ dataDir, databaseUrl: fresh.url })
    await migrateToLatest(open.db)
    return {
      ...open,
      dataDir,
      [Symbol.asyncDispose]: async () => {
        await open[Symbol.asyncDispose]()
        await fresh.drop()
        await removeFolder()
      },
    }
  }
  await cp(join(await ensureTemplate(), 'pg'), join(dataDir, 'pg'), { recursive: true })
  const open = await openDatabase({ dataDir, acquireTimeoutMs: WATCHDOG_MS })
  return {
    ...open,
    dataDir,
    [Symbol.asyncDispose]: async () => {
      await open[Symbol.asyncDispose]()
      await removeFolder()
    },
  }
}

/** Templates of other schemas, and databases of runs that were killed. */
async function removeOld(folder: string): Promise<void> {
  for (const name of readdirSync(folder)) {
    if (!/^fototeca-(template|test)-/.test(name)) continue
    const path = join(folder, name)
    const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
    if (Date.now() - modified > 24 * 3_600_000) await rm(path, { recursive: true, force: true })
  }
}

/** In memory where there is room (a database is 42 MB): its syncs then cost nothing. Containers often have 64 MB there: too little. */
export function testFolder(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    if (bavail * bsize > 2 ** 30) return '/dev/shm'
  } catch {
    // no such file system here
  }
  return tmpdir()
}

/** A database of its own on the server of FOTOTECA_TEST_POSTGRES. */
export async function createServerDatabase(serverUrl: string): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `fototeca_test_${randomBytes(6).toString('hex')}`
  const run = async (statement: string) => {
    const client = new pg.Client({ connectionString: serverUrl })
    await client.connect()
    await client.query(statement)
    await client.end()
  }
  await run(`create database ${name}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => run(`drop database if exists ${name} with (force)`) }
}

/** Empties every table and puts the seed back (upload source, categories), as after the first start. */
export async function truncateAll(db: Db): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { rows: indexes } = await sql<{ name: string }>`
      select indexname as name from pg_indexes where schemaname = 'public' and indexname like 'embeddings\\_space\\_%'`.execute(trx)
    for (const { name } of indexes) await sql`drop index ${sql.ref(name)}`.execute(trx)
    const { rows: tables } = await sql<{ name: string }>`
      select tablename as name from pg_tables where schemaname = 'public' and tablename not like 'kysely%'`.execute(trx)
    await sql`truncate ${sql.join(tables.map(({ name }) => sql.table(name)))} restart identity cascade`.execute(trx)
    await trx.insertInto('sources').values({ kind: 'upload', path: null }).execute()
    const categories = await trx
      .insertInto('categories')
      .values(Object.keys(SEED_CATEGORIES).map((name) => ({ name })))
      .returning(['id', 'name'])
      .execute()
    await trx
      .insertInto('tag_category_mappings')
      .values(categories.flatMap(({ id, name }) => SEED_CATEGORIES[name]!.map((tag) => ({ tag, category_id: id }))))
      .execute()
  })
}

/** Data folder of an empty, migrated database. Its name holds what it was made from, so a changed schema makes a new one. */
async function ensureTemplate(): Promise<string> {
  const source = resolve(import.meta.dirname, '../../src/db')
  const hash = createHash('sha256')
  for (const file of readdirSync(join(source, 'migrations')).sort()) hash.update(readFileSync(join(source, 'migrations', file)))
  for (const file of ['migrate.ts', 'pglite-worker.ts']) hash.update(readFileSync(join(source, file)))
  const folder = join(testFolder(), `fototeca-template-${hash.digest('hex').slice(0, 16)}`)
  if (existsSync(folder)) return folder
  await removeOld(testFolder())
  const fresh = await mkdtemp(join(testFolder(), 'fototeca-template-new-'))
  {
    await using open = await openDatabase({ dataDir: fresh })
    await migrateToLatest(open.db)
  }
  await rename(fresh, folder).catch(async () => {
    await rm(fresh, { recursive: true, force: true }) // another test file was first
    await mkdir(folder, { recursive: true })
  })
  return folder
}
