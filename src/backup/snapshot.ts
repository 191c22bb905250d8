/**
 * @file What a backup is in its place: a snapshot with the tables, a list of files, and a manifest that is written last. Files lie beside
 * the snapshots under their SHA-256, so that snapshots share them.
 *
 *     fototeca-backup.json
 *     files/ab/<sha256>
 *     snapshots/<name>/tables/<table>.jsonl.zst
 *     snapshots/<name>/files.jsonl.zst
 *     snapshots/<name>/manifest.json
 */
import { createHash } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { CopiedSequence, CopiedTable } from '../db/copy/copied-database.ts'
import { listUnknown, withBaseline } from '../db/migrate.ts'
import { FototecaError } from '../domain/errors.ts'
import { unpackLines } from './packed.ts'
import type { BackupPlace } from './place.ts'

export const SNAPSHOT_FORMAT = 1

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const Whole = z.number().int().min(0)
const Stored = z.object({ sha256: Sha256, bytes: Whole })

/** A file of the library: in the data folder, or in a folder that is indexed in place. */
export const SavedFile = z.object({
  /** below the data folder or the source, `/` between parts */
  path: z.string().min(1).refine(isPlain, 'must stay inside its folder'),
  sha256: Sha256,
  bytes: Whole,
  modified_ms: z.number(),
  /** id of the folder source; absent: the data folder */
  source: Whole.optional(),
  /** false: only named; its bytes are not in the backup */
  is_copied: z.boolean(),
})
export type SavedFile = z.infer<typeof SavedFile>

const Manifest = z.object({
  format: z.literal(SNAPSHOT_FORMAT),
  name: z.string(),
  /** database: a copy of the tables alone, made before a change of the schema */
  kind: z.enum(['library', 'database']),
  library: z.string(),
  program: z.string(),
  engine: z.enum(['pglite', 'postgres']),
  /** the database is as of a moment after this one */
  begun_at: z.iso.datetime(),
  finished_at: z.iso.datetime(),
  migrations: z.array(z.string()),
  tables: z.array(CopiedTable.extend(Stored.shape)),
  sequences: z.array(CopiedSequence),
  photos: Whole,
  /** null for a copy of the database alone */
  files: Stored.extend({ count: Whole, total_bytes: Whole, named_only: Whole }).nullable(),
  /** files that rows of this moment name and that were deleted before they could be copied */
  gone: z.array(z.string()),
  /** files whose bytes were not what the library took in */
  damaged: z.array(z.string()),
})
export type Manifest = z.infer<typeof Manifest>
type SealedManifest = Manifest & { readonly checksum: string }

export const SNAPSHOTS = 'snapshots/'
export const FILES = 'files/'
export const fileKey = (sha256: string): string => `${FILES}${sha256.slice(0, 2)}/${sha256}`
export const manifestKey = (name: string): string => `${SNAPSHOTS}${name}/manifest.json`
export const filesKey = (name: string): string => `${SNAPSHOTS}${name}/files.jsonl.zst`
/** An empty table has no file. */
export const listStored = <T extends { readonly rows: number }>(tables: readonly T[]): T[] => tables.filter(({ rows }) => rows > 0)
export const tableKey = (name: string, table: string): string => `${SNAPSHOTS}${name}/tables/${table}.jsonl.zst`

/** `2026-11-23T10-09-46Z`: sorts by time, and is a name on every disk. */
export const nameSnapshot = (at: Date): string =>
  at
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')

export function sealManifest(manifest: Manifest): string {
  return `${JSON.stringify({ ...manifest, checksum: sum(manifest) } satisfies SealedManifest, null, 1)}\n`
}

const sum = (manifest: unknown): string => createHash('sha256').update(JSON.stringify(manifest)).digest('hex')

/** All names in their order, oldest first: those with a manifest, and those that were never finished. */
export async function listSnapshots({ blobs }: BackupPlace): Promise<{ finished: string[]; unfinished: string[] }> {
  const names = new Map<string, boolean>()
  for await (const { key } of blobs.list(SNAPSHOTS)) {
    const [, name = '', ...rest] = key.split('/')
    names.set(name, names.get(name) === true || rest.join('/') === 'manifest.json')
  }
  const sorted = [...names].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    finished: sorted.flatMap(([name, isFinished]) => (isFinished ? [name] : [])),
    unfinished: sorted.flatMap(([name, isFinished]) => (isFinished ? [] : [name])),
  }
}

/**
 * @param name undefined: the newest that was finished
 * @throws FototecaError `invalid` for none, a damaged one, and one of another format or a newer program
 */
export async function readSnapshot(place: BackupPlace, name?: string): Promise<Manifest> {
  const { finished, unfinished } = await listSnapshots(place)
  const wanted = name ?? finished.at(-1)
  const there = finished.length === 0 ? 'there is none' : `there are ${finished.join(', ')}`
  if (wanted === undefined || !finished.includes(wanted)) {
    const why =
      wanted === undefined
        ? `${place.shown} holds no finished backup`
        : unfinished.includes(wanted)
          ? `the backup ${wanted} in ${place.shown} was never finished`
          : `there is no backup ${wanted} in ${place.shown}`
    throw new FototecaError('invalid', `${why}; ${there}`)
  }
  const written = await text((await place.blobs.get(manifestKey(wanted))).stream)
  const damaged = (why: string) =>
    new FototecaError(
      'invalid',
      `the manifest of the backup ${wanted} in ${place.shown} is damaged (${why}); choose another with --snapshot: ${there}`,
    )
  let json: unknown
  try {
    json = JSON.parse(written)
  } catch {
    throw damaged('it is no JSON')
  }
  const { format, program } = (json ?? {}) as { format?: unknown; program?: unknown }
  if (typeof format === 'number' && format !== SNAPSHOT_FORMAT)
    throw new FototecaError(
      'invalid',
      `the backup ${wanted} is of format ${format}, this program knows ${SNAPSHOT_FORMAT}; use fototeca ${String(program)}, which made it`,
    )
  const { checksum, ...rest } = (json ?? {}) as Record<string, unknown>
  if (checksum !== sum(rest)) throw damaged('its checksum is another')
  const parsed = Manifest.safeParse(rest)
  if (!parsed.success) throw damaged(z.prettifyError(parsed.error).replaceAll('\n', ' '))
  const unknown = listUnknown(parsed.data.migrations)
  if (unknown.length > 0)
    throw new FototecaError(
      'invalid',
      `the backup ${wanted} was made by a newer fototeca (${parsed.data.program}; its database has ${unknown.join(', ')}); use that version or a newer one`,
    )
  withBaseline(parsed.data.migrations)
  return parsed.data
}

/** The files a snapshot names. */
export async function* readFiles({ blobs }: BackupPlace, name: string): AsyncGenerator<SavedFile> {
  const key = filesKey(name)
  for await (const batch of unpackLines((await blobs.get(key)).stream, key)) {
    for (const line of batch) {
      const parsed = SavedFile.safeParse(line)
      if (!parsed.success) throw new FototecaError('invalid', `${key} is damaged: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`)
      yield parsed.data
    }
  }
}

/** What is written by a restore comes from here: nothing may lead out of its folder. */
function isPlain(path: string): boolean {
  return !path.startsWith('/') && !path.includes('\0') && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
}
