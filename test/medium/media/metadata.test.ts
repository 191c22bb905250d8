/** @file Metadata of real and made files, as read and as stored. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { endExiftool } from '../../../src/media/exiftool.ts'
import { type PhotoMetadata, readMetadata } from '../../../src/media/metadata.ts'
import { sniffFormat } from '../../../src/media/sniff.ts'
import { metadata } from '../../../src/pipeline/steps/metadata/step.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { addPhoto } from '../../support/library.ts'
import { heicPath } from '../../support/pictures.ts'
import { NEEDS_LINUX } from '../../support/skip-reasons.ts'

let dir: string
let database: TestDatabase
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fototeca-metadata-'))
  database = await openTestDatabase()
})
afterAll(async () => {
  await endExiftool()
  await database[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

const EXIFTOOL = join(dirname(createRequire(import.meta.url).resolve('exiftool-vendored.pl/package.json')), 'bin', 'exiftool')

/** A small JPEG with these tags written by exiftool itself. */
async function makePhoto(name: string, ...tags: string[]): Promise<string> {
  const path = join(dir, name)
  await sharp({ create: { width: 60, height: 40, channels: 3, background: '#678' } })
    .toFormat(name.endsWith('.png') ? 'png' : name.endsWith('.webp') ? 'webp' : 'jpeg')
    .toFile(path)
  writeTags(path, ...tags)
  return path
}

function writeTags(path: string, ...tags: string[]): void {
  execFileSync(EXIFTOOL, ['-overwrite_original', '-n', '-m', ...tags, path], { stdio: 'pipe' })
}

async function read(path: string): Promise<PhotoMetadata> {
  const sniffed = await sniffFormat(path)
  if ('refused' in sniffed) throw new Error(sniffed.refused)
  return readMetadata(path, sniffed.format)
}

describe('time and place', () => {
  test('the offset the camera wrote wins', async () => {
    const path = await makePhoto(
      'offset.jpg',
      '-DateTimeOriginal=2020:05:04 18:39:11',
      '-OffsetTimeOriginal=-04:00',
      '-SubSecTimeOriginal=25',
    )
    expect((await read(path)).taken).toEqual({
      local: '2020-05-04 18:39:11.250',
      zone: '-04:00',
      instantMs: Date.UTC(2020, 4, 4, 22, 39, 11, 250),
      day: '2020-05-04',
    })
  })

  test('without an offset the place tells the zone, and the country', async () => {
    const path = await makePhoto(
      'place.webp',
      '-DateTimeOriginal=2021:07:15 12:00:00',
      '-GPSLatitude=48.85',
      '-GPSLatitudeRef=N',
      '-GPSLongitude=2.35',
      '-GPSLongitudeRef=E',
    )
    const { taken, position, country } = await read(path)
    expect(taken).toMatchObject({ zone: 'Europe/Paris', instantMs: Date.UTC(2021, 6, 15, 10) })
    expect(position!.latitude).toBeCloseTo(48.85, 5)
    expect(country).toBe('France')
  })

  test.each([
    ['null island', '0', '0'],
    ['beyond the pole', '97.5', '10'],
  ])('%s is no place', async (name, latitude, longitude) => {
    const path = await makePhoto(
      `${name}.jpg`,
      `-GPSLatitude=${latitude}`,
      '-GPSLatitudeRef=N',
      `-GPSLongitude=${longitude}`,
      '-GPSLongitudeRef=E',
    )
    expect(await read(path)).toMatchObject({ position: null, country: null, city: null, citySource: null, altitudeM: null })
  })

  test('a clock that was never set gives no time', async () => {
    expect((await read(await makePhoto('unset.jpg', '-ModifyDate=2024:01:01 10:00:00'))).taken).toBeNull()
  })
})

test('words, stars and camera, from PNG too', async () => {
  const path = await makePhoto(
    'words.png',
    '-XMP-dc:Title=Sommer am See',
    '-XMP-dc:Description=Ein Bild & mehr <b>',
    '-XMP-dc:Subject=See',
    '-XMP-dc:Subject=Ümläute',
    '-XMP-lr:HierarchicalSubject=Orte|Bayern|See',
    '-XMP-xmp:Rating=4',
    '-IFD0:Make=Canon',
    '-IFD0:Model=EOS',
    '-ExifIFD:ISO=400',
    '-ExifIFD:FNumber=2.8',
    '-ExifIFD:ExposureTime=0.004',
    '-ExifIFD:FocalLength=35',
    '-ExifIFD:LensModel=EF35mm',
  )
  expect(await read(path)).toMatchObject({
    title: 'Sommer am See',
    description: 'Ein Bild & mehr <b>',
    keywords: ['See', 'Ümläute', 'Orte/Bayern/See'],
    rating: 4,
    cameraMake: 'Canon',
    iso: 400,
    aperture: 2.8,
    exposureS: 0.004,
    focalMm: 35,
  })
})

test('a hostile file cannot fill the library or break the database', async () => {
  const path = await makePhoto(
    'hostile.jpg',
    `-XMP-dc:Description=${'A'.repeat(40_000)}`,
    `-XMP-dc:Title=<script>alert(1)</script>`,
    ...Array.from({ length: 400 }, (_, index) => `-XMP-dc:Subject=word ${index}`),
    ...Array.from({ length: 60 }, (_, index) => `-XMP-xmpMM:HistoryAction=${'x'.repeat(2000)} ${index}`),
    '-IFD0:ImageDescription=OLYMPUS DIGITAL CAMERA',
  )
  const found = await read(path)
  expect(found.title).toBe('<script>alert(1)</script>')
  expect(found.description!.length).toBeLessThanOrEqual(10_000)
  expect(found.keywords).toHaveLength(200)
  expect(JSON.stringify(found.raw).length).toBeLessThanOrEqual(16 * 1024)
  expect(JSON.stringify(found)).not.toContain('\\u0000')
})

