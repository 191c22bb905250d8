/**
 * @file The built-in text–image space: captions against their photos, alone and among all other pictures of the data, beside the classes of the
 * detector alone; what it costs beyond the detector. Figures of the 1,000 pictures that were kept out of training are the training’s own.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { decodePicture } from '../src/media/decode.ts'
import { sniffFormat } from '../src/media/sniff.ts'
import { readHeads } from '../src/models/providers/builtin-meaning/heads.ts'
import { fromHeads, readPeaks } from '../src/models/providers/builtin-meaning/index.ts'
import { createTextReader, embedFeatures } from '../src/models/providers/builtin-meaning/towers.ts'
import card from '../src/models/providers/builtin-meaning/weights/card.json' with { type: 'json' }
import { look } from '../src/models/providers/builtin-vision/centernet.ts'
import { ensureNetworks, findFolders } from '../src/models/providers/builtin-vision/convert/ensure-networks.ts'
import { PICTURE_FEATURES } from '../src/models/providers/builtin-vision/features.ts'
import { lookAt } from '../src/models/providers/builtin-vision/index.ts'
import { openNetwork } from '../src/models/providers/builtin-vision/run-network.ts'
import { findTextCutOff } from '../src/models/spaces/cut-offs.ts'
import { layInto } from '../src/models/vision/letterbox.ts'
import { dataPath } from '../test/support/shared.ts'
import type { Evaluation } from './metric.ts'

const HEADS = join(import.meta.dirname, '../src/models/providers/builtin-meaning/weights/heads.bin')
const LIMITS = { maxPixels: 150_000_000, maxBytes: 500_000_000 }
/** Everything else that is in the data and of which nothing is said. */
const OTHERS = ['labelled-photos/images', 'classified-photos', 'faces', 'receipts', 'cutout', 'near-duplicates/base_images'] as const
const TIMED = 40

interface Coco {
  images: { id: number; file_name: string }[]
  annotations: { image_id: number; caption: string }[]
}

