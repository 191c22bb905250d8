/** @file Uploads: what was answered is there, what was refused leaves nothing, the same bytes are one photo. */

import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from '../../../src/db/client.ts'
import { recordPath } from '../../../src/domain/record-path.ts'
import { cleanFilename } from '../../../src/ingest/upload.ts'
import { temporaryName } from '../../../src/storage/durable-write.ts'
import { originalKey } from '../../../src/storage/keys.ts'
import { openLibraryBlobs } from '../../../src/storage/library-blobs.ts'
import { pathOf } from '../../support/blobs.ts'
import { startChild } from '../../support/child.ts'
import { layDatabase, openTestDatabase, TEST_POSTGRES, type TestDatabase, truncateAll } from '../../support/database.ts'
import { openTestIngest, pictureBytes, putFile, readPhotos, streamOf, type TestIngest } from '../../support/ingest.ts'
import { NEEDS_EMBEDDED, NEEDS_SERVER } from '../../support/skip-reasons.ts'

let open: TestDatabase
let ingest: TestIngest
let dataDir: string
beforeAll(async () => {
  open = await openTestDatabase()
})
afterAll(() => open[Symbol.asyncDispose]())
beforeEach(async () => {
  await truncateAll(open.db)
  dataDir = await mkdtemp(join(tmpdir(), 'fototeca-ingest-'))
  ingest = await openTestIngest(open.db, dataDir)
})
afterEach(async () => {
  await ingest[Symbol.asyncDispose]()
  await rm(dataDir, { recursive: true, force: true })
})

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
async function listStored(): Promise<string[]> {
  const entries = await readdir(join(dataDir, 'originals'), { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name)
}

test('an upload is on the disk under its hash, has a row, its ledger and its original', async () => {
  const bytes = pictureBytes('one')
  const result = await ingest.upload(streamOf(bytes), 'IMG 1.jpg')
  expect(result).toEqual({ id: result.id, filename: 'IMG 1.jpg', duplicate: false, deleted_at: null, message: expect.any(String) })
  expect(await readPhotos(open.db)).toEqual([
    {
      id: result.id,
      filename: 'IMG 1.jpg',
      sha256: sha256(bytes),
      format: 'jpeg',
      state: 'pending',
      reason: null,
      missing_since: null,
      bytes: bytes.length,
    },
  ])
  expect(ingest.fresh).toEqual([result.id])
  const original = await ingest.locate(result.id)
  expect(await readFile(await pathOf(original))).toEqual(bytes)
  expect(await listStored()).toEqual([sha256(bytes)])
})

test('the same bytes again are the same photo, under any name', async () => {
  const first = await ingest.upload(streamOf(pictureBytes('same')), 'a.jpg')
  const second = await ingest.upload(streamOf(pictureBytes('same')), 'b.jpg')
  expect(second).toMatchObject({ id: first.id, duplicate: true })
  expect(await readPhotos(open.db)).toHaveLength(1)
})

test('fifty uploads of the same bytes at once make one photo and one blob', async () => {
  const results = await Promise.all(Array.from({ length: 50 }, (_, index) => ingest.upload(streamOf(pictureBytes('race')), `${index}.jpg`)))
  expect(new Set(results.map((result) => result.id)).size).toBe(1)
  expect(results.filter((result) => !result.duplicate)).toHaveLength(1)
  expect(ingest.fresh).toHaveLength(1)
  expect(await listStored()).toHaveLength(1)
})

describe('refused, and nothing is left behind:', () => {
  test.each([
    ['an empty file', Buffer.alloc(0), 'invalid', 'empty'],
    ['a text called .jpg', Buffer.from('hello, this is text'), 'not_a_picture', 'text'],
    ['a file above the limit', pictureBytes('x'.repeat(100_001)), 'too_large', '100 kB'],
  ])('%s', async (_name, bytes, code, words) => {
    await expect(ingest.upload(streamOf(bytes), 'x.jpg')).rejects.toMatchObject({ code, message: expect.stringContaining(words) })
    expect(await readPhotos(open.db)).toEqual([])
    expect(await listStored()).toEqual([])
  })

  test('a format that is switched off', async () => {
    await using only = await openTestIngest(open.db, dataDir, { limits: { maxBytes: 1000, formats: ['png'] } })
    await expect(only.upload(streamOf(pictureBytes('x')), 'x.jpg')).rejects.toMatchObject({
      code: 'unsupported_format',
      message: expect.stringContaining('png'),
    })
  })

  test('a client that goes away in the middle', async () => {
    async function* half() {
      yield pictureBytes('half')
      throw new Error('aborted')
    }
    await expect(ingest.upload(Readable.from(half()), 'x.jpg')).rejects.toThrow('aborted')
    expect(await listStored()).toEqual([])
  })

  test('a photo whose ledger cannot be written', async () => {
    await using broken = await openTestIngest(open.db, dataDir, {
      onNewPhoto: () => {
        throw new Error('no ledger')
      },
    })
    await expect(broken.upload(streamOf(pictureBytes('x')), 'x.jpg')).rejects.toThrow('no ledger')
    expect(await readPhotos(open.db)).toEqual([])
    expect((await ingest.upload(streamOf(pictureBytes('x')), 'x.jpg')).duplicate).toBe(false)
  })
})

const RACE = 'an upload of bytes that another process removes in that moment is refused, not answered with a photo without its file'
// the embedded database has one process
test.skipIf(TEST_POSTGRES === undefined)(RACE, { meta: NEEDS_SERVER }, async () => {
  const bytes = pictureBytes('thrown away')
  const { id } = await ingest.upload(streamOf(bytes), 'a.jpg')
  await open.db.deleteFrom('photos').where('id', '=', id).execute()
  const { originals } = await openLibraryBlobs({ dataDir })
  const put = Promise.withResolvers<void>()
  const removing = Promise.withResolvers<void>()
  // removes once the other has put the bytes, and may not have made its row
  await using remover = await openTestIngest(open.db, dataDir, {
    originals: {
      ...originals,
      delete: async (key) => {
        removing.resolve()
        await put.promise
        await originals.delete(key)
      },
    },
  })
  await using sender = await openTestIngest(open.db, dataDir, {
    originals: {
      ...originals,
      putFile: async (...args) => {
        await originals.putFile(...args)
        put.resolve()
      },
    },
  })
  const removed = remover.removeBlob(originalKey(sha256(bytes)))
  await removing.promise
  const [sent] = await Promise.allSettled([sender.upload(streamOf(bytes), 'b.jpg'), removed])
  expect(sent).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } })
  expect(await listStored()).toEqual([])
  expect(await open.db.selectFrom('photos').select('id').execute()).toEqual([])
  // sent again, it is there
  const again = await sender.upload(streamOf(bytes), 'b.jpg')
  expect(await readFile(await pathOf(await sender.locate(again.id)))).toEqual(bytes)
})

