/**
 * @file Backup and restore of 100,000 photos with vectors and 1,000 files, beside the obvious way: stop, copy the data folder, start.
 * FOTOTECA_BENCH_PHOTOS sets another size.
 */

import { createHash, randomBytes } from 'node:crypto'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { sql } from 'kysely'
import { checkBackup } from '../src/backup/check-backup.ts'
import { makeBackup } from '../src/backup/make-backup.ts'
import { type BackupPlace, openPlaceToRead, openPlaceToWrite } from '../src/backup/place.ts'
import { restore } from '../src/backup/restore.ts'
import { readSnapshot } from '../src/backup/snapshot.ts'
import { type Db, openDatabase } from '../src/db/client.ts'
import { measureFolder } from '../src/db/copy/online-copy.ts'
import { listTables, readDatabase } from '../src/db/copy/read-database.ts'
import { migrateToLatest } from '../src/db/migrate.ts'
import { ensureSpace } from '../src/db/vector.ts'
import { openLibraryBlobs } from '../src/storage/library-blobs.ts'
import { makeRandom } from './random.ts'
import type { Benchmark, Row } from './row.ts'

const PHOTOS = Number(process.env.FOTOTECA_BENCH_PHOTOS ?? 100_000)
const FILES = Math.min(1000, PHOTOS)
const FILE_BYTES = 200_000
const WIDTH = 256
const BATCH = 2000
const never = new AbortController().signal

