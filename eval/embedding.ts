/** @file How well the embedding path finds pictures, by captions and by altered copies, with the small stand-in model of the tests. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describeError } from '../src/domain/errors.ts'
import { decodePicture } from '../src/media/decode.ts'
import { sniffFormat } from '../src/media/sniff.ts'
import { hashFile } from '../src/models/install/fingerprint.ts'
import type { ImageEmbedder } from '../src/models/ports/capability.ts'
import { openEmbeddingModel } from '../src/models/providers/onnx-embedding/open-embedding-model.ts'
import { findTextCutOff } from '../src/models/spaces/cut-offs.ts'
import { dataPath, modelPath } from '../test/support/shared.ts'
import type { Evaluation } from './metric.ts'

interface Copy {
  readonly id: string
  readonly vector: Float32Array
}

const LIMITS = { maxPixels: 150_000_000, maxBytes: 500_000_000 }
/** DESIGN §6: closer than this is “similar” for products. */
const SIMILAR_DISTANCE = 0.05
/** Part of the right photos that the cut-off may lose. */
const TAIL_LOSES = 0.05

export async function run(): Promise<Evaluation> {
  const model = await openEmbeddingModel(modelPath('semantic-standin'), { device: 'cpu' })
  await using image = model.image()
  await using text = model.text()
  const notes: string[] = []

  const captions = readFileSync(dataPath('captioned-photos/captions.tsv'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('\t') as [string, string])
  const names = [...new Set(captions.map(([name]) => name))]
  const vectors: Float32Array[] = []
  for (const name of names) vectors.push(await embedFile(image, dataPath('captioned-photos/images', name)))
  const ranks: number[] = []
  const right: number[] = []
  const wrong: number[] = []
  for (const [name, caption] of captions) {
    const query = await text.embedText(caption)
    const scores = vectors.map((vector) => dot(vector, query))
    const own = scores[names.indexOf(name)]!
    ranks.push(scores.filter((score) => score > own).length)
    right.push(own)
    wrong.push(...scores.filter((_, index) => index !== names.indexOf(name)))
  }
  const recall = (k: number) => round(ranks.filter((rank) => rank < k).length / ranks.length)
  // the tail begins where all but a twentieth of the right photos are in: see docs/adr/0010
  const chosen = [...right].sort((a, b) => a - b)[Math.floor(right.length * TAIL_LOSES)] ?? -1
  const stored = findTextCutOff(model.space.name)
  const cutOff = 1 - (stored ?? 1 - chosen)
  notes.push(
    `cut-off measured here: distance ${round(1 - chosen)}; ${stored === null ? 'none is stored for this model' : `stored: ${stored}`} (src/models/spaces/cut-offs.ts)`,
  )
  notes.push(`${captions.length} captions over ${names.length} photos`)

  // altered copies among pictures that have none: the captioned photos
  const copies: Copy[] = names.map((name, index) => ({ id: name, vector: vectors[index]! }))
  const seen = new Set<string>()
  for (const { path, id } of listCopies()) {
    // the same bytes lie in several places: finding those proves nothing
    const digest = await hashFile(path)
    if (seen.has(digest)) continue
    seen.add(digest)
    try {
      copies.push({ id, vector: await embedFile(image, path) })
    } catch (error) {
      notes.push(`${basename(path)}: not decoded (${describeError(error)})`)
    }
  }
  const pairs = copies.flatMap((a, index) =>
    copies.slice(index + 1).map((b) => ({ isSame: a.id === b.id, similarity: dot(a.vector, b.vector) })),
  )
  // only the similarity of a true pair can be the best cut-off
  const best = pairs
    .filter(({ isSame }) => isSame)
    .map(({ similarity }) => similarity)
    .map((cutOff) => ({ cutOff, ...judge(pairs, cutOff) }))
    .reduce((a, b) => (b.f1 > a.f1 ? b : a))
  const similar = judge(pairs, 1 - SIMILAR_DISTANCE)
  const firstHits = copies.filter((copy) => copies.some((other) => other !== copy && other.id === copy.id))
  const firstRight = firstHits.filter((copy) => {
    const others = copies.filter((other) => other !== copy).sort((a, b) => dot(b.vector, copy.vector) - dot(a.vector, copy.vector))
    return others[0]?.id === copy.id
  })
  notes.push(
    `${copies.length} pictures, ${pairs.filter(({ isSame }) => isSame).length} pairs of copies; best cut-off at distance ${round(1 - best.cutOff)}`,
  )

  return {
    name: 'embedding',
    metrics: {
      text_to_image_recall_at_1: recall(1),
      text_to_image_recall_at_5: recall(5),
      text_to_image_recall_at_10: recall(10),
      text_to_image_mrr: round(ranks.reduce((sum, rank) => sum + 1 / (rank + 1), 0) / ranks.length),
      text_cut_off_recall: round(right.filter((score) => score >= cutOff).length / right.length),
      text_cut_off_wrong_photos_removed: round(wrong.filter((score) => score < cutOff).length / wrong.length),
      near_duplicate_first_hit: round(firstRight.length / firstHits.length),
      near_duplicate_precision_at_05: similar.precision,
      near_duplicate_recall_at_05: similar.recall,
      near_duplicate_precision_best: best.precision,
      near_duplicate_recall_best: best.recall,
    },
    notes,
  }
}

/** Pictures with altered copies; `id` is what is the same picture. */
function listCopies(): { path: string; id: string }[] {
  const inFolder = (folder: string, idOf: (name: string) => string) =>
    readdirSync(dataPath(folder))
      .filter((name) => /\.(jpe?g|png|webp|bmp|gif|tiff)$/.test(name))
      .sort()
      .map((name) => ({ path: dataPath(folder, name), id: idOf(name) }))
  const byNumber = (name: string) => /^ukbench\d+/.exec(name)?.[0] ?? name
  return [
    ...['base_images', 'mixed_images', 'formats_images'].flatMap((folder) => inFolder(`near-duplicates/${folder}`, byNumber)),
    ...inFolder('pdq/bridge-mods', () => 'bridge'),
    ...inFolder('pdq/reg-test-input/dih', () => 'bridge'),
    ...inFolder('pdq/misc-images/modes', () => 'bridge'), // the same picture in other colour modes
    ...inFolder('pdq/reg-test-input/labelme-subset', (name) => name),
  ]
}

async function embedFile(image: ImageEmbedder, path: string): Promise<Float32Array> {
  const sniffed = await sniffFormat(path)
  if ('refused' in sniffed) throw new Error(sniffed.refused)
  return image.embedImage(await decodePicture(path, sniffed.format, LIMITS, new AbortController().signal))
}

function judge(
  pairs: readonly { isSame: boolean; similarity: number }[],
  cutOff: number,
): { precision: number; recall: number; f1: number } {
  const found = pairs.filter(({ similarity }) => similarity >= cutOff)
  const right = found.filter(({ isSame }) => isSame).length
  const precision = found.length === 0 ? 1 : right / found.length
  const recall = right / pairs.filter(({ isSame }) => isSame).length
  return { precision: round(precision), recall: round(recall), f1: (2 * precision * recall) / Math.max(precision + recall, 1e-9) }
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!
  return sum
}

const round = (value: number): number => Math.round(value * 1000) / 1000
