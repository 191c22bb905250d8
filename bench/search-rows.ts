/**
 * @file Rows for the search benches: plausible photos, tags that follow Zipf, text on a fifth of them, one in thirty a smaller copy of the
 * one before; documents are made by the program itself.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { sql } from 'kysely'
import type { Db } from '../src/db/client.ts'
import { SEED_CATEGORIES } from '../src/db/migrations/0032-baseline.ts'
import { refreshSearchDocuments } from '../src/document/store.ts'
import { dataPath, modelPath } from '../test/support/shared.ts'
import { makeRandom, type Random } from './random.ts'

const BATCH = 2000
const COLOURS = ['black', 'grey', 'white', 'red', 'brown', 'beige', 'orange', 'yellow', 'green', 'teal', 'blue', 'navy', 'purple', 'pink']

export interface Names {
  readonly tags: readonly string[]
  readonly people: readonly string[]
}

export function makeNames(): Names {
  const labels = Object.values(SEED_CATEGORIES)
    .flat()
    .filter((label) => label !== 'computer mouse') // came later: the rows stay those of the figures so far
  const ram = readFileSync(modelPath('ram-tags.txt'), 'utf8')
    .split('\n')
    .map((line) => line.trim().toLowerCase())
    .filter(Boolean)
  const tags = [...new Set(['person', 'face', 'dog', 'car', 'beach', ...labels, ...ram])]
  const first = ['Anna', 'Jürgen', 'María', 'Wei', 'Olga', 'Tom', 'Zoë', 'Håkon', 'Priya', 'Luca']
  const last = ['Müller', 'Smith', 'García', 'Chen', 'Ivanova', 'Nielsen', 'Rossi', 'Dupont', 'Novák', 'Silva']
  return { tags, people: first.flatMap((name) => last.map((family) => `${name} ${family}`)) }
}

/** Into an empty, migrated database. @param note called now and then with what is done */
export async function addRows(db: Db, count: number, names: Names, note: (what: string) => void): Promise<void> {
  const random = makeRandom(23)
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
  const sizes = [
    [4000, 3000],
    [4000, 3000],
    [3000, 4000],
    [6000, 4000],
    [2048, 2048],
    [9000, 3000],
  ] as const
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