test('uploading what is only known as a missing file of a folder brings it back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fototeca-folder-'))
  await putFile(folder, 'a.jpg', pictureBytes('lost'))
  for (const name of ['b.jpg', 'c.jpg']) await putFile(folder, name, pictureBytes(name))
  const source = await ingest.addFolder(folder)
  await ingest.scan(source.id)
  await rm(join(folder, 'a.jpg'))
  await ingest.scan(source.id)
  const [lost] = (await readPhotos(open.db)).filter((photo) => photo.missing_since !== null)
  expect(await ingest.locate(lost!.id)).toBeNull()
  expect(await ingest.upload(streamOf(pictureBytes('lost')), 'found.jpg')).toMatchObject({ id: lost!.id, duplicate: true })
  expect((await readPhotos(open.db)).filter((photo) => photo.missing_since !== null)).toEqual([])
  expect(await readFile(await pathOf(await ingest.locate(lost!.id)))).toEqual(pictureBytes('lost'))
  await rm(folder, { recursive: true })
})

test('at the start half-written files of dead processes go, and all that are a day old; old blobs without a row go; young ones, owned ones, and those that were photos once stay', async () => {
  const kept = await ingest.upload(streamOf(pictureBytes('kept')), 'kept.jpg')
  await ingest.upload(streamOf(pictureBytes('kept too')), 'kept too.jpg')
  await ingest[Symbol.asyncDispose]()
  const orphan = async (name: string) => {
    const sha = sha256(Buffer.from(name))
    const path = join(dataDir, 'originals', sha.slice(0, 2), sha.slice(2, 4), sha)
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, name)
    return path
  }
  const young = await orphan('young')
  // a photo that an older database, put in place of a newer one, does not know
  const known = await orphan('known')
  const record = recordPath(dataDir, basename(known))
  await mkdir(join(record, '..'), { recursive: true })
  await writeFile(record, '{}')
  const incoming = join(dataDir, 'originals', '.incoming')
  const ofLivingProcess = temporaryName().replace(`.${process.pid}.`, `.${process.ppid}.`)
  const inFlight = [temporaryName(), ofLivingProcess, 'of another machine']
  const ofDeadProcess = temporaryName().replace(`.${process.pid}.`, `.${spawnSync('true').pid}.`)
  const ofFormerProcess = temporaryName().split('.').with(2, 'former').join('.')
  for (const name of [...inFlight, ofDeadProcess, ofFormerProcess]) await writeFile(join(incoming, name), 'half')
  ingest = await openTestIngest(open.db, dataDir)
  await ingest[Symbol.asyncDispose]()
  // age is told by the time the file got its name, which cannot be set: the sweep is asked with a clock a day ahead
  await stat(young)
  expect((await readdir(incoming)).sort()).toEqual(inFlight.sort())
  const realNow = Date.now
  Date.now = () => realNow() + 25 * 3_600_000
  try {
    ingest = await openTestIngest(open.db, dataDir)
    while ((await listStored()).length > 3) await new Promise((done) => setTimeout(done, 20))
  } finally {
    Date.now = realNow
  }
  await expect(stat(young)).rejects.toThrow('ENOENT')
  expect(await readdir(incoming)).toEqual([])
  await stat(known)
  expect(await readFile(await pathOf(await ingest.locate(kept.id)))).toEqual(pictureBytes('kept'))
})

