/**
 * @file People: the faces of the test pictures put to people as the library does it, per face model. Who is who follows from `faces/pairs.csv`;
 * pairwise precision and recall are of those pictures, while all faces of the others stand around them as in a library.
 */

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCsv } from '../src/domain/csv.ts'
import { findNeighbours } from '../src/group/people/find-neighbours.ts'
import { placeFaces } from '../src/group/people/place-faces.ts'
import { openMatrixProduct } from '../src/models/onnx/matrix-product.ts'
import type { FaceFinder, FoundFace } from '../src/models/ports/capability.ts'
import { createVisionModels } from '../src/models/providers/builtin-vision/index.ts'
import { openFacePack } from '../src/models/providers/onnx-faces/open-face-pack.ts'
import { findFaceLimits, toSquare } from '../src/models/vision/face-limits.ts'
import { openTestPicture } from '../test/support/picture.ts'
import { writeFacePack } from '../test/support/real-networks.ts'
import { dataPath } from '../test/support/shared.ts'
import type { Evaluation } from './metric.ts'

/** Pictures of strangers, each seen once, beside the labelled ones. */
const AROUND = ['labelled-photos', 'captioned-photos'] as const

interface SeenFace extends FoundFace {
  readonly photo: number
  /** null: not labelled */
  readonly identity: string | null
}

export async function run(): Promise<Evaluation> {
  const models = createVisionModels()
  const folder = await mkdtemp(join(tmpdir(), 'fototeca-eval-'))
  try {
    await using pack = await (await openFacePack(await writeFacePack(join(folder, 'scrfd'), 'scrfd'), { device: 'cpu' })).open()
    const results = [await measure('', models.faces), await measure('scrfd_arcface_', pack)]
    return {
      name: 'people',
      metrics: Object.assign({}, ...results.map(({ metrics }) => metrics)),
      notes: results.flatMap(({ notes }) => notes),
    }
  } finally {
    await models.faces[Symbol.asyncDispose]()
    await models.objects[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  }
}

async function measure(prefix: string, finder: FaceFinder): Promise<Pick<Evaluation, 'metrics' | 'notes'>> {
  const pairs = await readPairs()
  const faces = await findFaces(finder, makeIdentities(pairs))
  const persons = await place(faces, finder.info.id)
  const known = faces.flatMap(({ identity }, index) =>
    identity === null || identity.startsWith('stranger') ? [] : [{ identity, person: persons[index] ?? 0 }],
  )
  let [together, right, same] = [0, 0, 0]
  for (const [at, a] of known.entries())
    for (const b of known.slice(at + 1)) {
      const isSame = a.identity === b.identity
      const isTogether = a.person !== 0 && a.person === b.person
      if (isSame) same++
      if (isTogether) together++
      if (isSame && isTogether) right++
    }
  const clusters = Map.groupBy(persons.keys(), (face) => persons[face] ?? 0)
  clusters.delete(0)
  // nobody is in two pictures of AROUND, as far as one knows: whoever is put together with anybody is wrong
  const strangers = [...clusters.values()].filter((group) => group.some((face) => faces[face]?.identity?.startsWith('stranger')))
  return {
    metrics: {
      [`${prefix}pairwise_precision`]: together === 0 ? 1 : right / together,
      [`${prefix}pairwise_recall`]: same === 0 ? 1 : right / same,
      [`${prefix}false_clusters_of_strangers`]: strangers.length,
    },
    notes: [
      `${finder.info.name}: ${faces.length} faces, ${known.length} labelled of ${new Set(known.map(({ identity }) => identity)).size} ` +
        `people, ${same} pairs of one person; ${clusters.size} clusters of ${[...clusters.values()].flat().length} faces`,
    ],
  }
}

async function place(faces: readonly SeenFace[], modelId: string): Promise<Int32Array> {
  const { metric, minQuality, ...distances } = findFaceLimits(modelId)
  const limits = {
    cluster: toSquare(metric, distances.cluster),
    join: toSquare(metric, distances.join),
    ask: toSquare(metric, distances.ask),
  }
  const width = faces[0]?.vector.length ?? 0
  const vectors = new Float32Array(faces.length * width)
  for (const [index, { vector }] of faces.entries()) vectors.set(vector, index * width)
  const asked = Int32Array.from(faces.keys())
  const graph = await findNeighbours({ width, vectors, asked, limit: limits.ask, multiply: await openMatrixProduct(width) })
  return placeFaces({
    width,
    vectors,
    photos: Int32Array.from(faces, ({ photo }) => photo),
    isStrong: Uint8Array.from(faces, ({ quality }) => (quality >= minQuality ? 1 : 0)),
    persons: new Int32Array(faces.length),
    isFixed: new Uint8Array(faces.length),
    rejected: new Map(),
    graph,
    limits,
    isAnew: true,
  }).persons
}

async function findFaces(finder: FaceFinder, identities: ReadonlyMap<string, string>): Promise<SeenFace[]> {
  const seen: SeenFace[] = []
  let photo = 0
  for (const folder of ['faces', ...AROUND])
    for (const file of (await readdir(dataPath(folder), { recursive: true })).filter((name) => /\.(jpe?g|png)$/i.test(name)).sort()) {
      photo++
      const found = await finder.findFaces(await openTestPicture(dataPath(folder, file)))
      const largest = [...found].sort((a, b) => b.box.width * b.box.height - a.box.width * a.box.height)[0]
      for (const face of found) {
        const label = folder === 'faces' ? (face === largest ? identities.get(file) : undefined) : `stranger ${photo}`
        seen.push({ ...face, photo, identity: label ?? null })
      }
    }
  return seen
}

type Pair = readonly [a: string, b: string, isSame: boolean]

async function readPairs(): Promise<Pair[]> {
  const rows = readCsv(await readFile(dataPath('faces', 'pairs.csv'), 'utf8')).slice(1)
  return rows.map(([a = '', b = '', decision = '']) => [a, b, decision === 'Yes'])
}

/** File → who it is: whoever is joined by “same” pairs. */
function makeIdentities(pairs: readonly Pair[]): Map<string, string> {
  const parent = new Map<string, string>()
  const find = (file: string): string => {
    const up = parent.get(file) ?? file
    return up === file ? file : find(up)
  }
  for (const [a, b, isSame] of pairs) {
    for (const file of [a, b]) if (!parent.has(file)) parent.set(file, file)
    if (isSame) parent.set(find(a), find(b))
  }
  return new Map([...parent.keys()].map((file) => [file, find(file)]))
}
