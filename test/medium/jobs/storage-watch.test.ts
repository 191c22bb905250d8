import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { hasReserve, makeReserve, RESERVE_BYTES } from '../../../src/db/reserve.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { StorageWatch, type StorageWatchDeps } from '../../../src/jobs/storage-watch.ts'

let parent: string
let dataDir: string
let watch: StorageWatch | undefined
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'fototeca-watch-'))
  dataDir = join(parent, 'data')
  await mkdir(join(dataDir, 'originals'), { recursive: true })
})
afterEach(async () => {
  await watch?.[Symbol.asyncDispose]()
  await rm(parent, { recursive: true, force: true })
})

async function startWatch(deps: Partial<StorageWatchDeps> = {}): Promise<StorageWatch> {
  watch = new StorageWatch({ dataDir, minFreeBytes: 0, ping: async () => {}, reserve: null, log: silentLog, everyMs: 20, ...deps })
  await watch.start()
  return watch
}
const coded = (code: string) => Object.assign(new Error(code), { code })
const forever = new AbortController().signal

test('all in order: nothing is held, and nothing is written', async () => {
  const storage = await startWatch()
  expect(await storage.check()).toEqual([])
  expect(storage.current()).toBeNull()
  await storage.over(forever)
  expect(await readdir(dataDir)).toEqual(['originals'])
})

test('less room than is kept free is a full disk, said in MB', async () => {
  const storage = await startWatch({ minFreeBytes: Number.MAX_SAFE_INTEGER })
  expect(storage.current()).toMatchObject({
    code: 'disk_full',
    reason: expect.stringMatching(/almost full: \d+ MB free, .*FOTOTECA_MIN_FREE_MB/),
  })
})

test('a folder that is away holds work until the same one is back; another one in its place does not count', async () => {
  const storage = await startWatch()
  await rename(dataDir, join(parent, 'away'))
  expect(await storage.check()).toMatchObject([{ code: 'unavailable', reason: expect.stringContaining('is not there') }])
  let isOver = false
  storage.onOver(() => {
    isOver = true
  })
  await mkdir(dataDir)
  expect(await storage.check()).toMatchObject([{ code: 'unavailable', reason: expect.stringContaining('another folder is now at') }])
  expect(isOver).toBe(false)
  await rm(dataDir, { recursive: true })
  await rename(join(parent, 'away'), dataDir)
  await storage.over(forever)
  expect(isOver).toBe(true)
  expect(storage.current()).toBeNull()
})

test('the same folder by another mount is known by what this process announced in it', async () => {
  await writeFile(join(dataDir, 'server.json'), `${JSON.stringify({ pid: process.pid, url: null })}\n`)
  const storage = await startWatch()
  await rename(dataDir, join(parent, 'away'))
  await mkdir(join(dataDir, 'originals'), { recursive: true })
  await writeFile(join(dataDir, 'server.json'), `${JSON.stringify({ pid: process.pid, url: null })}\n`)
  expect(await storage.check()).toEqual([])
})

test('a database that is only slow is no outage; one that does not answer is, until it does', async () => {
  const slow = Promise.withResolvers<void>()
  let ping: () => Promise<void> = async () => {}
  const storage = await startWatch({ ping: () => ping() })
  ping = () => slow.promise
  expect(await storage.check()).toEqual([])
  expect(storage.current()).toBeNull()
  ping = () => Promise.reject(coded('ECONNREFUSED'))
  slow.resolve()
  await expect.poll(() => storage.current()).toMatchObject({ code: 'unavailable', reason: 'the database does not answer: ECONNREFUSED' })
  ping = async () => {}
  await storage.over(forever)
})

test('an error is held against the disk: a full one is believed, a missing file is not', async () => {
  const storage = await startWatch()
  expect(await storage.judge(coded('ENOENT'))).toBeNull()
  expect(storage.current()).toBeNull()
  expect(await storage.judge(new Error('cannot write', { cause: coded('ENOSPC') }))).toMatchObject({ code: 'disk_full' })
  expect(storage.current()).toMatchObject({ code: 'disk_full' })
  // the disk has room: the next looks find it out by writing, and no later where the clock is set back a day meanwhile
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 86_400_000 })
  try {
    await storage.over(AbortSignal.timeout(60_000))
  } finally {
    vi.useRealTimers()
  }
  expect(await readdir(dataDir)).toEqual(['originals'])
  await rename(dataDir, join(parent, 'away'))
  expect(await storage.judge(coded('ENOENT'))).toMatchObject({ code: 'unavailable' })
})

test.each([
  ['EDQUOT', 'disk_full'],
  ['EROFS', 'unavailable'],
  ['53100', 'disk_full'],
] as const)('%s is an outage too: what was interrupted by it is no failure', async (code, wanted) => {
  const storage = await startWatch()
  expect(await storage.judge(new Error('cannot write', { cause: coded(code) }))).toMatchObject({ code: wanted })
  expect(storage.current()).toMatchObject({ code: wanted })
})

test('EIO is held against the disk only where the data folder shows it: one file may be unreadable', async () => {
  const storage = await startWatch()
  expect(await storage.judge(coded('EIO'))).toBeNull()
  await rename(dataDir, join(parent, 'away'))
  expect(await storage.judge(coded('EIO'))).toMatchObject({ code: 'unavailable' })
})

test('whoever waits for the end stops waiting when told to', async () => {
  const storage = await startWatch({ minFreeBytes: Number.MAX_SAFE_INTEGER })
  const stop = new AbortController()
  const waiting = storage.over(stop.signal)
  stop.abort(new Error('closing'))
  await expect(waiting).rejects.toThrow('closing')
})

test('room for the database is set aside, and again after it was given up', async () => {
  const storage = await startWatch({ minFreeBytes: 1, reserve: { bytes: RESERVE_BYTES, has: hasReserve, make: makeReserve } })
  await expect.poll(() => hasReserve(dataDir)).toBe(true)
  const { size, blocks } = await stat(join(dataDir, 'reserve'))
  expect(size).toBe(RESERVE_BYTES)
  expect(blocks * 512).toBeGreaterThanOrEqual(RESERVE_BYTES)
  await rm(join(dataDir, 'reserve'))
  await storage.check()
  await expect.poll(() => hasReserve(dataDir)).toBe(true)
})
