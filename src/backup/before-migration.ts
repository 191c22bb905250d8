/** @file A copy of the database before a new version changes its tables; `fototeca restore` takes it back. */
import { rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import packageFile from '../../package.json' with { type: 'json' }
import type { OpenDatabase } from '../db/client.ts'
import { measureDatabase } from '../db/copy/read-database.ts'
import { FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { bytesSource } from '../storage/blob-store.ts'
import { checkTables } from './check-backup.ts'
import { copyTables } from './copy-tables.ts'
import { workFolder } from './make-backup.ts'
import { openOwnPlace } from './place.ts'
import { removeOld } from './retention.ts'
import { listSnapshots, type Manifest, manifestKey, nameSnapshot, SNAPSHOT_FORMAT, sealManifest } from './snapshot.ts'
import { ensureLibraryId } from './store-content.ts'

const KEPT_COPIES = 2

export interface CopyDeps {
  readonly open: Pick<OpenDatabase, 'db' | 'engine'>
  readonly dataDir: string
  readonly minFreeBytes: number
  readonly log: Log
}

/** @throws FototecaError `disk_full`, saying how to start without a copy */
export async function copyBeforeMigration({ open, dataDir, minFreeBytes, log }: CopyDeps): Promise<void> {
  const folder = join(dataDir, 'before-migration')
  const [needed, { bavail, bsize }] = await Promise.all([measureDatabase(open.db), statfs(dataDir)])
  if (bavail * bsize < needed + minFreeBytes)
    throw new FototecaError(
      'disk_full',
      `this version changes the tables of the database, and the disk of ${dataDir} has too little room for ` +
        `a copy of it before (up to ${Math.ceil(needed / 1_000_000)} MB beside what is kept free). ` +
        'Make room, or back it up elsewhere and start once with FOTOTECA_COPY_BEFORE_MIGRATION=off. Nothing was changed',
    )
  const work = workFolder(dataDir)
  const signal = new AbortController().signal
  const begun = new Date()
  const library = await ensureLibraryId(open.db)
  await using place = await openOwnPlace(folder, library)
  // of the last start, which was killed meanwhile
  await rm(work, { recursive: true, force: true })
  const { finished } = await listSnapshots(place)
  const name = nameSnapshot(begun)
  const unique = finished.includes(name) ? `${name}-2` : name
  const copied = await copyTables(open, place, unique, work, async () => undefined, signal)
  const manifest: Manifest = {
    format: SNAPSHOT_FORMAT,
    name: unique,
    kind: 'database',
    library,
    program: packageFile.version,
    engine: open.engine,
    begun_at: begun.toISOString(),
    finished_at: new Date().toISOString(),
    migrations: [...copied.migrations],
    tables: copied.tables.map((table) => ({ ...table })),
    sequences: [...copied.sequences],
    photos: copied.tables.find((table) => table.name === 'photos')?.rows ?? 0,
    files: null,
    gone: [],
    damaged: [],
  }
  const wrong = await checkTables(place, manifest, signal)
  if (wrong.length > 0)
    throw new FototecaError(
      'unavailable',
      `the disk of ${dataDir} does not give back what was written (${wrong.join(', ')}); check it. The database was not changed`,
    )
  await place.blobs.put(manifestKey(unique), bytesSource(sealManifest(manifest), 'application/json'))
  await removeOld(place, KEPT_COPIES, signal)
  log.info({ copy: `${folder}/snapshots/${unique}` }, 'the database was copied before its tables are changed')
}
