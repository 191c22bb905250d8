/**
 * @file A library of many photos for the search bench: plausible rows, tags that follow Zipf, text on a fifth of the photos,
 * and real vectors (test pictures through the stand-in model) with jitter. Built once and kept under the OS temp folder.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { type Db, type OpenDatabase, openDatabase } from '../src/db/client.ts'
import { migrateToLatest } from '../src/db/migrate.ts'
import { SEED_CATEGORIES } from '../src/db/migrations/0001-library.ts'
import { ensureSpace, ensureVectorIndex } from '../src/db/vector.ts'
import { applySearchLanguage, refreshSearchDocuments } from '../src/search/store-document.ts'
import { dataPath, modelPath } from '../test/support/shared.ts'
import { makeRandom, type Random } from './random.ts'
import { embedTestPictures, type RealVectors, WIDTH } from './standin-vectors.ts'

/** Raise it when the rows would differ. */
const BUILD = 7
const BATCH = 2000
/** Length of the random part beside a real vector of length 1: neighbours at cosine .5–.95, no two alike. */
const JITTER = 0.6
const COLOURS = ['black', 'grey', 'white', 'red', 'brown', 'beige', 'orange', 'yellow', 'green', 'teal', 'blue', 'navy', 'purple', 'pink']

export interface SearchLibrary extends AsyncDisposable {
  readonly open: OpenDatabase
  readonly db: Db
  readonly real: RealVectors
  readonly spaceId: number
  /** [count × WIDTH], row i belongs to photo i + 1 */
  readonly vectors: Float32Array
  readonly tags: readonly string[]
  readonly people: readonly string[]
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
  const { id: spaceId } = await open.db.selectFrom('spaces').select('id').executeTakeFirstOrThrow()
  return { open, db: open.db, real, spaceId, vectors, ...names, [Symbol.asyncDispose]: () => open[Symbol.asyncDispose]() }
}

