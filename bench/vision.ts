/** @file What objects and faces cost per 12-megapixel photo: processor time and wall time, decoding not counted; memory of the process. */
import sharp from 'sharp'
import type { Picture } from '../src/media/picture.ts'
import { createVisionModels } from '../src/models/providers/builtin-vision/index.ts'
import { openTestPicture, pictureOf } from '../test/support/picture.ts'
import { dataPath } from '../test/support/shared.ts'
import type { Benchmark, Row } from './row.ts'

const RUNS = 5

/** Enlarged to 12 megapixels: how many things are in a picture decides the cost, not how sharp they are. */
const PICTURES = {
  'no people': ['classified-photos', 'n02391049_zebra.JPEG'],
  portrait: ['faces', 'img20.jpg'],
  group: ['classified-photos', 'n03379051_football_helmet.JPEG'],
} as const

export async function run(): Promise<Benchmark> {
  const models = createVisionModels()
  const rows: Row[] = [await measureMemory(models)]
  const notes: string[] = []
  try {
    for (const [label, path] of Object.entries(PICTURES)) {
      const picture = await openLarge(dataPath(...path))
      const faces = await models.faces.findFaces(picture)
      notes.push(`${label}: ${faces.length} faces`)
      rows.push(...(await measure(`faces, ${label}`, () => models.faces.findFaces(picture))))
      if (label === 'no people') rows.push(...(await measure('objects', () => models.objects.findObjects(picture))))
    }
  } finally {
    await models.faces[Symbol.asyncDispose]()
    await models.objects[Symbol.asyncDispose]()
  }
  return { name: 'vision', rows, notes }
}

/** What the thread with all networks loaded and run in each of the three shapes adds to a process that has decoded a small picture. */
async function measureMemory({ objects, faces }: ReturnType<typeof createVisionModels>): Promise<Row> {
  const landscape = await openTestPicture(dataPath(...PICTURES.group))
  const { base } = landscape
  const shapes = [
    landscape,
    pictureOf(await landscape.exact(base.height, base.width, 'squash')),
    pictureOf(await landscape.exact(500, 500, 'squash')),
  ]
  const before = process.memoryUsage().rss
  for (let round = 0; round < 3; round++)
    for (const picture of shapes) {
      await objects.findObjects(picture)
      await faces.findFaces(picture)
    }
  return { label: 'resident memory of the vision thread', value: (process.memoryUsage().rss - before) / 2 ** 20, unit: 'MB' }
}

async function openLarge(file: string): Promise<Picture> {
  const upright = sharp(file).autoOrient()
  const { width, height } = await upright.toBuffer({ resolveWithObject: true }).then(({ info }) => info)
  const scale = Math.sqrt(12_000_000 / (width * height))
  const picture = await openTestPicture(
    await upright
      .resize(Math.round(width * scale), Math.round(height * scale))
      .jpeg()
      .toBuffer(),
  )
  // the sizes that other steps ask for anyway are there already
  await Promise.all([640, 1440].map((side) => picture.fit(side)))
  return picture
}

async function measure(label: string, call: () => Promise<unknown>): Promise<Row[]> {
  for (let warm = 0; warm < 2; warm++) await call()
  const cpu = process.cpuUsage()
  const start = performance.now()
  for (let index = 0; index < RUNS; index++) await call()
  const wall = (performance.now() - start) / RUNS
  const { user, system } = process.cpuUsage(cpu)
  return [
    { label, value: (user + system) / 1000 / RUNS, unit: 'core-ms' },
    { label, value: wall, unit: 'ms' },
  ]
}
