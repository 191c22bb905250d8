/** @file Documents told from photos by the text read in them: receipts whole and on a table, against photos and product pictures with text. */
import { readdirSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import sharp from 'sharp'
import { isDocument, measureText } from '../src/domain/text-coverage.ts'
import type { TextReader } from '../src/models/ports/capability.ts'
import { createTextReader } from '../src/models/providers/builtin-ocr/index.ts'
import { openTestPicture } from '../test/support/picture.ts'
import { dataPath } from '../test/support/shared.ts'
import type { Evaluation } from './metric.ts'

const PHOTOS = ['labelled-photos', 'captioned-photos', 'classified-photos', 'products']
/** A photo of a receipt that lies somewhere: it takes a quarter of the picture. */
const TABLE = { width: 2400, height: 2400, share: 0.25 }

interface Measured {
  readonly name: string
  readonly words: number
  readonly coverage: number
}

export async function run(): Promise<Evaluation> {
  await using reader = createTextReader()
  await using folder = await mkdtempDisposable(join(tmpdir(), 'fototeca-eval-'))
  const receipts = listPictures('receipts')
  const whole = await measureAll(reader, receipts)
  const tables: string[] = []
  for (const receipt of receipts) tables.push(await layOnTable(receipt, join(folder.path, basename(receipt))))
  const lying = await measureAll(reader, tables)
  const others = await measureAll(reader, PHOTOS.flatMap(listPictures))

  const found = [...whole, ...lying].filter(isDocument)
  const wrong = others.filter(isDocument)
  const weakest = (some: readonly Measured[]) => [...some].sort((a, b) => a.words - b.words).slice(0, 3)
  const wordiest = [...others].sort((a, b) => b.words - a.words).slice(0, 3)
  return {
    name: 'documents',
    metrics: {
      receipts_recall: whole.filter(isDocument).length / whole.length,
      receipts_on_a_table_recall: lying.filter(isDocument).length / lying.length,
      precision: found.length / Math.max(1, found.length + wrong.length),
      photos_false: wrong.length,
    },
    notes: [
      `${whole.length} receipts, each alone and on ${TABLE.share * 100} % of a photo; ${others.length} photos and product pictures`,
      ...weakest(whole).map((one) => `fewest words of receipts: ${tell(one)}`),
      ...weakest(lying).map((one) => `fewest words of receipts on a table: ${tell(one)}`),
      ...wordiest.map((one) => `most words of photos: ${tell(one)}`),
      ...wrong.map((one) => `no document: ${tell(one)}`),
    ],
  }
}

const tell = ({ name, words, coverage }: Measured): string => `${name}, ${words} words on ${(coverage * 100).toFixed(1)} %`

async function measureAll(reader: TextReader, paths: readonly string[]): Promise<Measured[]> {
  const measured: Measured[] = []
  for (const path of paths) {
    const { lines } = await reader.readText(await openTestPicture(path))
    measured.push({ name: basename(path), ...measureText(lines) })
  }
  return measured
}

/** @returns where it was put */
async function layOnTable(receipt: string, path: string): Promise<string> {
  const [table = ''] = listPictures('labelled-photos')
  const { width, height } = await sharp(receipt).metadata()
  const scale = Math.min(TABLE.height / height, Math.sqrt((TABLE.width * TABLE.height * TABLE.share) / (width * height)))
  const paper = await sharp(receipt)
    .resize({ width: Math.round(width * scale), height: Math.round(height * scale), fit: 'fill' })
    .png()
    .toBuffer()
  await sharp(table)
    .resize(TABLE.width, TABLE.height, { fit: 'cover' })
    .composite([{ input: paper }])
    .jpeg({ quality: 85 })
    .toFile(path)
  return path
}

function listPictures(folder: string): string[] {
  return readdirSync(dataPath(folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.jpe?g$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