export async function run(log: (line: string) => void = console.error): Promise<Benchmark> {
  const folder = await mkdtemp(join(tmpdir(), 'fototeca-bench-'))
  const [dataDir, target] = [join(folder, 'data'), join(folder, 'to')]
  const rows: Row[] = []
  const started = performance.now()
  const note = (what: string) => log(`${what} after ${Math.round((performance.now() - started) / 1000)} s`)
  const tell = (label: string, value: number, unit: string) => {
    rows.push({ label, value, unit })
    note(`${label}: ${value.toFixed(1)} ${unit}`)
  }
  const time = async <T>(label: string, work: () => Promise<T>): Promise<T> => {
    const from = performance.now()
    const result = await work()
    tell(label, (performance.now() - from) / 1000, 's')
    return result
  }
  try {
    await mkdir(dataDir)
    let before: string
    {
      await using open = await openDatabase({ dataDir })
      await migrateToLatest(open.db)
      await build(open.db, dataDir)
      note(`${PHOTOS} photos`)
      tell('longest wait of a reader, nothing else going on', (await readMeanwhile(open.db, () => countRows(open.db))).longestMs, 'ms')
      const blobs = await openLibraryBlobs({ dataDir })
      const backUp = (place: BackupPlace) =>
        makeBackup({ open, dataDir, library: 'bench', blobs, minFreeBytes: 0 }, place, { keep: 14, withFolders: false }, () => {}, never)
      for (const which of ['first', 'second']) {
        await using place = await openPlaceToWrite(target, { dataDir, stores: undefined, productProfile: 'jewelry' }, 'bench')
        const { longestMs, reads } = await readMeanwhile(open.db, () => time(`${which} backup, with its own check`, () => backUp(place)))
        tell(`the same: longest wait of a reader (of ${reads} reads)`, longestMs, 'ms')
        tell(`the same: the backups take`, (await measureFolder(target)) / 1e6, 'MB')
      }
      before = await digest(open.db)
    }
    const naive = join(folder, 'naive')
    const closed = performance.now()
    await cp(dataDir, naive, { recursive: true })
    {
      await using open = await openDatabase({ dataDir })
      await countRows(open.db)
    }
    tell('the obvious way, stop, copy, start: nobody is answered for', performance.now() - closed, 'ms')
    tell('the same: each copy takes', (await measureFolder(naive)) / 1e6, 'MB')
    await rm(naive, { recursive: true })

    await rm(dataDir, { recursive: true })
    await mkdir(dataDir)
    await using place = await openPlaceToRead(target, { dataDir, stores: undefined, productProfile: 'jewelry' })
    const manifest = await readSnapshot(place)
    await time('check of a backup', () => checkBackup(place, manifest, () => {}, never))
    await time('restore into an empty folder', () =>
      restore(place, manifest, { dataDir, databaseUrl: undefined }, { skipDamaged: false, foldersTo: null }, () => {}, never),
    )
    await using open = await openDatabase({ dataDir })
    const differing = (await digest(open.db)) === before ? 0 : 1
    tell('tables that differ after it', differing, '')
    tell('files of another sum after it', await countWrong(open.db, dataDir), `of ${FILES}`)
    return {
      name: 'backup',
      rows,
      notes: [
        `${PHOTOS} photos with vectors of width ${WIDTH}, ${FILES} files of ${FILE_BYTES / 1000} kB, PGlite; source and target on one disk`,
      ],
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function build(db: Db, dataDir: string): Promise<void> {
  const sums: string[] = []
  for (let n = 0; n < FILES; n++) {
    const bytes = randomBytes(FILE_BYTES)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const path = join(dataDir, 'originals', blobPath(sha256))
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, bytes)
    sums.push(sha256)
  }
  const random = makeRandom(7)
  const spaceId = await ensureSpace(db, { name: `bench/${WIDTH}`, width: WIDTH, hasText: true }, 'bench')
  for (let from = 1; from <= PHOTOS; from += BATCH) {
    const to = Math.min(PHOTOS, from + BATCH - 1)
    await sql`insert into photos (sha256, bytes, format, filename, state, sort_at, day)
      select coalesce(${JSON.stringify(sums)}::jsonb ->> (i - 1), md5(i::text) || md5((-i)::text)), ${FILE_BYTES}, 'jpeg', i || '.jpg', 'completed', now(), current_date
      from generate_series(${from}::int, ${to}::int) i`.execute(db)
    await sql`insert into photo_tags (photo_id, tag, said_by, confidence)
      select i, 'tag ' || (n * (1 + (i * 7919) % (n * n + 1))), 'bench', .5
      from generate_series(${from}::int, ${to}::int) i, generate_series(1, 5) n on conflict do nothing`.execute(db)
    await sql`insert into photo_steps (photo_id, step, version, lane, state)
      select i, step, 1, 'analyse', 'done' from generate_series(${from}::int, ${to}::int) i, unnest(array['metadata', 'colours', 'ocr', 'hash']) step`.execute(
      db,
    )
    await sql`insert into photo_metadata (photo_id, camera_model, raw)
      select i, 'camera ' || i % 9, jsonb_build_object('a', md5(i::text), 'b', repeat('x', 400)) from generate_series(${from}::int, ${to}::int) i`.execute(
      db,
    )
    await sql`insert into search_documents (photo_id, tsv)
      select i, to_tsvector('simple', 'some words of photo ' || i || ' and of camera ' || i % 9) from generate_series(${from}::int, ${to}::int) i`.execute(
      db,
    )
    const vectors = Array.from({ length: to - from + 1 }, () => `[${Array.from({ length: WIDTH }, () => random().toFixed(6)).join(',')}]`)
    await sql`insert into embeddings (space_id, photo_id, embedding)
      select ${sql.lit(spaceId)}, ${from} - 1 + position, value::vector
      from jsonb_array_elements_text(${JSON.stringify(vectors)}::jsonb) with ordinality as r (value, position)`.execute(db)
  }
  await sql`insert into photo_files (photo_id, source_id, path, filename, bytes, modified_ms)
    select p.id, (select id from sources where kind = 'upload'), substr(sha256, 1, 2) || '/' || substr(sha256, 3, 2) || '/' || sha256, filename, bytes, 0
    from photos p where id <= ${FILES}`.execute(db)
  await sql`vacuum analyze`.execute(db)
}

const blobPath = (sha256: string): string => `${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`

const countRows = (db: Db) => sql`select count(*) from photo_tags`.execute(db)

/** One read after another, as a page that is opened would do. */
async function readMeanwhile(db: Db, work: () => Promise<unknown>): Promise<{ longestMs: number; reads: number }> {
  let [longestMs, reads, isOver] = [0, 0, false]
  const reading = (async () => {
    while (!isOver) {
      const from = performance.now()
      await db
        .selectFrom('photos')
        .select(['id', 'filename'])
        .where('id', '=', 1 + (reads % PHOTOS))
        .execute()
      longestMs = Math.max(longestMs, performance.now() - from)
      reads += 1
      await turn()
    }
  })()
  await work().finally(() => {
    isOver = true
  })
  await reading
  return { longestMs, reads }
}

/** Of all rows in any order; without what a restore says otherwise (numbers of transactions, settings). */
async function digest(db: Db): Promise<string> {
  const columns = new Map((await listTables(db)).map((table) => [table.name, table.columns]))
  const sums: Record<string, string> = {}
  await readDatabase(
    db,
    async (name, batches) => {
      const kept = columns.get(name)!.map(({ type }) => type !== 'xid8')
      let [sum, rows] = [0n, 0]
      for await (const batch of batches)
        for (const row of batch) {
          rows += 1
          const hash = createHash('sha256').update(JSON.stringify(row.filter((_, at) => kept[at])))
          sum = BigInt.asUintN(64, sum + hash.digest().readBigUInt64LE())
        }
      if (name !== 'settings') sums[name] = `${rows} ${sum}`
    },
    async () => undefined,
    never,
  )
  return JSON.stringify(sums)
}

async function countWrong(db: Db, dataDir: string): Promise<number> {
  let wrong = 0
  for (const { sha256 } of await db.selectFrom('photos').select('sha256').where('id', '<=', FILES).execute()) {
    const bytes = await readFile(join(dataDir, 'originals', blobPath(sha256)))
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) wrong += 1
  }
  return wrong
}