export async function run(): Promise<Evaluation> {
  const heads = readHeads(readFileSync(HEADS), HEADS, PICTURE_FEATURES.id)
  const { space } = fromHeads(heads)
  const read = createTextReader(heads)
  const network = await openNetwork(await ensureNetworks(findFolders()), 'centernet')
  const see = async (path: string) => {
    const sniffed = await sniffFormat(path)
    if ('refused' in sniffed) return null
    const picture = await decodePicture(path, sniffed.format, LIMITS, new AbortController().signal)
    const { pixels, shape } = await lookAt(picture, PICTURE_FEATURES.shapes)
    return { image: { pixels: layInto(pixels, shape), ...shape }, filled: pixels }
  }
  const embed = async (path: string) => {
    const seen = await see(path)
    if (!seen) return null
    const { features } = await look(network, seen.image, 1, seen.filled)
    return embedFeatures(heads, features, readPeaks(features))
  }

  const captions = readFileSync(dataPath('captioned-photos/captions.tsv'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('\t') as [string, string])
  const names = [...new Set(captions.map(([name]) => name))]
  const own = await embedAll(
    names.map((name) => dataPath('captioned-photos/images', name)),
    embed,
  )
  const others = await embedAll(OTHERS.filter((folder) => existsSync(dataPath(folder))).flatMap(listPictures), embed)
  const asked = captions.map(([name, caption]) => ({ own: names.indexOf(name), ...read(caption), caption }))
  const alone = rank(asked, own)
  const among = rank(asked, [...own, ...others])
  const classesOnly = own.map((vector) => vector.slice(heads.width, heads.width + heads.classes))
  const naive = rank(
    asked.map((one) => ({ ...one, vector: one.vector?.slice(heads.width, heads.width + heads.classes) ?? null })),
    classesOnly,
  )

  // photos of another collection, at full size
  const coco = JSON.parse(readFileSync(dataPath('labelled-photos/captions_val2017.json'), 'utf8')) as Coco
  const files = coco.images.filter(({ file_name }) => existsSync(dataPath('labelled-photos/images', file_name)))
  const labelled = await embedAll(
    files.map(({ file_name }) => dataPath('labelled-photos/images', file_name)),
    embed,
  )
  const ofCoco = coco.annotations.flatMap(({ image_id, caption }) => {
    const at = files.findIndex(({ id }) => id === image_id)
    return at < 0 ? [] : [{ own: at, caption, ...read(caption) }]
  })
  const full = rank(ofCoco, labelled)

  const cutOff = findTextCutOff(space.name)
  const right = asked.flatMap(({ vector, own: at }) => (vector ? [1 - dot(vector, own[at] as Float32Array)] : [])).sort((a, b) => a - b)
  const limit = cutOff ?? right[Math.floor(right.length * 0.95)] ?? 1
  const wrong = asked.flatMap(({ vector, own: at }) =>
    vector ? own.flatMap((picture, k) => (k === at ? [] : [1 - dot(vector, picture)])) : [],
  )
  const cost = await measureCost(names.slice(0, TIMED).map((name) => dataPath('captioned-photos/images', name)))
  const began = performance.now()
  for (const { caption } of asked) read(caption)
  const perQuestion = (performance.now() - began) / asked.length

  return {
    name: 'meaning',
    metrics: {
      ...recalls('captioned', alone),
      ...recalls('among_others', among),
      ...recalls('labelled', full),
      classes_only_recall_at_10: recallAt(naive, 10),
      held_recall_at_1: card.held.recall_at_1,
      held_recall_at_5: card.held.recall_at_5,
      held_recall_at_10: card.held.recall_at_10,
      cut_off_recall: share(right, (distance) => distance <= limit),
      cut_off_wrong_photos_removed: share(wrong, (distance) => distance > limit),
    },
    notes: [
      `${asked.length} captions over ${own.length} photos, and those and ${others.length} other pictures; ${ofCoco.length} captions over ${labelled.length} photos of labelled-photos`,
      `held_…: ${card.pictures.held} pictures that were kept out of the training that gave these figures (weights/card.json), not measured here`,
      `beyond the detector ${cost.toFixed(2)} ms of processor time a photo, ${perQuestion.toFixed(3)} ms a question; ${(statSync(HEADS).size / 1e6).toFixed(2)} MB`,
      `cut-off ${limit.toFixed(3)}${cutOff === null ? ' (measured here; none is stored)' : ''}; dev split: ${card.cut_off}`,
    ],
  }

  /** Median of the milliseconds of processor time that pooling and the head add to a run of the network. */
  async function measureCost(paths: readonly string[]): Promise<number> {
    const added: number[] = []
    for (const path of paths) {
      const seen = await see(path)
      if (!seen) continue
      const time = async (filled: typeof seen.filled | null) => {
        const start = process.cpuUsage()
        const { features } = await look(network, seen.image, 0.08, filled)
        if (filled) embedFeatures(heads, features, readPeaks(features))
        const { user, system } = process.cpuUsage(start)
        return (user + system) / 1000
      }
      const least = async (filled: typeof seen.filled | null) => Math.min(await time(filled), await time(filled), await time(filled))
      added.push((await least(seen.filled)) - (await least(null)))
    }
    return added.sort((a, b) => a - b)[Math.floor(added.length / 2)] ?? 0
  }
}

interface AskedCaption {
  readonly own: number
  readonly vector: Float32Array | null
}

async function embedAll(paths: readonly string[], embed: (path: string) => Promise<Float32Array | null>): Promise<Float32Array[]> {
  const vectors: Float32Array[] = []
  for (const path of paths) {
    const vector = await embed(path).catch(() => null)
    if (vector) vectors.push(vector)
  }
  return vectors
}

const listPictures = (folder: string): string[] =>
  readdirSync(dataPath(folder))
    .filter((name) => /\.(jpe?g|png|webp)$/i.test(name))
    .sort()
    .map((name) => dataPath(folder, name))

/** Places of the right pictures, from 0; equal ones count half before it. */
function rank(asked: readonly AskedCaption[], pictures: readonly Float32Array[]): number[] {
  return asked.map(({ own, vector }) => {
    if (!vector) return pictures.length
    const cosines = pictures.map((picture) => dot(picture, vector))
    const mine = cosines[own] as number
    const before = cosines.filter((cosine) => cosine > mine).length
    return before + (cosines.filter((cosine) => cosine === mine).length - 1) / 2
  })
}

const recallAt = (ranks: readonly number[], k: number): number => share(ranks, (place) => place < k)
const recalls = (name: string, ranks: readonly number[]) =>
  Object.fromEntries([1, 5, 10].map((k) => [`${name}_recall_at_${k}`, recallAt(ranks, k)]))

function share(values: readonly number[], isSo: (value: number) => boolean): number {
  return Math.round((values.filter(isSo).length / Math.max(1, values.length)) * 1000) / 1000
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let k = 0; k < a.length; k++) sum += (a[k] as number) * (b[k] as number)
  return sum
}
