/**
 * @file An empty, migrated database for a test file: PGlite from a copied template (made once per schema, kept under the OS temp folder),
 * kept open for the next files of the same worker, or, where FOTOTECA_TEST_POSTGRES names a server, a copy of a template there.
 * Truncate between tests; open one per file.
 */
import { createHash, randomBytes } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { type Db, type OpenDatabase, openDatabase, openSession } from '../../src/db/client.ts'
import { migrateToLatest } from '../../src/db/migrate.ts'
import { SEED_CATEGORIES } from '../../src/db/migrations/0032-baseline.ts'
import { type PgliteSession, PgliteThread } from '../../src/db/pglite.ts'
import { FototecaError } from '../../src/domain/errors.ts'
import { testFolder } from './test-folder.ts'

export const TEST_POSTGRES = process.env.FOTOTECA_TEST_POSTGRES || undefined

/** Above any wait of a test on a busy machine, such as that of the last of fifty uploads; longer means `db` was used inside `db.transaction()`. */
const WATCHDOG_MS = 30_000

export interface TestDatabase extends OpenDatabase {
  /** a folder of this database’s own, removed with it */
  readonly dataDir: string
  /** for connections of another process; undefined: embedded, which only one has */
  readonly databaseUrl?: string
}

export interface TestDatabaseOptions {
  /** see above; PGlite only */
  readonly watchdogMs?: number
  /** One that nobody had before, in the data folder itself: for tests that kill it, back it up, or count what it forces to the disk. */
  readonly isOwn?: boolean
}

export async function openTestDatabase({ watchdogMs = WATCHDOG_MS, isOwn = false }: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const dataDir = await mkdtemp(join(testFolder(), 'fototeca-test-'))
  const removeFolder = () => rm(dataDir, { recursive: true, force: true, maxRetries: 3 })
  if (TEST_POSTGRES !== undefined) {
    const fresh = await createServerDatabase(TEST_POSTGRES, await ensureServerTemplate(TEST_POSTGRES))
    const open = await openDatabase({ dataDir, databaseUrl: fresh.url })
    return {
      ...open,
      dataDir,
      databaseUrl: fresh.url,
      [Symbol.asyncDispose]: async () => {
        await open[Symbol.asyncDispose]()
        await fresh.drop()
        await removeFolder()
      },
    }
  }
  const lent = isOwn ? null : await lendKept(watchdogMs)
  if (!lent) await layDatabase(dataDir)
  const open = lent ?? (await openDatabase({ dataDir, acquireTimeoutMs: watchdogMs }))
  return {
    ...open,
    dataDir,
    [Symbol.asyncDispose]: async () => {
      await open[Symbol.asyncDispose]()
      await removeFolder()
    },
  }
}

/** Where workers keep their databases, made and removed by `keep-databases.ts`; without it each file has its own. */
const KEPT_FOLDER = process.env.FOTOTECA_TEST_KEPT || undefined

/** Opening one takes 1.8 s of processor time, emptying it a tenth of that. */
interface KeptDatabase {
  readonly folder: string
  readonly thread: PgliteThread
}
let kept: Promise<KeptDatabase> | undefined
let isLent = false

/** Null where none is kept, or another file of this worker has it: one that needs two at once. */
async function lendKept(watchdogMs: number): Promise<OpenDatabase | null> {
  if (KEPT_FOLDER === undefined || isLent) return null
  isLent = true
  try {
    kept ??= openKept(KEPT_FOLDER)
    const { folder, thread } = await kept
    await makeAsNew(thread)
    const open = openSession(thread, new LentSession(thread), folder, { acquireTimeoutMs: watchdogMs })
    await truncateAll(open.db)
    return {
      ...open,
      [Symbol.asyncDispose]: async () => {
        await open[Symbol.asyncDispose]()
        isLent = false
      },
    }
  } catch (error) {
    kept = undefined // the next file begins anew
    isLent = false
    throw error
  }
}

async function openKept(parent: string): Promise<KeptDatabase> {
  const dataDir = await mkdtemp(join(parent, 'fototeca-test-'))
  await layDatabase(dataDir)
  const folder = join(dataDir, 'pg')
  const thread = new PgliteThread({ folder })
  await thread.ready
  return { folder, thread }
}

/** Ends with the file that has it: what a test left running gets errors, as from a closed database, and reaches no rows of the next file. */
class LentSession implements PgliteSession {
  readonly #thread: PgliteThread
  #isOver = false
  readonly ready: Promise<void>
  constructor(thread: PgliteThread) {
    this.#thread = thread
    this.ready = thread.ready
  }
  async query(...call: Parameters<PgliteThread['query']>): ReturnType<PgliteThread['query']> {
    if (this.#isOver) throw new FototecaError('unavailable', 'the database was closed')
    return this.#thread.query(...call)
  }
  async close(): Promise<void> {
    this.#isOver = true
  }
}

/** What a file leaves beside rows: an open transaction, settings of the session, tables grown large, statistics, and a log that only a checkpoint ends. */
async function makeAsNew(thread: PgliteThread): Promise<void> {
  const run = async (statement: string) => (await thread.query(statement, [])).rows ?? []
  await run('rollback')
  await run('discard all')
  const tables = (await run("select tablename as name from pg_tables where schemaname = 'public' and tablename not like 'kysely%'")) as {
    name: string
  }[]
  await run(`truncate ${tables.map(({ name }) => `"${name}"`).join(', ')} cascade`)
  await run("delete from pg_statistic where starelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)")
  await run('checkpoint')
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
    // of the catalogue itself: its views take longer to plan
    const { rows: found } = await sql<{ name: string; kind: 'i' | 'r' }>`
      select relname as name, relkind as kind from pg_class where relnamespace = 'public'::regnamespace
        and (relkind = 'i' and relname like 'embeddings\\_space\\_%'
          or relkind = 'r' and relname not like 'kysely%')`.execute(trx)
    const named = (wanted: 'i' | 'r') => found.filter(({ kind }) => kind === wanted).map(({ name }) => name)
    for (const name of named('i')) await sql`drop index ${sql.ref(name)}`.execute(trx)
    // `truncate` makes new files for each of some sixty tables and their indexes, which took a quarter of all time of the database tests
    const { rows: used } = await sql<{ name: string }>`${sql.join(
      named('r').map((name) => sql`select ${sql.lit(name)} as name where exists (select from ${sql.table(name)})`),
      sql` union all `,
    )}`.execute(trx)
    await sql`set local session_replication_role = replica`.execute(trx) // foreign keys ask for an order of the tables; all of them end empty
    for (const { name } of used) await sql`delete from ${sql.table(name)}`.execute(trx)
    await sql`set local session_replication_role = default`.execute(trx)
    await sql`
      select setval(seqrelid::regclass, seqstart, false) from pg_sequence join pg_class on pg_class.oid = seqrelid
      where relnamespace = 'public'::regnamespace and pg_sequence_last_value(seqrelid) is not null`.execute(trx)
    await trx.insertInto('sources').values({ kind: 'upload', path: null }).execute()
    const names = Object.keys(SEED_CATEGORIES)
    await trx
      .insertInto('categories')
      .values(names.map((name) => ({ name })))
      .execute()
    const tags = names.flatMap((name) => SEED_CATEGORIES[name]!.map((tag) => ({ name, tag })))
    await sql`insert into tag_category_mappings (tag, category_id) select tag, id
      from jsonb_to_recordset(${JSON.stringify(tags)}::jsonb) as seed (name text, tag text) join categories using (name)`.execute(trx)
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
export async function ensureTemplate(): Promise<string> {
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
