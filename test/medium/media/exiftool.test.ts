/** @file No file holds exiftool up: what costs too much is bounded within it, and what keeps one process busy leaves the others to the rest. */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exiftoolPath } from 'exiftool-vendored'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endExiftool, readTags } from '../../../src/media/exiftool.ts'
import { readMetadata } from '../../../src/media/metadata.ts'
import { readSidecars } from '../../../src/media/read-sidecar.ts'
import { writeMetadata } from '../../../src/media/write-metadata.ts'
import { openInside } from '../../../src/storage/bounds.ts'
import { addSegments } from '../../support/hostile-containers.ts'
import { makeTiffPages } from '../../support/hostile-files.ts'

let dir: string
let jpeg: Buffer
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fototeca-exiftool-'))
  jpeg = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#678' } })
    .withExif({ IFD0: { Make: 'Acme' } })
    .jpeg()
    .toBuffer()
})
afterAll(async () => {
  await endExiftool()
  await rm(dir, { recursive: true, force: true })
})

const put = async (name: string, bytes: string | Uint8Array): Promise<string> => {
  const path = join(dir, name)
  await writeFile(path, bytes)
  return path
}
const xmp = (body: string, attributes = '') =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
 xmlns:a="http://a/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"
 ${attributes}>${body}</rdf:Description></rdf:RDF></x:xmpmeta>`
const nest = (levels: number) => '<a:b>'.repeat(levels) + '</a:b>'.repeat(levels)
const list = (count: number, make: (index: number) => string) => Array.from({ length: count }, (_, index) => make(index)).join('')
const SUBJECT = '<dc:subject><rdf:Bag><rdf:li>sea</rdf:li></rdf:Bag></dc:subject>'
const embed = (text: string) => addSegments(jpeg, 0xe1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0${text}`))

test('of a TIFF of 100,000 pages the first are read', async () => {
  const tags = await readTags(await put('pages.tif', makeTiffPages(100_000)), ['-G1', '-all'])
  expect(tags['IFD0:ImageWidth']).toBe(1)
  expect(tags['ExifTool:Warning']).toContain('more than 100 directories')
  expect(Object.keys(tags).length).toBeLessThan(2000)
})

test('nested elements within a picture are left out, and the rest of what it says is read', async () => {
  const path = await put('nested.jpg', embed(xmp(SUBJECT + nest(5000))))
  expect(await readMetadata(path, 'jpeg')).toMatchObject({ cameraMake: 'Acme', keywords: [] })
  expect((await readTags(path, ['-G1', '-all']))['ExifTool:Warning']).toBe('XMP was not read: its elements are nested too deep')
})

test.each([
  ['elements in one another', () => xmp(SUBJECT + nest(5000)), 'its elements are nested too deep'],
  ['very many elements', () => xmp(SUBJECT + list(200_000, (index) => `<a:b${index}>x</a:b${index}>`)), 'it has too many elements'],
  [
    'very many attributes',
    () =>
      xmp(
        SUBJECT,
        list(100_000, (index) => `a:b${index}="x" `),
      ),
    'it has too many elements',
  ],
  ['tags that never close', () => xmp('<a:b>'.repeat(500_000)), 'its elements are nested too deep'],
])('a sidecar of %s says nothing, and why; and it is not written over', async (_, make, why) => {
  const picture = await put('b.jpg', jpeg)
  const path = await put('b.jpg.xmp', make())
  expect(await readSidecars(picture, 1, (path) => openInside(path, null))).toEqual([
    { path, says: null, problem: `b.jpg.xmp is not read: ${why}` },
  ])
  const before = await readFile(path, 'utf8')
  const nothing = { title: 'Ours', caption: undefined, altText: undefined, rating: undefined, keywords: ['new'], paths: [], unwanted: [] }
  const shape = { orientation: 1, width: 60, height: 40 }
  await expect(writeMetadata(path, { ...nothing, faces: [], formerNames: [], picture: shape }, true)).rejects.toThrow(why)
  expect(await readFile(path, 'utf8')).toBe(before)
  await rm(path)
})

test('words are read beside and behind ten thousand brush strokes', async () => {
  const strokes = list(10_000, (index) => `<rdf:li>d 0.${index} 0.5</rdf:li>`)
  const masks = `<crs:PaintBasedCorrections><rdf:Seq><rdf:li><rdf:Description><crs:CorrectionMasks><rdf:Seq><rdf:li
    crs:What="Mask/Paint"><crs:Dabs><rdf:Seq>${strokes}</rdf:Seq></crs:Dabs></rdf:li></rdf:Seq></crs:CorrectionMasks></rdf:Description>
    </rdf:li></rdf:Seq></crs:PaintBasedCorrections>`
  const picture = await put('c.jpg', jpeg)
  await put('c.xmp', xmp(masks + SUBJECT))
  const [found] = await readSidecars(picture, 1, (path) => openInside(path, null))
  expect(found).toMatchObject({ says: { keywords: ['sea'] }, problem: null })
})

test.skipIf(process.platform === 'win32')(
  'while files keep processes busy, others are read at once; those are given up with a sentence',
  async () => {
    // reading a pipe that is open and that nobody writes to never ends
    const pipes = await mkdtemp(join(dir, 'pipes-'))
    const busy = [join(pipes, 'one.jpg'), join(pipes, 'two.jpg')]
    execFileSync('mkfifo', busy)
    await using writers = new AsyncDisposableStack()
    for (const path of busy) writers.use(await open(path, 'r+'))
    let ended = 0
    const reading = busy.map((path) =>
      readMetadata(path, 'jpeg')
        .then(
          () => 'read',
          (error: unknown) => error,
        )
        .finally(() => {
          ended++
        }),
    )
    const honest = await put('honest.jpg', jpeg)
    for (let round = 0; round < 3; round++) expect(await readMetadata(honest, 'jpeg')).toMatchObject({ cameraMake: 'Acme' })
    expect(ended).toBe(0)
    for (const outcome of await Promise.all(reading))
      expect(outcome).toMatchObject({
        code: 'unreadable_picture',
        message: 'the file’s metadata took longer than 15 s; it was given up',
        retryable: false,
      })
    expect(await readMetadata(honest, 'jpeg')).toMatchObject({ cameraMake: 'Acme' })
  },
)

test.skipIf(process.platform === 'win32')('a process that waits for a file says nothing when it looks for its parent', async () => {
  const config = join(import.meta.dirname, '../../../src/media/exiftool-config.pl')
  const perl = spawn('perl', [await exiftoolPath(), '-config', config, '-stay_open', 'True', '-@', '-'])
  const said = { out: '', error: '' }
  perl.stdout.on('data', (chunk) => (said.out += chunk))
  perl.stderr.on('data', (chunk) => (said.error += chunk))
  const answers = async (count: number) => {
    perl.stdin.write('-ver\n-execute\n')
    await expect.poll(() => said.out.split('{ready}').length - 1).toBe(count)
  }
  await answers(1)
  perl.kill('SIGALRM') // what comes every two seconds; a word of it would be taken for a fault, and the process ended
  await answers(2)
  perl.kill()
  expect(said.error).toBe('')
})