test.each([
  ['../../etc/passwd.jpg', 'passwd.jpg'],
  ['C:\\Users\\me\\pic.png', 'pic.png'],
  ['a\u0000b\nc.jpg', 'a b c.jpg'],
  ['', 'unnamed'],
  ['..', 'unnamed'],
  ['\ud800x.jpg', '\ufffdx.jpg'],
  [`${'é'.repeat(300)}.jpeg`, `${'é'.repeat(125)}.jpeg`],
])('the name %j is shown as %j', (given, shown) => {
  expect(cleanFilename(given)).toBe(shown)
})

test('a full disk is said so, and the partial file is gone', async (context) => {
  const small = await mkdtemp(join(tmpdir(), 'fototeca-small-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small], { stdio: 'ignore' })
  } catch {
    await rm(small, { recursive: true })
    context.task.meta.needs = 'the right to mount a small file system'
    return context.skip()
  }
  try {
    await using full = await openTestIngest(open.db, small)
    await expect(full.upload(streamOf(pictureBytes('x'.repeat(90_000))), 'x.jpg')).rejects.toMatchObject({
      code: 'disk_full',
      message: expect.stringContaining('Make room'),
    })
    expect(await readdir(join(small, 'originals', '.incoming'))).toEqual([])
    expect(await full.upload(streamOf(pictureBytes('fits')), 'x.jpg')).toMatchObject({ duplicate: false })
  } finally {
    execFileSync('umount', ['-l', small])
    await rm(small, { recursive: true, force: true })
  }
})

describe.skipIf(TEST_POSTGRES)('kill -9 in the middle of uploads', { meta: NEEDS_EMBEDDED }, () => {
  test('every answered upload is there, whole; none is doubled or without its ledger', { timeout: 180_000 }, async () => {
    const answered = new Map<string, number>()
    await layDatabase(dataDir)
    for (let round = 0; round < 3; round++) {
      const child = startChild(resolve(import.meta.dirname, 'children/upload-loop.ts'), [dataDir, `r${round}`])
      const goal = `${25 + round * 13}`
      await child.waitFor((line) => JSON.parse(line).content === `r${round}-${goal}`)
      await child.kill()
      for (const line of child.lines) {
        const { content, id } = JSON.parse(line) as { content: string; id: number }
        answered.set(content, id)
      }
    }
    await using again = await openDatabase({ dataDir })
    await using opened = await openTestIngest(again.db, dataDir)
    const photos = new Map((await readPhotos(again.db)).map((photo) => [photo.id, photo]))
    expect(answered.size).toBeGreaterThan(80)
    for (const [content, id] of answered) {
      expect(photos.get(id)?.sha256).toBe(sha256(pictureBytes(content)))
      expect(await readFile(await pathOf(await opened.locate(id)))).toEqual(pictureBytes(content))
    }
    for (const photo of photos.values()) expect(await opened.locate(photo.id)).not.toBeNull()
    const steps = await again.db.selectFrom('photo_steps').select('photo_id').execute()
    expect(new Set(steps.map((step) => step.photo_id))).toEqual(new Set(photos.keys()))
  })
})
