/**
 * @file What a person's changes cost at 100,000 photos: other tags for a category, its counts, one change of many photos, its undo.
 * FOTOTECA_BENCH_PHOTOS sets another size.
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { SearchQuery } from '../src/contract/search.ts'
import { type Db, openDatabase } from '../src/db/client.ts'
import { migrateToLatest } from '../src/db/migrate.ts'
import { continueDocuments, refreshPhotoCategories } from '../src/document/store.ts'
import { OWNER } from '../src/domain/actor.ts'
import { EVERY_PHOTO } from '../src/domain/visibility.ts'
import { type PacedWork, WORK } from '../src/edit/background.ts'
import { createCategories } from '../src/edit/categories.ts'
import { continueEdits, createEdits } from '../src/edit/edits.ts'
import { Pace } from '../src/edit/pace.ts'
import { continueCategories } from '../src/edit/store-categories.ts'
import { listCategories } from '../src/library/store-filters.ts'
import type { Benchmark, Row } from './row.ts'

const PHOTOS = Number(process.env.FOTOTECA_BENCH_PHOTOS ?? 100_000)
/** five tags a photo; tag n is on every photo with (id × prime) mod n small: the first ones are on about half of all */
const TAGS_PER_PHOTO = 5
/** stale documents written, to tell their rate: all of them would take minutes */
const DOCUMENTS = 2000
/** photos put into their categories one by one, to tell what the obvious way would take */
const ONE_BY_ONE = 500
/** photos that one change takes on: its cost is by the photo */
const EDITED = Math.min(PHOTOS, 5000)
/** rows built per statement */
const BUILT = 10_000

export async function run(log: (line: string) => void = console.error): Promise<Benchmark> {
  const folder = await mkdtemp(join(tmpdir(), 'fototeca-bench-'))
  try {
    await using open = await openDatabase({ dataDir: folder })
    await migrateToLatest(open.db)
    const started = performance.now()
    const note = (what: string) => log(`${what} after ${Math.round((performance.now() - started) / 1000)} s`)
    await build(open.db)
    note(`${PHOTOS} photos`)
    return {
      name: 'edits',
      rows: await measure(open.db, note),
      notes: [
        `${PHOTOS} photos with up to ${TAGS_PER_PHOTO} tags each in PGlite`,
        `one photo per transaction: ${ONE_BY_ONE} photos measured; reading the pictures again instead: see the rate of \`pipeline\``,
      ],
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function build(db: Db): Promise<void> {
  for (let from = 1; from <= PHOTOS; from += BUILT) {
    const to = Math.min(PHOTOS, from + BUILT - 1)
    await sql`insert into photos (sha256, bytes, format, filename, state, sort_at, day)
      select lpad(to_hex(i), 64, '0'), 1, 'jpeg', i || '.jpg', 'completed', now(), current_date
      from generate_series(${from}::int, ${to}::int) i`.execute(db)
    await sql`insert into photo_tags (photo_id, tag, said_by, confidence)
      select i, 'tag ' || (n * (1 + (i * 7919) % (n * n + 1))), 'bench', .5
      from generate_series(${from}::int, ${to}::int) i, generate_series(1, ${sql.lit(TAGS_PER_PHOTO)}) n on conflict do nothing`.execute(db)
  }
  await sql`insert into tag_broader (tag, broader) select distinct tag, tag from photo_tags`.execute(db)
  await sql`vacuum analyze`.execute(db)
}

async function measure(db: Db, note: (what: string) => void): Promise<Row[]> {
  const rows: Row[] = []
  const time = async (label: string, run: () => Promise<unknown>) => {
    const started = performance.now()
    await run()
    rows.push({ label, value: (performance.now() - started) / 1000, unit: 's' })
    note(label)
  }
  let times: number[] = []
  const drain = async (work: PacedWork['work'], photos = Number.POSITIVE_INFINITY) => {
    const pace = new Pace(WORK.find((each) => each.work === work) ?? { least: 100, most: 100 })
    times = []
    for (let done = 0; done < photos; ) {
      const started = performance.now()
      const more = await pace.run((size) => work(db, size))
      times.push(performance.now() - started)
      if (more === 0) return
      done += more
    }
  }
  const tellTransactions = () => {
    times.sort((a, b) => a - b)
    rows.push({ label: 'the same: transactions', value: times.length, unit: '' })
    for (const [name, at] of [
      ['median', 0.5],
      ['p95', 0.95],
      ['longest', 1],
    ] as const)
      rows.push({
        label: `the same: transaction, ${name}`,
        value: times[Math.min(times.length - 1, Math.floor(at * times.length))] ?? 0,
        unit: 'ms',
      })
  }
  const categories = createCategories(db, () => {})
  const id = await categories.add({ name: 'benchmark', description: '', tags: [] })
  await time('a category gets a tag that all photos have: stored', () => categories.change(id, { tags: ['tag 1', 'tag 2'] }))
  rows.push({ label: 'the same, one photo per transaction: all of them (extrapolated)', value: await mapOneByOne(db), unit: 's' })
  const cpu = process.cpuUsage()
  await time('the same: every photo is in it or out of it', () => drain(continueCategories))
  const { user, system } = process.cpuUsage(cpu)
  rows.push({ label: 'the same: cores’ time', value: (user + system) / 1e6, unit: 's' })
  tellTransactions()
  const found = (await listCategories(db, EVERY_PHOTO)).find((category) => category.id === id)
  rows.push({ label: 'the same: photos in it', value: found?.count ?? 0, unit: 'photos' })
  await time('counts of all categories', () => listCategories(db, EVERY_PHOTO))
  const started = performance.now()
  await drain(continueDocuments, DOCUMENTS)
  rows.push({ label: 'search documents written again', value: (DOCUMENTS * 1000) / (performance.now() - started), unit: 'per s' })
  tellTransactions()

  const refuse = () => Promise.reject(new Error('photos only here'))
  const edits = createEdits({
    db,
    findPhotos: async () => Array.from({ length: EDITED }, (_, i) => i + 1),
    wake: () => {},
    undoers: { people: refuse, clusters: refuse, products: refuse, vocabulary: refuse, albums: refuse },
  })
  const photos = { search: SearchQuery.parse({}) }
  const operations = [{ do: 'add_tags' as const, tags: ['trip'] }]
  await time(`a tag for ${EDITED} photos: counted`, () => edits.make(OWNER, { photos, operations, dry_run: true }))
  let edit = 0
  await time('the same: begun', async () => {
    edit = (await edits.make(OWNER, { photos, operations, dry_run: false })).id ?? 0
  })
  await time('the same: made', () => drain(continueEdits))
  tellTransactions()
  await time('the same: undone', async () => {
    await edits.undo(OWNER, edit)
    await drain(continueEdits)
  })
  return rows
}

/** The obvious way: each photo’s categories worked out in a transaction of its own. Measured on a sample, and taken back. @returns seconds for all */
async function mapOneByOne(db: Db): Promise<number> {
  const started = performance.now()
  for (let photo = 1; photo <= ONE_BY_ONE; photo++) await db.transaction().execute((trx) => refreshPhotoCategories(trx, [photo]))
  const seconds = (performance.now() - started) / 1000
  await sql`delete from photo_categories`.execute(db)
  return (seconds * PHOTOS) / ONE_BY_ONE
}
