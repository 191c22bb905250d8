/** @file A source is its folder: links that lead out of it, into file systems of the kernel, and those that are put in place of a file later. */

import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { EVERY_PHOTO } from '../../../src/domain/visibility.ts'
import { findEntries } from '../../../src/library/downloads.ts'
import { findOriginals } from '../../../src/library/export/find-entries.ts'
import { openInside, readBounds } from '../../../src/storage/bounds.ts'
import { openLibraryBlobs } from '../../../src/storage/library-blobs.ts'
import { setUpFolderLibrary } from '../../support/folder-library.ts'
import { pictureBytes, putFile, readPhotos, type TestIngest } from '../../support/ingest.ts'

const library = setUpFolderLibrary()
const { put } = library
let ingest: TestIngest
let folder: string
let outside: string
let source: number
beforeEach(async () => {
  folder = library.folder
  outside = join(library.base, 'photos of others')
  ingest = await library.openIngest()
  source = (await ingest.addFolder(folder)).id
  await put('own.jpg')
  await putFile(outside, 'b.jpg', pictureBytes('outside'))
})

const paths = () => library.listPaths(source)
const report = async () => (await ingest.sources()).find(({ id }) => id === source)
const link = (target: string, path: string) => symlink(target, join(folder, path))
/** As a library of an earlier version has it: links out of the folder were followed. */
const followAll = () => ingest.addFolder(folder, { followLinks: [outside] })
const followNone = () => ingest.addFolder(folder, { followLinks: [] })

describe('links that lead out of the folder', () => {
  test('are skipped, counted, and named: folders and files', async () => {
    await link(outside, 'album')
    await link(join(outside, 'b.jpg'), 'b.jpg')
    await link('../photos of others/b.jpg', 'relative.jpg')
    await mkdir(join(folder, 'deep'))
    await link('../album', 'deep/by another link')
    const scan = await ingest.scan(source)
    expect(await paths()).toEqual(['own.jpg'])
    expect(scan.skipped_links.count).toBe(4)
    expect(scan.skipped_links.examples).toContainEqual({ path: 'album', target: outside })
    expect(scan.skipped_links.examples).toContainEqual({ path: 'b.jpg', target: join(outside, 'b.jpg') })
    expect(scan.notice).toContain(`4 links lead out of the folder and were skipped ("album" → ${outside}, `)
    expect(await report()).toMatchObject({ skipped_links: { count: 4 }, follow_links: [], notice: scan.notice })
  })

  test('are followed where their target is allowed, and only there; what is no longer allowed becomes missing', async () => {
    const third = join(library.base, 'third')
    await putFile(third, 'c.jpg', pictureBytes('third'))
    await symlink(third, join(outside, 'onwards'))
    await link(outside, 'album')
    await link(third, 'third')
    await link(library.base, 'all of it') // around the allowed target
    await ingest.addFolder(folder, { followLinks: [`${outside}/`] })
    expect((await ingest.scan(source)).skipped_links).toMatchObject({ count: 3 })
    expect(await paths()).toEqual(['album/b.jpg', 'own.jpg'])
    expect(await report()).toMatchObject({ follow_links: [outside] })

    await followNone()
    expect(await ingest.scan(source)).toMatchObject({ missing: 1 })
    expect(await paths()).toEqual(['(album/b.jpg)', 'own.jpg'])
    expect((await readPhotos(library.db)).map(({ missing_since }) => missing_since !== null).sort()).toEqual([false, true])

    await followAll()
    expect(await ingest.scan(source)).toMatchObject({ returned: 1, added: 0 })
    expect(await paths()).toEqual(['album/b.jpg', 'own.jpg'])
  })

  test('many photos that came by such a link before are not lost at once: nothing changes, and why is said', async () => {
    for (let index = 0; index < 20; index++) await putFile(outside, `${index}.jpg`, pictureBytes(`other ${index}`))
    await link(outside, 'album')
    await followAll()
    await ingest.scan(source)
    await followNone()
    const scan = await ingest.scan(source)
    expect(scan).toMatchObject({ missing: 0, notice: expect.stringContaining('only 1 of 22 known files are there') })
    expect(scan.notice).toContain(`1 link leads out of the folder and was skipped ("album" → ${outside})`)
    expect(await report()).toMatchObject({ unconfirmed: 21, missing: 0, skipped_links: { count: 1 } })
    expect(await ingest.scan(source, { force: true })).toMatchObject({ missing: 21 })
    expect(await report()).toMatchObject({ unconfirmed: null, missing: 21 })
  })

  test.each([
    ['what is not there', () => join(library.base, 'nowhere'), 'there is no folder'],
    ['processes', () => '/proc/self', 'file system of the kernel'],
    ['everything, and so its own data', () => '/', 'own data folder'],
  ])('cannot be allowed to lead to %s', async (_, target, words) => {
    const refused = ingest.addFolder(folder, { followLinks: [target()] })
    await expect(refused).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining(words) })
    expect(await report()).toMatchObject({ follow_links: [] })
  })
})

