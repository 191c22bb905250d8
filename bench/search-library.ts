/**
 * @file A library of many photos for the search bench: plausible rows, tags that follow Zipf, text on a fifth of the photos,
 * and real vectors (test pictures through the stand-in model) with jitter. Built once and kept under the OS temp folder.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { type Db, type OpenDatabase, openDatabase } from '../src/db/client.ts'
import { migrateToLatest } from '../src/db/migrate.ts'
import { ensureSpace, ensureVectorIndex } from '../src/db/vector.ts'
import { applySearchLanguage, continueDocuments } from '../src/document/store.ts'
import { makeRandom } from './random.ts'
import { addRows, makeNames, type Names } from './search-rows.ts'
import { embedTestPictures, type RealVectors, WIDTH } from './standin-vectors.ts'

/** Raise it when the rows would differ. */
export const BUILD = 7
const BATCH = 2000
/** Documents written again per transaction, where a migration asks for it. */
const DOCUMENTS = 500
/** Length of the random part beside a real vector of length 1: neighbours at cosine .5–.95, no two alike. */
export const JITTER = 0.6

/** What questions are made of and asked of. */
export interface AskedLibrary {
  readonly db: Db
  readonly real: RealVectors
  readonly spaceId: number
  readonly tags: readonly string[]
  readonly people: readonly string[]
}

export interface SearchLibrary extends AskedLibrary, AsyncDisposable {
  readonly open: OpenDatabase
  /** where it is kept */
  readonly folder: string
  /** [count × WIDTH], row i belongs to photo i + 1 */
  readonly vectors: Float32Array
}

export async function openSearchLibrary(count: number, log: (line: string) => void): Promise<SearchLibrary> {
  const root = join(tmpdir(), `fototeca-bench-search-${BUILD}`)
  await mkdir(root, { recursive: true })
  const real = await readRealVectors(join(root, 'real.json'))
  const names = makeNames()
  const vectors = makeVectors(count, real.images)
  const folder = join(root, `${count}`)
  if (!existsSync(folder)) {
    await rm(`${folder}.new`, { recursive: true, force: true })
    await build(`${folder}.new`, count, vectors, names, log)
    await rename(`${folder}.new`, folder)
  }
  const open = await openDatabase({ dataDir: folder })
  await migrateToLatest(open.db)
  // as the program’s background work would: with documents waiting, the kept counts are not believed
  let written = 0
  for (let some = 1; some > 0; written += some) some = await continueDocuments(open.db, DOCUMENTS)
  if (written > 0) {
    await sql`vacuum analyze`.execute(open.db)
    log(`${written} documents written again after a migration`)
  }
  const { id: spaceId } = await open.db.selectFrom('spaces').select('id').executeTakeFirstOrThrow()
  return { open, folder, db: open.db, real, spaceId, vectors, ...names, [Symbol.asyncDispose]: () => open[Symbol.asyncDispose]() }
}

export async function readRealVectors(file: string): Promise<RealVectors> {
  if (!existsSync(file)) {
    const fresh = await embedTestPictures()
    const plain = {
      images: fresh.images.map((vector) => [...vector]),
      captions: fresh.captions.map(({ text, vector }) => ({ text, vector: [...vector] })),
    }
    writeFileSync(file, JSON.stringify(plain))
  }
  const read = JSON.parse(readFileSync(file, 'utf8')) as { images: number[][]; captions: { text: string; vector: number[] }[] }
  return {
    images: read.images.map((vector) => Float32Array.from(vector)),
    captions: read.captions.map(({ text, vector }) => ({ text, vector: Float32Array.from(vector) })),
  }
}

/** Between two real pictures, off the line by noise; unit length. */
function makeVectors(count: number, images: readonly Float32Array[]): Float32Array {
  const random = makeRandom(11)
  const out = new Float32Array(count * WIDTH)
  for (let row = 0; row < count; row++) {
    const [a, b, t] = [random.pick(images), random.pick(images), random() ** 2 * 0.5]
    let square = 0
    for (let i = 0; i < WIDTH; i++) {
      const value = a[i]! * (1 - t) + b[i]! * t + (random.normal() * JITTER) / Math.sqrt(WIDTH)
      out[row * WIDTH + i] = value
      square += value * value
    }
    const length = Math.sqrt(square)
    for (let i = 0; i < WIDTH; i++) out[row * WIDTH + i]! /= length
  }
  return out
}

async function build(folder: string, count: number, vectors: Float32Array, names: Names, log: (line: string) => void): Promise<void> {
  await using open = await openDatabase({ dataDir: folder })
  const { db } = open
  await migrateToLatest(db)
  await applySearchLanguage(db, 'english')
  const started = performance.now()
  const note = (what: string) => log(`${what} after ${Math.round((performance.now() - started) / 1000)} s`)
  await addRows(db, count, names, note)
  note('rows')
  const spaceId = await ensureSpace(db, { name: `bench/${WIDTH}`, width: WIDTH, hasText: true }, 'bench')
  for (let start = 0; start < count; start += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, count - start) }, (_, i) => {
      const at = (start + i) * WIDTH
      return `[${Array.from(vectors.subarray(at, at + WIDTH), (value) => value.toFixed(5)).join(',')}]`
    })
    await sql`insert into embeddings (space_id, photo_id, embedding)
      select ${sql.lit(spaceId)}, ${start} + position, value::vector
      from jsonb_array_elements_text(${JSON.stringify(rows)}::jsonb) with ordinality as r (value, position)`.execute(db)
  }
  note('vectors')
  await ensureVectorIndex(db, spaceId)
  note('vector index')
  await sql`vacuum analyze`.execute(db)
  note('statistics')
}