async function readRealVectors(file: string): Promise<RealVectors> {
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

function makeNames(): { tags: string[]; people: string[] } {
  const labels = Object.values(SEED_CATEGORIES).flat()
  const ram = readFileSync(modelPath('ram-tags.txt'), 'utf8')
    .split('\n')
    .map((line) => line.trim().toLowerCase())
    .filter(Boolean)
  const tags = [...new Set(['person', 'face', 'dog', 'car', 'beach', ...labels, ...ram])]
  const first = ['Anna', 'Jürgen', 'María', 'Wei', 'Olga', 'Tom', 'Zoë', 'Håkon', 'Priya', 'Luca']
  const last = ['Müller', 'Smith', 'García', 'Chen', 'Ivanova', 'Nielsen', 'Rossi', 'Dupont', 'Novák', 'Silva']
  return { tags, people: first.flatMap((name) => last.map((family) => `${name} ${family}`)) }
}

async function build(
  folder: string,
  count: number,
  vectors: Float32Array,
  names: { tags: string[]; people: string[] },
  log: (line: string) => void,
): Promise<void> {
  await using open = await openDatabase({ dataDir: folder })
  const { db } = open
  await migrateToLatest(db)
  await applySearchLanguage(db, 'english')
  const random = makeRandom(23)
  const started = performance.now()
  const note = (what: string) => log(`${what} after ${Math.round((performance.now() - started) / 1000)} s`)
  const textWords = readTextWords()
  const zipf = makeZipf(names.tags.length, random)
  const peopleZipf = makeZipf(names.people.length, random)
  const cameras = [
    'Canon EOS 5D Mark IV',
    'NIKON Z 6',
    'Apple iPhone 12 Pro',
    'Apple iPhone 15',
    'Google Pixel 7',
    'SONY ILCE-7M3',
    'FUJIFILM X-T4',
    'samsung SM-G991B',
  ]
  const sizes = [[4000, 3000], [4000, 3000], [3000, 4000], [6000, 4000], [2048, 2048], [9000, 3000]] as const // biome-ignore format: a table
  const countries = ['Germany', 'Italy', 'Spain', 'Japan', 'Norway', 'United States', 'Brazil', 'France', 'Portugal', 'India']
  // facts that only filters and facets read have dice of their own, so that the rest stays what it was
  const dice = makeRandom(29)
  const { rows: sources } = await sql<{ id: number }>`
    insert into sources (kind, path) select 'folder', '/photos/' || i from generate_series(1, 4) i returning id`.execute(db)
  await sql`insert into people (name) select value from jsonb_array_elements_text(${JSON.stringify(names.people)}::jsonb)`.execute(db)
  for (let start = 0; start < count; start += BATCH) {
    const size = Math.min(BATCH, count - start)
    const photos: object[] = []
    const tags: object[] = []
    const texts: object[] = []
    const metadata: object[] = []
    const faces: object[] = []
    const colours: object[] = []
    const files: object[] = []
    for (let i = 0; i < size; i++) {
      const id = start + i + 1
      const at = new Date(Date.UTC(2010, 0, 1) + random() * 15 * 365 * 86_400_000)
      const day = at.toISOString().slice(0, 10)
      const stamp = `${day.replaceAll('-', '')}_${String(Math.floor(random() * 240_000)).padStart(6, '0')}`
      const filename = random.pick([
        `IMG_${stamp}.jpg`,
        `DSC${String(id % 100_000).padStart(5, '0')}.JPG`,
        `${random.pick(textWords)}-${random.pick(textWords)}-${id % 997}.jpg`,
        `PXL_${stamp}.jpg`,
      ])
      const [width, height] = dice.pick(sizes)
      const format = dice() < 0.8 ? 'jpeg' : dice.pick(['heic', 'png', 'cr2', 'webp'])
      const state = dice() < 0.98 ? 'completed' : dice.pick(['failed', 'partial'])
      photos.push({ sha256: createHash('sha256').update(`${id}`).digest('hex'), filename, at, day, width, height, format, state })
      files.push({ id, source: dice.pick(sources).id, path: `${day.slice(0, 7)}/${id}-${filename}`, filename })
      const palette = new Set(Array.from({ length: 2 + Math.floor(dice() * 4) }, () => dice.pick(COLOURS)))
      for (const [position, name] of [...palette].entries()) colours.push({ id, position, name, share: 1 / (position + 2) })
      const own = new Set(Array.from({ length: 3 + Math.floor(random() * 5) }, () => names.tags[zipf()]!))
      for (const tag of own) tags.push({ id, tag, confidence: 0.3 + random() * 0.7 })
      if (random() < 0.2)
        texts.push({ id, text: Array.from({ length: 5 + Math.floor(random() ** 2 * 150) }, () => random.pick(textWords)).join(' ') })
      const camera = random.pick(cameras)
      const title = random() < 0.05 ? `${random.pick(textWords)} ${random.pick(textWords)}` : null
      const country = random() < 0.5 ? random.pick(countries) : null
      const place = country && { latitude: -60 + 130 * dice(), longitude: -180 + 360 * dice() }
      const lens = dice() < 0.6 ? dice.pick(['EF24-105mm f/4L', 'NIKKOR Z 50mm f/1.8 S', 'XF23mmF2 R WR', 'FE 85mm F1.8']) : null
      const rating = dice() < 0.2 ? 1 + Math.floor(dice() * 5) : null
      metadata.push({ id, make: camera.split(' ')[0], model: camera, country, title, lens, rating, ...place })
      if (random() < 0.15) faces.push({ id, person: peopleZipf() + 1 })
      while (dice() < 0.1) faces.push({ id, person: null })
    }
    await db.transaction().execute(async (trx) => {
      await sql`insert into photos (sha256, bytes, format, filename, state, width, height, sort_at, day)
        select sha256, 3000000, format, filename, state, width, height, at, day
        from jsonb_to_recordset(${JSON.stringify(photos)}::jsonb)
          as r (sha256 text, filename text, at timestamptz, day date, width integer, height integer, format text, state text)`.execute(trx)
      await sql`insert into photo_files (photo_id, source_id, path, filename, bytes, modified_ms)
        select id, source, path, filename, 3000000, 0
        from jsonb_to_recordset(${JSON.stringify(files)}::jsonb) as r (id integer, source integer, path text, filename text)`.execute(trx)
      await sql`insert into photo_colours (photo_id, position, name, hex, share) select id, position, name, '#000000', share
        from jsonb_to_recordset(${JSON.stringify(colours)}::jsonb) as r (id integer, position integer, name text, share real)`.execute(trx)
      await sql`insert into photo_tags (photo_id, tag, said_by, confidence)
        select id, tag, 'bench', confidence from jsonb_to_recordset(${JSON.stringify(tags)}::jsonb) as r (id integer, tag text, confidence real)`.execute(
        trx,
      )
      await sql`insert into ocr_texts (photo_id, text, language, rotation, lines, model_id)
        select id, text, 'latin', 0, '[]', 'bench' from jsonb_to_recordset(${JSON.stringify(texts)}::jsonb) as r (id integer, text text)`.execute(
        trx,
      )
      await sql`insert into photo_metadata (photo_id, camera_make, camera_model, country, title, lens, rating, latitude, longitude)
        select id, make, model, country, title, lens, rating, latitude, longitude
        from jsonb_to_recordset(${JSON.stringify(metadata)}::jsonb)
          as r (id integer, make text, model text, country text, title text, lens text, rating integer, latitude float8, longitude float8)`.execute(
        trx,
      )
      await sql`insert into faces (photo_id, x, y, width, height, landmarks, confidence, quality, vector, model_id, person_id)
        select id, 0, 0, .1, .1, '[]', 1, 1, '[1,0]', 'bench', person from jsonb_to_recordset(${JSON.stringify(faces)}::jsonb) as r (id integer, person integer)`.execute(
        trx,
      )
      await refreshSearchDocuments(
        trx,
        Array.from({ length: size }, (_, i) => start + i + 1),
      )
    })
    if ((start / BATCH) % 10 === 9) note(`${start + size} photos`)
  }
  // one photo in thirty is a smaller copy of the one before
  await sql`insert into duplicates (photo_id_1, photo_id_2, kind, hamming_distance) select id - 1, id, 'same-picture', 2 from photos where id % 30 = 0`.execute(
    db,
  )
  await sql`update photos set width = 1000, height = 750 where id % 30 = 0`.execute(db)
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

/** Index of the n-th most common of `size` things, by Zipf’s law. */
function makeZipf(size: number, random: Random): () => number {
  const sums = new Float64Array(size)
  let sum = 0
  for (let i = 0; i < size; i++) sums[i] = sum += 1 / (i + 1)
  return () => {
    const at = random() * sum
    let [low, high] = [0, size - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (sums[middle]! < at) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Words as they stand on real receipts and in real captions. */
function readTextWords(): string[] {
  const words = new Set<string>()
  for (const name of readdirSync(dataPath('receipts')).filter((name) => name.endsWith('.boxes.csv')))
    for (const line of readFileSync(dataPath('receipts', name), 'utf8').split('\n'))
      for (const word of line.split(',').slice(8).join(' ').split(/\s+/)) if (word.length > 2) words.add(word)
  for (const word of readFileSync(dataPath('captioned-photos/captions.tsv'), 'utf8').split(/\s+/))
    if (/^[a-z]{3,}$/.test(word)) words.add(word)
  return [...words]
}
