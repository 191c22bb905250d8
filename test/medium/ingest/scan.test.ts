/** @file Folders indexed in place: what is new, changed, moved, gone and back; what is left out; what a scan refuses to believe. */

import { appendFile, chmod, mkdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import { render } from '../../../src/contract/messages/message.ts'
import { PHOTO_FORMATS } from '../../../src/contract/words.ts'
import { pathOf } from '../../support/blobs.ts'
import { setUpFolderLibrary } from '../../support/folder-library.ts'
import { pictureBytes, putFile, readFiles, readPhotos, type TestIngest } from '../../support/ingest.ts'
import { heicPath, photoPath } from '../../support/pictures.ts'

const library = setUpFolderLibrary()
const { put } = library
let ingest: TestIngest
let folder: string
let source: number
beforeEach(async () => {
  folder = library.folder
  ingest = await library.openIngest()
  source = (await ingest.addFolder(folder)).id
})

const paths = () => library.listPaths(source)

describe('a scan', () => {
  test('takes every picture below the folder, once, and again changes nothing', async () => {
    await put('a.jpg')
    await put('2024/b.jpg')
    await put('2024/deep/er/c.jpg')
    await put('2024/copy of b.jpg', '2024/b.jpg')
    await putFile(folder, 'notes.txt', 'no picture')
    const first = await ingest.scan(source)
    expect(first).toMatchObject({ seen: 4, added: 3, duplicates: 1, failed: 0, ignored: 1, missing: 0, notice: null })
    expect(await paths()).toEqual(['2024/b.jpg', '2024/copy of b.jpg', '2024/deep/er/c.jpg', 'a.jpg'])
    expect(ingest.fresh).toHaveLength(3)
    expect((await ingest.sources()).find((one) => one.id === source)).toMatchObject({
      photos: 3,
      missing: 0,
      scanned_at: expect.any(String),
    })
    expect(await ingest.scan(source)).toMatchObject({ seen: 4, added: 0, duplicates: 0, unchanged: 4, ignored: 1, notice: null })
    expect(ingest.fresh).toHaveLength(3)
  })

  test('sorts new photos by the time of the file', async () => {
    await put('a.jpg')
    await utimes(join(folder, 'a.jpg'), new Date('2019-07-03T12:00:00'), new Date('2019-07-03T12:00:00'))
    await ingest.scan(source)
    expect(await library.db.selectFrom('photos').select(['sort_at', 'day']).executeTakeFirst()).toEqual({
      sort_at: new Date('2019-07-03T12:00:00Z'), // the wall clock here, read as UTC
      day: '2019-07-03',
    })
  })

  test('goes by content, not by name; what only calls itself a picture fails with the reason', async () => {
    await put('picture without extension')
    await put('really-a-jpeg.txt')
    await putFile(folder, 'empty.jpg', '')
    await putFile(folder, 'text.PNG', 'this is text')
    await putFile(folder, 'movie.mp4', 'not a picture at all')
    await putFile(folder, 'huge.jpg', pictureBytes('x'.repeat(100_000)))
    const report = await ingest.scan(source)
    expect(report).toMatchObject({ added: 2, failed: 3, ignored: 1 })
    const failed = (await readPhotos(library.db)).filter((photo) => photo.state === 'failed')
    expect(Object.fromEntries(failed.map((photo) => [photo.filename, render(photo.reason)]))).toEqual({
      'empty.jpg': expect.stringContaining('empty'),
      'huge.jpg': expect.stringContaining('the maximum upload size is 100 kB'),
      'text.PNG': expect.stringContaining('not a picture'),
    })
    expect(failed.every((photo) => photo.format === null)).toBe(true)
    expect(ingest.fresh).toHaveLength(2)
    expect(await ingest.scan(source)).toMatchObject({ added: 0, failed: 0, unchanged: 5 })
  })

  test('a failed file that was mended becomes a photo, and the failure does not stay behind', async () => {
    await putFile(folder, 'a.jpg', 'half a copy')
    await put('b.jpg')
    await ingest.scan(source)
    await put('a.jpg', 'whole now')
    expect(await ingest.scan(source)).toMatchObject({ changed: 1, failed: 0 })
    expect((await readPhotos(library.db)).map((photo) => [photo.filename, photo.state])).toEqual([
      ['b.jpg', 'pending'],
      ['a.jpg', 'pending'],
    ])
  })

  test('a file above the limit is taken once the limit allows it', async () => {
    await putFile(folder, 'huge.jpg', pictureBytes('x'.repeat(100_000)))
    await ingest.scan(source)
    await using roomier = await library.openIngest({ limits: { maxBytes: 1_000_000, formats: ['jpeg'] } })
    await roomier.scan(source)
    expect((await readPhotos(library.db)).map((photo) => photo.state)).toEqual(['pending'])
  })

  test('formats that are switched off are left alone', async () => {
    await using only = await library.openIngest({ limits: { maxBytes: 1000, formats: ['png'] } })
    await put('a.jpg')
    expect(await only.scan(source)).toMatchObject({ added: 0, failed: 0, ignored: 1 })
  })

  test('hidden and system files and folders are ignored', async () => {
    for (const path of [
      '.hidden.jpg',
      '._a.jpg',
      '.fototeca/x.jpg',
      '@eaDir/a.jpg/SYNOPHOTO.jpg',
      'Thumbs.db',
      'desktop.ini',
      '#recycle/old.jpg',
      '__MACOSX/._a.jpg',
      '$RECYCLE.BIN/b.jpg',
      'System Volume Information/c.jpg',
      'lost+found/d.jpg',
    ])
      await put(path)
    await put('seen.jpg')
    expect(await ingest.scan(source)).toMatchObject({ seen: 1, added: 1, ignored: 11 })
    expect(await paths()).toEqual(['seen.jpg'])
  })

  test('links: loops end, a folder linked twice is entered once, links that lead nowhere are ignored', async () => {
    await put('real/a.jpg')
    await symlink('..', join(folder, 'real', 'loop'))
    await symlink('real', join(folder, 'zz same folder'))
    await symlink('real/a.jpg', join(folder, 'same file.jpg'))
    await symlink('nowhere.jpg', join(folder, 'broken.jpg'))
    await symlink('self', join(folder, 'self'))
    expect(await ingest.scan(source)).toMatchObject({ added: 1, duplicates: 1, skipped_links: { count: 0 }, notice: null })
    expect(await paths()).toEqual(['real/a.jpg', 'same file.jpg'])
  })

  test('a pipe in the folder does not stop it', async () => {
    const { execFileSync } = await import('node:child_process')
    execFileSync('mkfifo', [join(folder, 'pipe.jpg')])
    await put('a.jpg')
    expect(await ingest.scan(source)).toMatchObject({ added: 1, ignored: 1 })
  })

  test('hostile names: newlines, quotes, very long, other scripts; what is not UTF-8 is said, not taken', async () => {
    const names = [
      'new\nline.jpg',
      'quote\' " \\ ; drop table photos.jpg',
      '%s%n.jpg',
      '漢字 😀 é.jpg',
      ' lead and trail .jpg',
      `${'x'.repeat(251)}.jpg`,
      '-rf.jpg',
    ]
    for (const name of names) await put(name)
    await writeFile(Buffer.concat([Buffer.from(`${folder}/bad-`), Buffer.from([0xff, 0xfe]), Buffer.from('.jpg')]), pictureBytes('bad'))
    await mkdir(Buffer.concat([Buffer.from(`${folder}/folder-`), Buffer.from([0xe9])]))
    const report = await ingest.scan(source)
    expect(report).toMatchObject({ added: names.length, notice: expect.stringContaining('2 names are not valid UTF-8') })
    expect((await paths()).sort()).toEqual([...names].sort())
    for (const photo of await readPhotos(library.db))
      expect(await readFile(await pathOf(await ingest.locate(photo.id)))).toEqual(pictureBytes(photo.filename))
  })

  test('a file that is being written is not taken yet, and said', async () => {
    // far above any pause that a busy machine makes between two pieces
    await using patient = await library.openIngest({ settleMs: 3000 })
    await put('done.jpg')
    await putFile(folder, 'growing.jpg', pictureBytes('first part'), 0)
    let isGrowing = true
    const grow = async () => {
      for (; isGrowing; await sleep(20)) await appendFile(join(folder, 'growing.jpg'), 'more')
    }
    const grown = grow()
    try {
      expect(await patient.scan(source)).toMatchObject({ added: 1, notice: expect.stringContaining('being written') })
    } finally {
      isGrowing = false
      await grown
    }
    expect(await paths()).toEqual(['done.jpg'])
    await put('growing.jpg')
    expect(await patient.scan(source)).toMatchObject({ added: 1, notice: null })
  })

  test('can be stopped, and goes on where it was', async () => {
    for (let index = 0; index < 100; index++) await put(`${index}.jpg`)
    const stop = new AbortController()
    // it wakes the pipeline after each transaction
    await using stopped = await library.openIngest({ wake: () => stop.abort(new Error('stopped')) })
    await expect(stopped.scan(source, { signal: stop.signal })).rejects.toThrow('stopped')
    expect(stopped.scanning()).toEqual([])
    const before = (await readPhotos(library.db)).length
    expect(before).toBeGreaterThan(0)
    expect(before).toBeLessThan(100)
    expect(await ingest.scan(source)).toMatchObject({ added: 100 - before })
    expect(ingest.scanning()).toEqual([])
  })

  test('gives the first photos to the pipeline while it goes on', async () => {
    for (let index = 0; index < 60; index++) await put(`${index}.jpg`)
    const counts: number[] = []
    await using watched = await library.openIngest({ wake: () => counts.push(watched.scanning()[0]?.seen ?? -1) })
    await watched.scan(source)
    expect(counts.length).toBeGreaterThan(2)
    expect(counts[0]).toBeLessThan(60)
  })
})

describe('files that move, change, vanish and return', () => {
  beforeEach(async () => {
    for (const name of ['a', 'b', 'c', 'd']) await put(`${name}.jpg`)
    await ingest.scan(source)
  })
  const idOf = async (path: string) => (await readFiles(library.db, source)).find((file) => file.path === path)?.photoId

  test('a moved and renamed file keeps its photo and everything known of it', async () => {
    const id = await idOf('a.jpg')
    await library.db.insertInto('photo_tags').values({ photo_id: id!, tag: 'cat', said_by: 'test', confidence: 1 }).execute()
    await mkdir(join(folder, 'new place'))
    await rename(join(folder, 'a.jpg'), join(folder, 'new place', 'other name.jpg'))
    expect(await ingest.scan(source)).toMatchObject({ moved: 1, added: 0, missing: 0, unchanged: 3 })
    expect(await idOf('new place/other name.jpg')).toBe(id)
    expect((await readPhotos(library.db)).find((photo) => photo.id === id)).toMatchObject({
      filename: 'other name.jpg',
      missing_since: null,
    })
    expect(await library.db.selectFrom('photo_tags').selectAll().execute()).toHaveLength(1)
    expect(await pathOf(await ingest.locate(id!))).toBe(join(folder, 'new place', 'other name.jpg'))
    expect(ingest.fresh).toHaveLength(4)
  })

  test('a whole library moved into a new folder moves, and trips no breaker', async () => {
    const ids = await Promise.all(['a', 'b', 'c', 'd'].map((name) => idOf(`${name}.jpg`)))
    await mkdir(join(folder, '2025'))
    for (const name of ['a', 'b', 'c', 'd']) await rename(join(folder, `${name}.jpg`), join(folder, '2025', `${name}.jpg`))
    expect(await ingest.scan(source)).toMatchObject({ moved: 4, added: 0, missing: 0, notice: null })
    expect(await Promise.all(['a', 'b', 'c', 'd'].map((name) => idOf(`2025/${name}.jpg`)))).toEqual(ids)
  })

  test('files that swap names keep their photos', async () => {
    const [a, b] = [await idOf('a.jpg'), await idOf('b.jpg')]
    await rename(join(folder, 'a.jpg'), join(folder, 'x'))
    await rename(join(folder, 'b.jpg'), join(folder, 'a.jpg'))
    await rename(join(folder, 'x'), join(folder, 'b.jpg'))
    await utimes(join(folder, 'a.jpg'), new Date(1e12), new Date(1e12))
    await utimes(join(folder, 'b.jpg'), new Date(1.1e12), new Date(1.1e12))
    await ingest.scan(source)
    expect([await idOf('b.jpg'), await idOf('a.jpg')]).toEqual([a, b])
    expect((await readPhotos(library.db)).filter((photo) => photo.missing_since !== null)).toEqual([])
  })

  test('a vanished file is marked, not deleted; back again it is unmarked', async () => {
    const id = await idOf('a.jpg')
    await rm(join(folder, 'a.jpg'))
    expect(await ingest.scan(source)).toMatchObject({ missing: 1, unchanged: 3, notice: null })
    expect(await paths()).toEqual(['(a.jpg)', 'b.jpg', 'c.jpg', 'd.jpg'])
    expect((await readPhotos(library.db)).find((photo) => photo.id === id)?.missing_since).toBeInstanceOf(Date)
    expect(await ingest.locate(id!)).toBeNull()
    await put('a.jpg')
    await ingest.scan(source)
    expect(await paths()).toEqual(['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'])
    expect((await readPhotos(library.db)).find((photo) => photo.id === id)?.missing_since).toBeNull()
  })

  test('a copy that vanishes leaves the photo present', async () => {
    await put('copy.jpg', 'a.jpg')
    await ingest.scan(source)
    await rm(join(folder, 'a.jpg'))
    expect(await ingest.scan(source)).toMatchObject({ missing: 1 })
    expect((await readPhotos(library.db)).filter((photo) => photo.missing_since !== null)).toEqual([])
  })

  test('other bytes under the same name are another photo; the old one is marked', async () => {
    const id = await idOf('a.jpg')
    await put('a.jpg', 'edited')
    expect(await ingest.scan(source)).toMatchObject({ changed: 1, added: 0, unchanged: 3 })
    expect(await idOf('a.jpg')).not.toBe(id)
    expect((await readPhotos(library.db)).find((photo) => photo.id === id)?.missing_since).toBeInstanceOf(Date)
  })

  test('a new time on the same bytes is nothing new', async () => {
    await utimes(join(folder, 'a.jpg'), new Date(1e12), new Date(1e12))
    expect(await ingest.scan(source)).toMatchObject({ unchanged: 4, changed: 0 })
    expect(ingest.fresh).toHaveLength(4)
  })

  test('an empty folder (an unmounted disk) changes nothing and says so; force accepts it', async () => {
    await rename(folder, `${folder}-elsewhere`)
    await mkdir(folder)
    const report = await ingest.scan(source)
    expect(report).toMatchObject({
      missing: 0,
      notice: expect.stringMatching(/none of 4 known files are there.*Nothing was changed.*force/),
    })
    expect(await paths()).toEqual(['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'])
    expect(report.messages).toEqual([{ code: 'folder.many-gone', params: { folder, known: 4, gone: 4 } }])
    expect((await ingest.sources()).find((one) => one.id === source)).toMatchObject({ notice: report.notice, messages: report.messages })
    await rm(folder, { recursive: true })
    expect((await ingest.scan(source, { force: true })).notice).toContain('is not there')
    expect(await paths()).toEqual(['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'])
    await mkdir(folder)
    expect(await ingest.scan(source, { force: true })).toMatchObject({ missing: 4, notice: null })
    await rm(folder, { recursive: true })
    await rename(`${folder}-elsewhere`, folder)
    expect(await ingest.scan(source)).toMatchObject({ returned: 4, added: 0, notice: null })
    expect((await ingest.sources()).find((one) => one.id === source)).toMatchObject({ missing: 0, notice: null })
  })

  test('many files gone at once change nothing, not even what else is new', async () => {
    for (let index = 0; index < 70; index++) await put(`many/${index}.jpg`)
    await ingest.scan(source)
    await rename(join(folder, 'many'), join(folder, '.unmounted'))
    await put('new.jpg')
    expect(await ingest.scan(source)).toMatchObject({ missing: 0, added: 0, notice: expect.stringContaining('only 4 of 74') })
    expect((await paths()).filter((path) => path.startsWith('('))).toEqual([])
    await rename(join(folder, '.unmounted'), join(folder, 'many'))
    expect(await ingest.scan(source)).toMatchObject({ missing: 0, added: 1, unchanged: 74, notice: null })
  })

  test.skipIf(process.getuid?.() === 0)(
    'what lies behind a folder that cannot be read is not taken for gone',
    { meta: { needs: 'a user who is not root' } },
    async () => {
      await put('closed/e.jpg')
      await ingest.scan(source)
      await chmod(join(folder, 'closed'), 0)
      expect(await ingest.scan(source)).toMatchObject({ missing: 0, notice: expect.stringContaining('cannot be read') })
      await chmod(join(folder, 'closed'), 0o755)
    },
  )
})

describe('adding a folder', () => {
  test('twice is one source; inside one that is indexed is that one', async () => {
    await mkdir(join(folder, 'inner'))
    expect((await ingest.addFolder(`${folder}/`)).id).toBe(source)
    expect((await ingest.addFolder(join(folder, 'inner'))).id).toBe(source)
    const link = `${folder}-link`
    await symlink(folder, link)
    expect((await ingest.addFolder(link)).id).toBe(source)
    await rm(link)
  })

  test('around folders that are indexed takes their place: nothing is listed twice, nothing is read again, photos stay', async () => {
    await put('trip/a.jpg')
    await put('trip/day/trip/a.jpg', 'same path, one deeper')
    await put('work/b.jpg')
    await put('.private/c.jpg')
    await library.db.deleteFrom('sources').where('id', '=', source).execute() // the folders in it come first
    const ids: number[] = []
    for (const name of ['trip', 'work', '.private']) {
      const { id } = await ingest.addFolder(join(folder, name))
      await ingest.scan(id)
      ids.push(id)
    }
    const [trip, work, hidden] = ids
    const before = await readPhotos(library.db)
    expect(before).toHaveLength(4)
    const wide = await ingest.addFolder(folder)
    expect(wide).toMatchObject({ path: folder, photos: 3, missing: 0 })
    expect((await ingest.sources()).flatMap((one) => (one.kind === 'folder' ? [one.id] : []))).toEqual([hidden, wide.id])
    expect((await readFiles(library.db, wide.id)).map((file) => file.path)).toEqual(['trip/a.jpg', 'trip/day/trip/a.jpg', 'work/b.jpg'])
    expect(await ingest.scan(wide.id)).toMatchObject({ seen: 3, added: 0, unchanged: 3, missing: 0, notice: null })
    expect(await readPhotos(library.db)).toEqual(before)
    for (const gone of [trip, work]) await expect(ingest.scan(gone as number)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('in a hidden folder of one that is indexed is a source of its own, because no scan of the other comes there', async () => {
    await put('.private/c.jpg')
    const { id } = await ingest.addFolder(join(folder, '.private'))
    expect(id).not.toBe(source)
    expect(await ingest.scan(id)).toMatchObject({ added: 1 })
    expect(await ingest.scan(source)).toMatchObject({ seen: 0, missing: 0 })
  })

  test.each([
    ['that is not there', () => join(folder, 'nowhere'), 'there is no folder'],
    ['that is a file', () => join(folder, 'file.jpg'), 'is a file'],
    ['inside our own data', () => join(library.dataDir, 'originals'), 'data folder'],
    ['around our own data', () => library.base, 'data folder'],
  ])('%s is refused', async (_name, path, words) => {
    await put('file.jpg')
    await expect(ingest.addFolder(path())).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining(words) })
  })

  test('an unknown source, and the uploads, cannot be scanned', async () => {
    await expect(ingest.scan(4711)).rejects.toMatchObject({ code: 'not_found' })
    await expect(ingest.scan(1)).rejects.toMatchObject({ code: 'invalid' })
  })
})

test('of real and broken pictures each ends as a photo, a failure with its reason, or ignored', async () => {
  await using large = await library.openIngest({ limits: { maxBytes: 500_000_000, formats: PHOTO_FORMATS } })
  const jpeg = await readFile(photoPath('boats'))
  await putFile(folder, 'boats.jpg', jpeg)
  await putFile(folder, 'boats again.png', jpeg)
  await putFile(folder, 'coffee.heic', await readFile(heicPath('coffee')))
  await putFile(folder, 'half.jpg', jpeg.subarray(0, jpeg.length / 2)) // taken here: it is the analysis that finds out
  await putFile(folder, 'page.jpg', '<!doctype html><script>alert(1)</script>')
  await putFile(folder, 'drawing.png', '<svg xmlns="http://www.w3.org/2000/svg"/>')
  await putFile(folder, 'empty.webp', '')
  await putFile(folder, 'film.jpg', Buffer.from('\0\0\0\x18ftypisom\0\0\x02\0isomiso2mp41', 'latin1'))
  await putFile(folder, 'archive.zip', 'PK')
  const report = await large.scan(source)
  expect(report).toMatchObject({ seen: 8, added: 3, duplicates: 1, failed: 4, ignored: 1 })
  const failed = (await readPhotos(library.db)).filter((photo) => photo.state === 'failed')
  const reasons = Object.fromEntries(failed.map(({ filename, reason }) => [filename, render(reason)]))
  expect(reasons).toEqual({
    'page.jpg': expect.stringContaining('HTML'),
    'drawing.png': expect.stringContaining('SVG'),
    'empty.webp': expect.stringContaining('empty'),
    'film.jpg': expect.stringContaining('video'),
  })
})
