/** @file Faces: the 300 pairs of `faces/pairs.csv`, faces missed there, and faces seen where there are no people; built-in and downloaded kinds. */

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCsv } from '../src/domain/csv.ts'
import type { FaceFinder, FoundFace } from '../src/models/ports/capability.ts'
import { createVisionModels } from '../src/models/providers/builtin-vision/index.ts'
import { openFacePack } from '../src/models/providers/onnx-faces/open-face-pack.ts'
import { openTestPicture } from '../test/support/picture.ts'
import { type TestDetector, writeFacePack } from '../test/support/real-networks.ts'
import { dataPath } from '../test/support/shared.ts'
import type { Evaluation } from './metric.ts'

/** Pictures of things and animals. */
const WITHOUT_PEOPLE = ['products', 'classified-photos'] as const
/** Classes of ImageNet that show people too (looked at by eye). */
const PEOPLE_TOO = /Appenzeller|academic_gown|football_helmet|laptop|paper_towel|unicycle/

export async function run(): Promise<Evaluation> {
  const models = createVisionModels()
  try {
    const results = [await measureFinder('', models.faces)]
    for (const detector of ['scrfd', 'yunet'] as const) results.push(await measurePack(detector))
    return {
      name: 'faces',
      metrics: Object.assign({}, ...results.map(({ metrics }) => metrics)),
      notes: results.flatMap(({ notes }) => notes),
    }
  } finally {
    await models.faces[Symbol.asyncDispose]()
    await models.objects[Symbol.asyncDispose]()
  }
}

/** Downloaded faces: the loaders and ArcFace MobileFaceNet in 8 bits with either detector. */
async function measurePack(detector: TestDetector): Promise<Pick<Evaluation, 'metrics' | 'notes'>> {
  const root = await mkdtemp(join(tmpdir(), 'fototeca-eval-'))
  try {
    await using finder = await (await openFacePack(await writeFacePack(join(root, detector), detector), { device: 'cpu' })).open()
    return await measureFinder(`${detector}_arcface_`, finder)
  } finally {
    await rm(root, { recursive: true })
  }
}

async function measureFinder(prefix: string, finder: FaceFinder): Promise<Pick<Evaluation, 'metrics' | 'notes'>> {
  const parts = [await measurePairs(finder), await measureFalseFaces(finder)]
  const metrics = parts.flatMap((part) => Object.entries(part.metrics).map(([name, value]) => [`${prefix}${name}`, value]))
  return { metrics: Object.fromEntries(metrics), notes: [`${finder.info.name}:`, ...parts.flatMap(({ notes }) => notes)] }
}

async function measurePairs(finder: FaceFinder): Promise<Pick<Evaluation, 'metrics' | 'notes'>> {
  const rows = readCsv(await readFile(dataPath('faces', 'pairs.csv'), 'utf8')).slice(1)
  const largest = new Map<string, FoundFace | undefined>()
  for (const file of new Set(rows.flatMap(([a, b]) => [a as string, b as string]))) {
    const faces = await finder.findFaces(await openTestPicture(dataPath('faces', file)))
    largest.set(file, [...faces].sort((a, b) => b.box.width * b.box.height - a.box.width * a.box.height)[0])
  }
  const scored = rows.flatMap(([a, b, decision]) => {
    const [left, right] = [largest.get(a as string), largest.get(b as string)]
    return left && right ? [{ distance: measureDistance(finder.space.metric, left.vector, right.vector), isSame: decision === 'Yes' }] : []
  })
  const accuracyAt = (threshold: number) => scored.filter((pair) => pair.distance < threshold === pair.isSame).length / rows.length
  const best = scored.map((pair) => pair.distance + 1e-6).reduce((top, t) => (accuracyAt(t) > accuracyAt(top) ? t : top), 0)
  const same = scored.filter((pair) => pair.isSame).map((pair) => pair.distance)
  const other = scored.filter((pair) => !pair.isSame).map((pair) => pair.distance)
  const missed = [...largest].filter(([, face]) => !face).map(([file]) => file)
  const range = (list: number[], q: number) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(q * list.length))] ?? 0
  return {
    metrics: {
      pairs_accuracy: accuracyAt(finder.space.samePersonBelow),
      pairs_best_accuracy: accuracyAt(best),
      pairs_auc: measureAuc(same, other),
      portraits_missed: missed.length,
    },
    notes: [
      `${rows.length} pairs of ${largest.size} pictures; stated threshold ${finder.space.samePersonBelow}, best ${best.toFixed(3)}`,
      `same person: median ${range(same, 0.5).toFixed(3)}, p95 ${range(same, 0.95).toFixed(3)}, max ${range(same, 1).toFixed(3)}; ` +
        `different: min ${range(other, 0).toFixed(3)}, p5 ${range(other, 0.05).toFixed(3)}`,
      ...(missed.length > 0 ? [`no face found in ${missed.join(', ')}`] : []),
    ],
  }
}

async function measureFalseFaces(finder: FaceFinder): Promise<Pick<Evaluation, 'metrics' | 'notes'>> {
  const metrics: Record<string, number> = {}
  const notes: string[] = []
  for (const folder of WITHOUT_PEOPLE) {
    const files = (await readdir(dataPath(folder), { recursive: true })).filter(
      (file) => /\.(jpe?g|png)$/i.test(file) && !PEOPLE_TOO.test(file),
    )
    const seen: string[] = []
    let count = 0
    for (const file of files) {
      const faces = await finder.findFaces(await openTestPicture(dataPath(folder, file)))
      if (faces.length > 0) seen.push(`${file} (${faces.map((face) => face.confidence.toFixed(2)).join(', ')})`)
      count += faces.length
    }
    metrics[`false_faces_${folder.replace('-', '_')}`] = count
    notes.push(`${folder}: ${count} faces in ${files.length} pictures${seen.length > 0 ? `: ${seen.join('; ')}` : ''}`)
  }
  return { metrics, notes }
}

function measureDistance(metric: FaceFinder['space']['metric'], a: Float32Array, b: Float32Array): number {
  if (metric === 'l2') return Math.hypot(...a.map((value, index) => value - (b[index] ?? 0)))
  return 1 - a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)
}

/** The chance that a pair of one person is nearer than a pair of two. */
function measureAuc(same: readonly number[], other: readonly number[]): number {
  let wins = 0
  for (const s of same) for (const o of other) wins += s < o ? 1 : s === o ? 0.5 : 0
  return wins / (same.length * other.length)
}
