/** @file Brings the database to this program’s schema. The list is literal: what runs is what is written here. */
import { sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { describeError, FototecaError } from '../domain/errors.ts'
import type { Db } from './client.ts'
import { up as createBaseline } from './migrations/0032-baseline.ts'
import { up as createSessions } from './migrations/0033-sessions.ts'
import { up as extendSources } from './migrations/0040-sources.ts'
import { up as checkFiles } from './migrations/0044-file-checks.ts'
import { up as keepRecords } from './migrations/0045-photo-records.ts'
import { up as tellAnimalFaces } from './migrations/0050-animal-faces.ts'
import { up as keepIndexes } from './migrations/0051-kept-indexes.ts'
import { up as registerProcesses } from './migrations/0052-processes.ts'
import { up as relay } from './migrations/0053-relay.ts'
import { up as storeMessages } from './migrations/0061-messages.ts'
import { up as markUpgrades } from './migrations/0062-upgrades.ts'
import { up as rememberActors } from './migrations/0063-actors.ts'
import { up as reservePaidCalls } from './migrations/0064-paid-calls.ts'
import { up as addLabelModels } from './migrations/0068-describers.ts'
import { up as setProductsApart } from './migrations/0069-collections.ts'
import { up as reportTasks } from './migrations/0070-task-reports.ts'
import { up as noteFoldersByCode } from './migrations/0071-folder-messages.ts'
import { up as recordCollections } from './migrations/0072-record-collections.ts'
import { up as describeByPurpose } from './migrations/0073-purposes.ts'
import { up as keepProductAnswers } from './migrations/0075-product-answers.ts'
import { up as tellLanguages } from './migrations/0076-text-languages.ts'
import { up as tellEditsByCode } from './migrations/0077-message-of-edits.ts'
import { up as keepOtherDescriptions } from './migrations/0078-other-descriptions.ts'
import { up as addAccounts } from './migrations/0083-accounts.ts'

const BASELINE = '0032-baseline'

/** In order; names are never changed once released. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  [BASELINE]: { up: createBaseline },
  '0033-sessions': { up: createSessions },
  '0040-sources': { up: extendSources },
  '0044-file-checks': { up: checkFiles },
  '0045-photo-records': { up: keepRecords },
  '0050-animal-faces': { up: tellAnimalFaces },
  '0051-kept-indexes': { up: keepIndexes },
  '0052-processes': { up: registerProcesses },
  '0053-relay': { up: relay },
  '0061-messages': { up: storeMessages },
  '0062-upgrades': { up: markUpgrades },
  '0063-actors': { up: rememberActors },
  '0064-paid-calls': { up: reservePaidCalls },
  '0068-describers': { up: addLabelModels },
  '0069-collections': { up: setProductsApart },
  '0070-task-reports': { up: reportTasks },
  '0071-folder-messages': { up: noteFoldersByCode },
  '0072-record-collections': { up: recordCollections },
  '0073-purposes': { up: describeByPurpose },
  '0075-product-answers': { up: keepProductAnswers },
  '0076-text-languages': { up: tellLanguages },
  '0077-message-of-edits': { up: tellEditsByCode },
  '0078-other-descriptions': { up: keepOtherDescriptions },
  '0083-accounts': { up: addAccounts },
}

/** What the baseline makes at once was made by these before. */
const BEFORE_BASELINE: ReadonlySet<string> = new Set(
  `0001-library 0002-describe 0003-tags 0004-edits 0005-spaces 0007-search-filters 0008-wall-clock 0009-people 0010-duplicates 0011-albums
  0012-clusters 0013-products 0014-generations 0015-texts 0016-document-facts 0017-changes-and-deletions 0019-understanding
  0020-generation-budgets 0021-product-words 0024-cluster-changes 0025-estimated-costs 0027-cities 0029-documents-and-senses 0030-due-photos
  0031-album-history 0032-outlines`.split(/\s+/),
)

export interface MigrateOptions {
  /** called before the first change of a database that was in use already; what it throws keeps the database as it is */
  readonly beforeChange?: () => Promise<void>
}

/**
 * Runs what is missing, each migration in its transaction. On a server the whole run holds an advisory lock (Kysely’s adapter takes it).
 * A database that had all the migrations that became the baseline is recorded as having that.
 * @throws FototecaError `config` when a newer program has written this database, or one that is older than the baseline
 */
export async function migrateToLatest(db: Db, { beforeChange }: MigrateOptions = {}): Promise<void> {
  const done = await readDone(db)
  refuseNewer(done)
  withBaseline(done)
  if (beforeChange && done.length > 0 && Object.keys(MIGRATIONS).some((name) => !done.includes(name))) await beforeChange()
  if (done.some((name) => BEFORE_BASELINE.has(name))) await adoptBaseline(db)
  await run(db, MIGRATIONS)
}

/** Brings an empty database to the schema of a copy: exactly these migrations. All of them must be known (`listUnknown`). */
export async function migrateTo(db: Db, names: readonly string[]): Promise<void> {
  const wanted = withBaseline(names)
  await run(db, Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => wanted.includes(name))))
}

/** Of these migrations, those that only a newer program knows. */
export function listUnknown(names: readonly string[]): string[] {
  return names.filter((name) => !(name in MIGRATIONS || BEFORE_BASELINE.has(name)))
}

/**
 * These migrations, with the baseline for those that became it.
 * @throws FototecaError `config` for some of them only: that is a development version, whose schema is not that of the baseline
 */
export function withBaseline(names: readonly string[]): readonly string[] {
  const older = names.filter((name) => BEFORE_BASELINE.has(name)).length
  if (older === 0) return names
  if (older < BEFORE_BASELINE.size)
    throw new FototecaError(
      'config',
      `this database is of a development version: it has ${older} of the ${BEFORE_BASELINE.size} migrations before the first version. Start fototeca of commit af83b4e on it once (a backup: restore it with that and back it up again), then use this version`,
    )
  return [BASELINE, ...names.filter((name) => !BEFORE_BASELINE.has(name))]
}

/** One statement: of two processes that start at once, one does it and the other finds nothing left. */
async function adoptBaseline(db: Db): Promise<void> {
  await sql`
    with before as (delete from kysely_migration where name in (${sql.join([...BEFORE_BASELINE])}) returning timestamp)
    insert into kysely_migration (name, timestamp)
    select ${BASELINE}, max(timestamp) from before having count(*) = ${sql.lit(BEFORE_BASELINE.size)}`.execute(db)
}

async function run(db: Db, migrations: Readonly<Record<string, Migration>>): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations) },
    // they are independent of each other: a library of a development version may have a later one already
    allowUnorderedMigrations: true,
  })
  const { error, results } = await migrator.migrateToLatest()
  if (error === undefined) return
  refuseNewer(await readDone(db)) // a newer program may have migrated while we waited for the lock
  const failed = results?.find((result) => result.status === 'Error')?.migrationName
  throw new FototecaError(
    'internal',
    `the database could not be brought up to date${failed ? ` (${failed})` : ''}: ${describeError(error)}`,
    {
      cause: error,
    },
  )
}

/** The migrations this database has had; none: it is new. */
async function readDone(db: Db): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some((table) => table.name === 'kysely_migration')) return []
  const done = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom('kysely_migration')
    .select('name')
    .orderBy('name')
    .execute()
  return done.map((row) => row.name)
}

function refuseNewer(done: readonly string[]): void {
  const unknown = listUnknown(done)
  if (unknown.length === 0) return
  throw new FototecaError(
    'config',
    `this database was written by a newer fototeca (it has ${unknown.join(', ')}); start that version or a newer one, or restore a backup made before`,
  )
}
