/**
 * @file Clusters on test pictures whose kind is known: the folder of a product, and whether a picture is a product, a receipt, a face, a
 * thing or a scene. With the stand-in embedding model of the tests: the figures say what the clustering does with vectors, not what a good model would.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { AXES, findClusters } from '../src/group/clusters/find-clusters.ts'
import { findAxes, project } from '../src/group/clusters/principal-axes.ts'
import { decodePicture } from '../src/media/decode.ts'
import { openEmbeddingModel } from '../src/models/providers/onnx-embedding/open-embedding-model.ts'
import { dataPath, modelPath } from '../test/support/shared.ts'
import type { Evaluation } from './metric.ts'

const LIMITS = { maxPixels: 150_000_000, maxBytes: 500_000_000 }
/** folder → how its kind is called; products by their own folders */
const KINDS = { 'classified-photos': 'thing', 'captioned-photos/images': 'scene', receipts: 'receipt', faces: 'face' } as const

/** Pictures whose kind is known. */
export const listKinds = (): { path: string; kind: string }[] => [
  ...listPictures(dataPath('products')).map((path) => ({
    path,
    kind: `product ${path.slice(dataPath('products').length + 1).split('/')[0]}`,
  })),
  ...Object.entries(KINDS).flatMap(([folder, kind]) => listPictures(dataPath(folder)).map((path) => ({ path, kind }))),
]

export async function run(): Promise<Evaluation> {
  const pictures = listKinds()
  const model = await openEmbeddingModel(modelPath('semantic-standin'), { device: 'cpu' })
  await using image = model.image()
  const width = image.space.width
  const vectors = new Float32Array(pictures.length * width)
  for (const [index, { path }] of pictures.entries())
    vectors.set(await image.embedImage(await decodePicture(path, 'jpeg', LIMITS, new AbortController().signal)), index * width)
  const kinds = pictures.map(({ kind }) => kind)
  const notes: string[] = []
  for (const resolution of [0.5, 1, 2, 4]) {
    const { purity, nmi, count, noise } = judge(cluster(vectors, width, resolution), kinds)
    notes.push(`resolution ${resolution}: ${count} clusters, purity ${purity.toFixed(3)}, NMI ${nmi.toFixed(3)}, ${noise} in none`)
  }
  const { purity, nmi, count, noise } = judge(cluster(vectors, width), kinds)
  notes.push(`${pictures.length} pictures of ${new Set(kinds).size} kinds`)
  return { name: 'clusters', metrics: { purity, nmi, clusters: count, noise_share: noise / kinds.length }, notes }
}

const listPictures = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.jpe?g$/i.test(name))
    .sort()
    .map((name) => join(folder, name))

function cluster(vectors: Float32Array, width: number, resolution?: number): Int32Array {
  const axes = findAxes(vectors, width, AXES)
  const n = vectors.length / width
  const projected = new Float32Array(n * axes.count)
  for (let i = 0; i < n; i++) project(axes, vectors.subarray(i * width, (i + 1) * width), projected, i * axes.count)
  return findClusters(projected, axes.count, resolution).labels
}

/** Over the pictures that are in a cluster. Purity: the share that is of the most frequent kind of its cluster; NMI: arithmetic mean. */
function judge(labels: Int32Array, kinds: readonly string[]) {
  const pairs = [...labels].flatMap((label, i) => (label < 0 ? [] : [{ label, kind: kinds[i] ?? '' }]))
  const n = pairs.length
  const count = <K>(keys: readonly K[]) => {
    const counts = new Map<K, number>()
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
    return counts
  }
  const [byLabel, byKind] = [count(pairs.map(({ label }) => label)), count(pairs.map(({ kind }) => kind))]
  const both = count(pairs.map(({ label, kind }) => `${label}\0${kind}`))
  const entropy = (counts: Map<unknown, number>) => [...counts.values()].reduce((sum, c) => sum - (c / n) * Math.log(c / n), 0)
  const best = new Map<number, number>()
  let mutual = 0
  for (const [key, c] of both) {
    const [label = '', kind = ''] = key.split('\0')
    best.set(Number(label), Math.max(best.get(Number(label)) ?? 0, c))
    mutual += (c / n) * Math.log((c * n) / ((byLabel.get(Number(label)) ?? 1) * (byKind.get(kind) ?? 1)))
  }
  return {
    purity: [...best.values()].reduce((sum, c) => sum + c, 0) / n,
    nmi: (2 * mutual) / (entropy(byLabel) + entropy(byKind)),
    count: byLabel.size,
    noise: kinds.length - n,
  }
}
