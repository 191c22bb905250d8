/** @file Brings the database to this program’s schema. The list is literal: what runs is what is written here. */
import { type Migration, Migrator } from 'kysely'
import { describeError, FototecaError } from '../domain/errors.ts'
import type { Db } from './client.ts'
import { up as makeLibrary } from './migrations/0001-library.ts'
import { up as makeDescribe } from './migrations/0002-describe.ts'
import { up as makeTags } from './migrations/0003-tags.ts'
import { up as addEdits } from './migrations/0004-edits.ts'
import { up as makeSpaces } from './migrations/0005-spaces.ts'
import { up as indexSearchFilters } from './migrations/0007-search-filters.ts'
import { up as sortByWallClock } from './migrations/0008-wall-clock.ts'
import { up as makePeople } from './migrations/0009-people.ts'
import { up as makeDuplicates } from './migrations/0010-duplicates.ts'
import { up as makeAlbums } from './migrations/0011-albums.ts'
import { up as makeClusters } from './migrations/0012-clusters.ts'
import { up as makeProducts } from './migrations/0013-products.ts'
import { up as makeGenerations } from './migrations/0014-generations.ts'
import { up as makeTexts } from './migrations/0015-texts.ts'
import { up as keepDocumentFacts } from './migrations/0016-document-facts.ts'
import { up as markChanges } from './migrations/0017-changes-and-deletions.ts'
import { up as understand } from './migrations/0019-understanding.ts'
import { up as addGenerationBudgets } from './migrations/0020-generation-budgets.ts'
import { up as makeProductWords } from './migrations/0021-product-words.ts'
import { up as keepClusterChanges } from './migrations/0024-cluster-changes.ts'
import { up as markEstimates } from './migrations/0025-estimated-costs.ts'
import { up as addCities } from './migrations/0027-cities.ts'
import { up as tagDocumentsAndNameSenses } from './migrations/0029-documents-and-senses.ts'
import { up as indexDuePhotos } from './migrations/0030-due-photos.ts'
import { up as createAlbumHistory } from './migrations/0031-album-history.ts'
import { up as createOutlines } from './migrations/0032-outlines.ts'
import { up as createSessions } from './migrations/0033-sessions.ts'
import { up as extendSources } from './migrations/0040-sources.ts'
import { up as checkFiles } from './migrations/0044-file-checks.ts'
import { up as keepRecords } from './migrations/0045-photo-records.ts'
import { up as tellAnimalFaces } from './migrations/0050-animal-faces.ts'
import { up as keepIndexes } from './migrations/0051-kept-indexes.ts'
import { up as registerProcesses } from './migrations/0052-processes.ts'
import { up as relay } from './migrations/0053-relay.ts'

/** In order; names are never changed once released. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-library': { up: makeLibrary },
  '0002-describe': { up: makeDescribe },
  '0003-tags': { up: makeTags },
  '0004-edits': { up: addEdits },
  '0005-spaces': { up: makeSpaces },
  '0007-search-filters': { up: indexSearchFilters },
  '0008-wall-clock': { up: sortByWallClock },
  '0009-people': { up: makePeople },
  '0010-duplicates': { up: makeDuplicates },
  '0011-albums': { up: makeAlbums },
  '0012-clusters': { up: makeClusters },
  '0013-products': { up: makeProducts },
  '0014-generations': { up: makeGenerations },
  '0015-texts': { up: makeTexts },
  '0016-document-facts': { up: keepDocumentFacts },
  '0017-changes-and-deletions': { up: markChanges },
  '0019-understanding': { up: understand },
  '0020-generation-budgets': { up: addGenerationBudgets },
  '0021-product-words': { up: makeProductWords },
  '0024-cluster-changes': { up: keepClusterChanges },
  '0025-estimated-costs': { up: markEstimates },
  '0027-cities': { up: addCities },
  '0029-documents-and-senses': { up: tagDocumentsAndNameSenses },
  '0030-due-photos': { up: indexDuePhotos },
  '0031-album-history': { up: createAlbumHistory },
  '0032-outlines': { up: createOutlines },
  '0033-sessions': { up: createSessions },
  '0040-sources': { up: extendSources },
  '0044-file-checks': { up: checkFiles },
  '0045-photo-records': { up: keepRecords },
  '0050-animal-faces': { up: tellAnimalFaces },
  '0051-kept-indexes': { up: keepIndexes },
  '0052-processes': { up: registerProcesses },
  '0053-relay': { up: relay },
}

export interface MigrateOptions {
  /** called before the first change of a database that was in use already; what it throws keeps the database as it is */
  readonly beforeChange?: () => Promise<void>
}

/**
 * Runs what is missing, each migration in its transaction. On a server the whole run holds an advisory lock (Kysely’s adapter takes it).
 * @throws FototecaError `config` when a newer program has written this database
 */
export async function migrateToLatest(db: Db, { beforeChange }: MigrateOptions = {}): Promise<void> {
  const done = await readDone(db)
  refuseNewer(done)
  if (beforeChange && done.length > 0 && Object.keys(MIGRATIONS).some((name) => !done.includes(name))) await beforeChange()
  await run(db, MIGRATIONS)
}

/** Brings an empty database to the schema of a copy: exactly these migrations. All of them must be known (`listUnknown`). */
export async function migrateTo(db: Db, names: readonly string[]): Promise<void> {
  await run(db, Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => names.includes(name))))
}

/** Of these migrations, those that only a newer program knows. */
export function listUnknown(names: readonly string[]): string[] {
  return names.filter((name) => !(name in MIGRATIONS))
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
