/**
 * @file A fresh, migrated database for a test file: PGlite from a copied template (made once per schema, kept under the OS temp folder),
 * or, where FOTOTECA_TEST_POSTGRES names a server, a copy of a template there. Truncate between tests; open one per file.
 */
import { createHash, randomBytes } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { type Db, type OpenDatabase, openDatabase } from '../../src/db/client.ts'
import { migrateToLatest } from '../../src/db/migrate.ts'
import { SEED_CATEGORIES } from '../../src/db/migrations/0001-library.ts'
import { testFolder } from './test-folder.ts'

export const TEST_POSTGRES = process.env.FOTOTECA_TEST_POSTGRES || undefined

/** Above any wait of a test on a busy machine, such as that of the last of fifty uploads; longer means `db` was used inside `db.transaction()`. */
const WATCHDOG_MS = 30_000

export interface TestDatabase extends OpenDatabase {
  /** a folder of this database’s own, removed with it */
  readonly dataDir: string
}

/** @param watchdogMs see above; PGlite only */
export async function openTestDatabase(watchdogMs = WATCHDOG_MS): Promise<TestDatabase> {
  const dataDir = await mkdtemp(join(testFolder(), 'fototeca-test-'))
  const removeFolder = () => rm(dataDir, { recursive: true, force: true, maxRetries: 3 })
  if (TEST_POSTGRES !== undefined) {
    const fresh = await createServerDatabase(TEST_POSTGRES, await ensureServerTemplate(TEST_POSTGRES))
    const open = await openDatabase({ dataDir, databaseUrl: fresh.url })
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
  await layDatabase(dataDir)
  const open = await openDatabase({ dataDir, acquireTimeoutMs: watchdogMs })
  return {
    ...open,
    dataDir,
    [Symbol.asyncDispose]: async () => {
      await open[Symbol.asyncDispose]()
      await removeFolder()
    },
  }
}

/** Lays an empty, migrated database into a data folder, for a test that opens it itself (PGlite): making one takes seconds. */
export async function layDatabase(dataDir: string): Promise<void> {
  // a thousand small files: ten times as fast as the promise of it
  cpSync(join(await ensureTemplate(), 'pg'), join(dataDir, 'pg'), { recursive: true })
}

/** Templates of other schemas, and databases of runs that were killed. */
async function removeOld(folder: string): Promise<void> {
  for (const name of readdirSync(folder)) {
    if (!/^fototeca-(template|test|e2e)-/.test(name)) continue
    const path = join(folder, name)
    const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
    if (Date.now() - modified > 24 * 3_600_000) await rm(path, { recursive: true, force: true })
  }
}

/** A database of its own on the server of FOTOTECA_TEST_POSTGRES, empty or a copy. */
export async function createServerDatabase(serverUrl: string, template = 'template1'): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `fototeca_test_${randomBytes(6).toString('hex')}`
  const run = (statement: string) => withServer(serverUrl, async (client) => void (await client.query(statement)))
  await run(`create database ${name} template ${template}`)
  return { url: databaseUrl(serverUrl, name), drop: () => run(`drop database if exists ${name} with (force)`) }
}

/** Name of an empty, migrated database on the server, made once per schema; one test file makes it while the others wait. */
async function ensureServerTemplate(serverUrl: string): Promise<string> {
  const name = `fototeca_template_${hashSchema()}`
  const making = `${name}_new`
  const isThere = async (client: pg.Client) => (await client.query('select from pg_database where datname = $1', [name])).rows.length > 0
  await withServer(serverUrl, async (client) => {
    if (await isThere(client)) return
    await client.query("select pg_advisory_lock(hashtext('fototeca template'))")
    if (await isThere(client)) return
    await client.query(`drop database if exists ${making} with (force)`) // of a run that was killed
    await client.query(`create database ${making}`)
    const dataDir = await mkdtemp(join(testFolder(), 'fototeca-test-'))
    {
      await using open = await openDatabase({ dataDir, databaseUrl: databaseUrl(serverUrl, making) })
      await migrateToLatest(open.db)
    }
    await rm(dataDir, { recursive: true, force: true })
    await client.query(`alter database ${making} rename to ${name}`)
  })
  return name
}

async function withServer(serverUrl: string, use: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  try {
    await use(client)
  } finally {
    await client.end()
  }
}

function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

/** Empties every table and puts the seed back (upload source, categories), as after the first start. */
export async function truncateAll(db: Db): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { rows: indexes } = await sql<{ name: string }>`
      select indexname as name from pg_indexes where schemaname = 'public' and indexname like 'embeddings\\_space\\_%'`.execute(trx)
    for (const { name } of indexes) await sql`drop index ${sql.ref(name)}`.execute(trx)
    const { rows: tables } = await sql<{ name: string }>`
      select tablename as name from pg_tables where schemaname = 'public' and tablename not like 'kysely%'`.execute(trx)
    // `truncate` makes new files for each of some sixty tables and their indexes, which took a quarter of all time of the database tests
    const { rows: used } = await sql<{ name: string }>`${sql.join(
      tables.map(({ name }) => sql`select ${sql.lit(name)} as name where exists (select from ${sql.table(name)})`),
      sql` union all `,
    )}`.execute(trx)
    await sql`set local session_replication_role = replica`.execute(trx) // foreign keys ask for an order of the tables; all of them end empty
    for (const { name } of used) await sql`delete from ${sql.table(name)}`.execute(trx)
    await sql`set local session_replication_role = default`.execute(trx)
    await sql`
      select setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) from pg_sequences
      where schemaname = 'public' and last_value is not null`.execute(trx)
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

/** What an empty database is made of: a changed schema makes a new template. */
function hashSchema(): string {
  const source = resolve(import.meta.dirname, '../../src/db')
  const hash = createHash('sha256')
  for (const file of readdirSync(join(source, 'migrations')).sort()) hash.update(readFileSync(join(source, 'migrations', file)))
  for (const file of ['migrate.ts', 'pglite-worker.ts']) hash.update(readFileSync(join(source, file)))
  return hash.digest('hex').slice(0, 16)
}

/** Data folder of an empty, migrated database, made once per schema. */
async function ensureTemplate(): Promise<string> {
  const parent = testFolder() // asked once: its answer depends on the room there is, and a folder is renamed within one file system only
  const folder = join(parent, `fototeca-template-${hashSchema()}`)
  if (existsSync(folder)) return folder
  await removeOld(parent)
  const fresh = await mkdtemp(join(parent, 'fototeca-template-new-'))
  {
    await using open = await openDatabase({ dataDir: fresh })
    await migrateToLatest(open.db)
  }
  await rename(fresh, folder).catch(async (error: unknown) => {
    await rm(fresh, { recursive: true, force: true })
    if (!existsSync(folder)) throw error // else another test file was first
  })
  return folder
}
