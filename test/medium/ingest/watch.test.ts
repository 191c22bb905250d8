/** @file Watched folders: what is put in, changed, moved or taken away is noticed; without events the folder is polled. */
import { mkdir, open as openFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { IngestDeps } from '../../../src/ingest/ingest.ts'
import { FolderWatch } from '../../../src/ingest/watch-folder.ts'
import { setUpFolderLibrary } from '../../support/folder-library.ts'
import { pictureBytes, putFile, readFiles, type TestIngest } from '../../support/ingest.ts'

/** above the quiet time that is waited for after each sign of a change; polls closer together would put every look off to its longest wait */
const POLL_MS = 1000
/** far above any pause that a busy machine makes between two pieces of a file */
const SETTLE_MS = 5000

const library = setUpFolderLibrary()
let ingest: TestIngest | undefined
let folder: string
let source: number
beforeEach(() => {
  folder = library.folder
})

async function watchFolder(options: Partial<IngestDeps>): Promise<void> {
  ingest = await library.openIngest(options)
  source = (await ingest.addFolder(folder)).id
  await ingest.watchAll()
}
const paths = () => library.listPaths(source)
const waitForPaths = (wanted: string[]) => vi.waitFor(async () => expect(await paths()).toEqual(wanted), { timeout: 60_000, interval: 50 })

describe.each(['auto', 'poll'] as const)('watch: %s', (watch) => {
  test('notices new files, new folders, moves and what is gone', async () => {
    await putFile(folder, 'a.jpg', pictureBytes('a'))
    await putFile(folder, 'stays.jpg', pictureBytes('stays'))
    await watchFolder({ watch, pollMs: POLL_MS })
    expect(await paths()).toEqual(['a.jpg', 'stays.jpg'])

    await putFile(folder, 'b.jpg', pictureBytes('b'), 0)
    await waitForPaths(['a.jpg', 'b.jpg', 'stays.jpg'])

    await putFile(folder, 'new/deep/c.jpg', pictureBytes('c'))
    await waitForPaths(['a.jpg', 'b.jpg', 'new/deep/c.jpg', 'stays.jpg'])
    await putFile(folder, 'new/deep/d.jpg', pictureBytes('d')) // the new folder is watched as well
    await waitForPaths(['a.jpg', 'b.jpg', 'new/deep/c.jpg', 'new/deep/d.jpg', 'stays.jpg'])

    const before = (await readFiles(library.db, source)).find((file) => file.path === 'new/deep/c.jpg')?.photoId
    await rename(join(folder, 'new', 'deep'), join(folder, 'moved'))
    await waitForPaths(['a.jpg', 'b.jpg', 'moved/c.jpg', 'moved/d.jpg', 'stays.jpg'])
    expect((await readFiles(library.db, source)).find((file) => file.path === 'moved/c.jpg')?.photoId).toBe(before)

    await rm(join(folder, 'a.jpg'))
    await waitForPaths(['(a.jpg)', 'b.jpg', 'moved/c.jpg', 'moved/d.jpg', 'stays.jpg'])
  })

  test('waits until a file stops growing', async () => {
    await watchFolder({ watch, pollMs: POLL_MS, settleMs: SETTLE_MS })
    const file = await openFile(join(folder, 'slow.jpg'), 'w')
    await file.write(pictureBytes('start'))
    for (let piece = 0; piece < 25; piece++) {
      await file.write(Buffer.from(`piece ${piece}`))
      await new Promise((done) => setTimeout(done, 100))
      expect(await paths()).toEqual([])
    }
    await file.close()
    await waitForPaths(['slow.jpg'])
    expect(await library.db.selectFrom('photos').select('id').execute()).toHaveLength(1)
  })
})

test('off: nothing is noticed by itself', async () => {
  await watchFolder({ watch: 'off' })
  await putFile(folder, 'a.jpg', pictureBytes('a'))
  await new Promise((done) => setTimeout(done, 1500))
  expect(await paths()).toEqual([])
})

test('without events it polls, and says why', async () => {
  const looked: string[] = []
  const reasons: string[] = []
  using watch = new FolderWatch({
    root: folder,
    mode: 'auto',
    pollMs: 50,
    rescan: async (below) => {
      looked.push(below)
    },
    onFallback: (reason) => reasons.push(reason),
  })
  // a name too long stands for any refusal of the system, as when it has no more watches
  watch.add('x'.repeat(300))
  expect(reasons).toEqual(['ENAMETOOLONG'])
  expect(watch.isPolling).toBe(true)
  await vi.waitFor(() => expect(looked).toContain(''), { timeout: 120_000 })
})

test('an unplugged disk that comes back is looked at again', async () => {
  await putFile(folder, 'a.jpg', pictureBytes('a'))
  await watchFolder({ watch: 'auto', pollMs: POLL_MS })
  await rename(folder, `${folder}-away`)
  await mkdir(folder)
  await vi.waitFor(
    async () => expect((await ingest!.sources()).find((one) => one.id === source)?.notice).toContain('none of 1 known file'),
    {
      timeout: 60_000,
    },
  )
  await rm(folder, { recursive: true })
  await rename(`${folder}-away`, folder)
  await putFile(folder, 'b.jpg', pictureBytes('b'))
  await waitForPaths(['a.jpg', 'b.jpg'])
  // a scan writes its files before its end
  await vi.waitFor(async () => expect((await ingest!.sources()).find((one) => one.id === source)?.notice).toBeNull(), { timeout: 60_000 })
})

test('a folder that is not there at the start is looked at once it is, also before the first regular look', async () => {
  await putFile(folder, 'a.jpg', pictureBytes('a'))
  ingest = await library.openIngest({ watch: 'auto', pollMs: POLL_MS })
  source = (await ingest.addFolder(folder)).id
  await rename(folder, `${folder}-away`)
  await ingest.watchAll()
  expect((await ingest.sources()).find((one) => one.id === source)?.notice).toContain('is not there')
  await rename(`${folder}-away`, folder)
  await waitForPaths(['a.jpg'])
})

test('a folder that was away for a moment only, between two looks, is looked at when it is back', async () => {
  await putFile(folder, 'a.jpg', pictureBytes('a'))
  await watchFolder({ watch: 'auto', pollMs: 5 * POLL_MS })
  const notice = async () => (await ingest!.sources()).find((one) => one.id === source)?.notice
  await rename(folder, `${folder}-away`)
  await vi.waitFor(async () => expect(await notice()).toContain('is not there'), { timeout: 60_000 })
  await rename(`${folder}-away`, folder)
  await vi.waitFor(async () => expect(await notice()).toBeNull(), { timeout: 60_000 })
  await putFile(folder, 'b.jpg', pictureBytes('b'))
  await waitForPaths(['a.jpg', 'b.jpg'])
})