test('a HEIC says what a JPEG says', async () => {
  const path = join(dir, 'phone.heic')
  await copyFile(heicPath('coffee'), path)
  writeTags(
    path,
    '-IFD0:Model=Phone 11',
    '-DateTimeOriginal=2020:05:04 18:39:11',
    '-OffsetTimeOriginal=+02:00',
    '-GPSLatitude=43.4633',
    '-GPSLatitudeRef=N',
    '-GPSLongitude=11.8797',
    '-GPSLongitudeRef=E',
    '-XMP-xmp:Rating=3',
  )
  expect(await read(path)).toMatchObject({
    cameraModel: 'Phone 11',
    country: 'Italy',
    city: 'Arezzo',
    rating: 3,
    taken: { zone: '+02:00' },
  })
})

test('faces are where they are in the upright picture, however the file is turned', async () => {
  // stored lying on its side, as a camera held upright does (orientation 6): x of the upright picture is 1 − y of the stored one
  const faces = { Marie: { x: 0.3, y: 0.4, w: 0.1, h: 0.2 }, Pierre: { x: 0.7, y: 0.25, w: 0.15, h: 0.3 } }
  const describeRegions = (isTurned: boolean) =>
    Object.entries(faces).map(([name, { x, y, w, h }]) => {
      const area = isTurned ? { X: y, Y: 1 - x, W: h, H: w } : { X: x, Y: y, W: w, H: h }
      const written = Object.entries(area).map(([key, value]) => `${key}=${value}`)
      return `{Area={${written.join(',')},Unit=normalized},Name=${name},Type=Face}`
    })
  const regions = (isTurned: boolean, width: number, height: number) =>
    `-XMP-mwg-rs:RegionInfo={AppliedToDimensions={W=${width},H=${height},Unit=pixel},RegionList=[${describeRegions(isTurned).join(',')}]}`
  const plain = await read(await makePhoto('faces.jpg', regions(false, 60, 40)))
  const turned = await read(await makePhoto('faces-turned.jpg', regions(true, 60, 40), '-IFD0:Orientation=6'))
  for (const { faceRegions } of [plain, turned]) {
    expect(faceRegions.map(({ name }) => name)).toEqual(['Marie', 'Pierre'])
    for (const [index, { x, y, w, h }] of Object.values(faces).entries()) {
      const { box } = faceRegions[index]!
      for (const [found, wanted] of [
        [box.x, x - w / 2],
        [box.y, y - h / 2],
        [box.width, w],
        [box.height, h],
      ] as const)
        expect(found).toBeCloseTo(wanted, 3)
    }
  }
})

test('stored: the photo moves to its time, keywords become tags of the file, and a second run changes nothing', async () => {
  const path = await makePhoto(
    'stored.jpg',
    '-DateTimeOriginal=2018:02:03 04:05:06',
    '-OffsetTimeOriginal=+01:00',
    '-XMP-dc:Subject=Snow',
    '-XMP-lr:HierarchicalSubject=Trip|Alps',
  )
  const { db } = database
  const photoId = await addPhoto(db, { tags: ['dog'] })
  const result = await metadata.run!({
    file: { path, bounds: null, format: 'jpeg' },
    picture: () => Promise.reject(new Error('no pixels')),
    model: undefined,
    signal: new AbortController().signal,
  })
  if ('reason' in result) throw new Error(result.reason.code)
  for (let run = 0; run < 2; run++)
    await db.transaction().execute((trx) => metadata.save(trx, photoId, structuredClone(result), { modelId: null }))
  expect(
    await db.selectFrom('photos').select(['day', 'taken_zone', 'taken_at']).where('id', '=', photoId).executeTakeFirstOrThrow(),
  ).toMatchObject({
    day: '2018-02-03',
    taken_zone: '+01:00',
    taken_at: new Date('2018-02-03T03:05:06Z'),
  })
  const tags = await db.selectFrom('photo_tags').select(['tag', 'said_by']).where('photo_id', '=', photoId).orderBy('tag').execute()
  expect(tags.map(({ tag, said_by }) => `${tag} (${said_by})`)).toEqual(['alps (file)', 'dog (test)', 'snow (file)', 'trip (file)'])
})

test.skipIf(process.platform !== 'linux')('exiftool does not outlive a killed library', { meta: NEEDS_LINUX }, async () => {
  const script = `
    import { readTags } from ${JSON.stringify(join(import.meta.dirname, '../../../src/media/exiftool.ts'))}
    await readTags(process.argv[1], ['-Make'])
    console.log('read')
    setInterval(() => {}, 1000)`
  const path = await makePhoto('orphan.jpg', '-IFD0:Make=Test')
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script, path], { stdio: ['ignore', 'pipe', 'ignore'] })
  await once(child.stdout, 'data')
  const pid = findProcesses().find(({ parent, command }) => parent === child.pid && command.includes('exiftool'))?.pid
  expect(pid).toBeGreaterThan(1)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await expect.poll(() => findProcesses().some((process) => process.pid === pid), { interval: 250 }).toBe(false)
})

/** Living processes, from /proc (dead ones that nobody has fetched have no command line). */
function findProcesses(): { pid: number; parent: number; command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8')
        const parent = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1])
        return command === '' ? [] : [{ pid: Number(name), parent, command }]
      } catch {
        return [] // it ended meanwhile
      }
    })
}