describe('file systems of the kernel', () => {
  test('are never entered by a link, whatever is allowed', async () => {
    await link('/proc/self', 'process')
    await link('/proc/self/root', 'root')
    await link('/proc/self/status', 'status.jpg')
    await link('/sys/kernel', 'kernel')
    await link('/dev/zero', 'endless.jpg')
    await link('loop', 'loop')
    const follow_links = ['/proc', '/sys', '/dev']
    await library.db.updateTable('sources').set({ follow_links }).where('id', '=', source).execute()
    const scan = await ingest.scan(source)
    expect(await paths()).toEqual(['own.jpg'])
    expect(scan.skipped_links.count).toBe(5)
    expect(scan.notice).toContain('into a file system of the kernel')
    expect(scan.notice).toContain('1 link leads out of the folder')
  })

  test.each(['/proc', '/proc/self/task', '/sys', '/dev', '/dev/fd'])('%s cannot be a source', async (path) => {
    await expect(ingest.addFolder(path)).rejects.toMatchObject({ code: 'invalid' })
  })

  test('a source that became one is not read', async () => {
    await library.db.updateTable('sources').set({ path: '/proc/self' }).where('id', '=', source).execute()
    expect(await ingest.scan(source)).toMatchObject({ seen: 0, notice: expect.stringContaining('file system of the kernel') })
  })
})

describe('what is put in place of a file after the scan', () => {
  const swap = async (path: string, target: string) => {
    await rename(join(folder, path), join(library.base, 'aside'))
    await symlink(target, join(folder, path))
  }
  const locate = async () => ingest.locate((await readPhotos(library.db))[0]!.id)

  test('a link out of the folder is no original: not to locate, not to download', async () => {
    await ingest.scan(source)
    const find = async (id: number) =>
      findEntries(await findOriginals({ db: library.db, blobs: await openLibraryBlobs(library) }, EVERY_PHOTO, [id]))
    const entries = await find((await readPhotos(library.db))[0]!.id)
    expect(entries).toHaveLength(1)
    await swap('own.jpg', join(outside, 'b.jpg'))
    expect(await locate()).toBeNull()
    const read = async () => {
      for await (const chunk of entries[0]!.open()) expect.fail(`read ${chunk.length} bytes of another file`)
    }
    await expect(read()).rejects.toThrow('does not lie in its folder any more')
    expect(await find(1)).toEqual([])
    expect(await ingest.scan(source, { force: true })).toMatchObject({ missing: 1, skipped_links: { count: 1 } })
  })

  test('nor is a folder that became one', async () => {
    await put('2024/b.jpg', 'b')
    await rm(join(folder, 'own.jpg'))
    await ingest.scan(source)
    await swap('2024', outside)
    expect(await locate()).toBeNull()
  })

  test('an open file stays the one it was; a pipe does not hold anybody up', async () => {
    const bounds = await readBounds({ root: folder, followLinks: [] })
    {
      await using held = await openInside(join(folder, 'own.jpg'), bounds)
      await swap('own.jpg', join(outside, 'b.jpg'))
      expect(await held?.handle.readFile()).toEqual(pictureBytes('own.jpg'))
      expect(await openInside(join(folder, 'own.jpg'), bounds)).toBeNull()
    }
    const { execFileSync } = await import('node:child_process')
    execFileSync('mkfifo', [join(folder, 'pipe.jpg')])
    expect(await openInside(join(folder, 'pipe.jpg'), bounds)).toBeNull()
    await writeFile(join(folder, 'plain.jpg'), 'x')
    await using plain = await openInside(join(folder, 'plain.jpg'), bounds)
    expect(plain).not.toBeNull()
  })
})
