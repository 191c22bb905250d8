/**
 * @file How near pictures must be to stand in one album of similar photos, per space: the distance within which one of a thousand pairs of
 * pictures that have nothing in common (jewellery, receipts, everything else) lies. Stored in `src/models/spaces/cut-offs.ts`.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LOOK_SPACE } from '../src/domain/likeness/look.ts'
import { decodePicture } from '../src/media/decode.ts'
import type { Picture } from '../src/media/picture.ts'
import { readHeads } from '../src/models/providers/builtin-meaning/heads.ts'
import { fromHeads, readPeaks } from '../src/models/providers/builtin-meaning/index.ts'
import { embedFeatures } from '../src/models/providers/builtin-meaning/towers.ts'
import { look } from '../src/models/providers/builtin-vision/centernet.ts'
import { ensureNetworks, findFolders } from '../src/models/providers/builtin-vision/convert/ensure-networks.ts'
import { PICTURE_FEATURES } from '../src/models/providers/builtin-vision/features.ts'
import { lookAt as see } from '../src/models/providers/builtin-vision/index.ts'
import { openNetwork } from '../src/models/providers/builtin-vision/run-network.ts'
import { openEmbeddingModel } from '../src/models/providers/onnx-embedding/open-embedding-model.ts'
import { findPictureCutOff } from '../src/models/spaces/cut-offs.ts'
import { layInto } from '../src/models/vision/letterbox.ts'
import { lookAt } from '../src/pipeline/steps/look/look-at.ts'
import { modelPath } from '../test/support/shared.ts'
import { listKinds } from './clusters.ts'
import type { Evaluation } from './metric.ts'

const HEADS = join(import.meta.dirname, '../src/models/providers/builtin-meaning/weights/heads.bin')
const LIMITS = { maxPixels: 150_000_000, maxBytes: 500_000_000 }
/** Part of the unlike pairs that may lie within. */
const LETS_THROUGH = 0.001
/** Fewer neighbours make no album. */
const ALBUM = 2

export async function run(): Promise<Evaluation> {
  const heads = readHeads(readFileSync(HEADS), HEADS, PICTURE_FEATURES.id)
  const network = await openNetwork(await ensureNetworks(findFolders()), 'centernet')
  const model = await openEmbeddingModel(modelPath('semantic-standin'), { device: 'cpu' })
  await using image = model.image()
  const spaces: { readonly name: string; readonly short: string; readonly embed: (picture: Picture) => Promise<Float32Array> }[] = [
    { name: LOOK_SPACE, short: 'look', embed: async (picture) => (await lookAt(picture)).vector },
    {
      name: fromHeads(heads).space.name,
      short: 'basic',
      embed: async (picture) => {
        const { pixels, shape } = await see(picture, PICTURE_FEATURES.shapes)
        const { features } = await look(network, { pixels: layInto(pixels, shape), ...shape }, 1, pixels)
        return embedFeatures(heads, features, readPeaks(features))
      },
    },
    { name: image.space.name, short: 'standin', embed: (picture) => image.embedImage(picture) },
  ]
  const pictures = listKinds()
  const vectors = spaces.map(() => [] as Float32Array[])
  for (const { path } of pictures) {
    const picture = await decodePicture(path, 'jpeg', LIMITS, new AbortController().signal)
    for (const [index, { embed }] of spaces.entries()) vectors[index]?.push(await embed(picture))
  }
  const worlds = pictures.map(({ kind }) => (kind.startsWith('product') ? 'jewellery' : kind === 'receipt' ? kind : 'photo'))
  const metrics: Record<string, number> = {}
  const notes = [
    `${pictures.length} pictures: ${[...Map.groupBy(worlds, (world) => world)].map(([world, all]) => `${all.length} ${world}`).join(', ')}`,
  ]
  for (const [index, { name, short }] of spaces.entries()) {
    const own = vectors[index] ?? []
    const pairs = own.flatMap((a, i) =>
      own.slice(i + 1).map((b, j) => ({ i, j: i + 1 + j, distance: 1 - a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0) })),
    )
    const unlike = pairs.filter(({ i, j }) => worlds[i] !== worlds[j]).map(({ distance }) => distance)
    const measured = unlike.toSorted((a, b) => a - b)[Math.floor(unlike.length * LETS_THROUGH)] ?? 0
    const stored = findPictureCutOff(name)
    const cutOff = stored ?? measured
    const near = pairs.filter(({ distance }) => distance <= cutOff)
    const neighbours = own.map((_, at) => near.flatMap(({ i, j }) => (i === at ? [j] : j === at ? [i] : [])))
    const shares = neighbours.flatMap((list, at) =>
      list.length === 0 ? [] : [list.filter((other) => worlds[other] === worlds[at]).length / list.length],
    )
    metrics[`${short}_unlike_pairs_let_through`] = unlike.filter((distance) => distance <= cutOff).length / unlike.length
    metrics[`${short}_neighbours_of_the_same_world`] = shares.reduce((sum, share) => sum + share, 0) / shares.length
    metrics[`${short}_pictures_with_an_album`] = neighbours.filter((list) => list.length >= ALBUM).length / own.length
    notes.push(`${name}: measured here ${measured.toFixed(3)}; ${stored === null ? 'none is stored' : `stored: ${stored}`}`)
  }
  return { name: 'similar', metrics, notes }
}
