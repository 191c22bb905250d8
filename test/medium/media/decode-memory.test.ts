/** @file Decodes stay within their budget: what would pass it is refused by its header, what does not fit now waits, here and in child processes. */
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { PhotoFormat } from '../../../src/contract/words.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { decodePicture } from '../../../src/media/decode.ts'
import { DecodeBudget, defaultDecodeBytes, setDecodeMemory } from '../../../src/media/decode-memory.ts'
import { endHeif } from '../../../src/media/heif.ts'
import { BUILT_IN } from '../../../src/models/registry.ts'
import { ProcessModel } from '../../../src/models/workers/process-model.ts'
import { Analyser } from '../../../src/pipeline/analyser/client.ts'
import type { StepOutcome } from '../../../src/pipeline/analyser/protocol.ts'
import { createProbe } from '../../../src/product/probe/client.ts'
import { CHILD_ENVIRONMENT } from '../../support/child-environment.ts'
import { makeGrid, makePng, makeZeroBomb, takeTile } from '../../support/hostile-containers.ts'
import { LIMITS } from '../../support/media.ts'
import { heicPath } from '../../support/pictures.ts'

const MB = 1_000_000
const FOUR_GIB = 600 * MB
const never = () => new AbortController().signal

let dir: string
/** 4096², of tiles of 512² */
let avif: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fototeca-decode-memory-'))
  avif = await put('tiles.avif', await makeAvif(9))
})
afterAll(async () => {
  await endHeif()
  await rm(dir, { recursive: true, force: true })
})
afterEach(() => setDecodeMemory(new DecodeBudget(defaultDecodeBytes())))

async function put(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(dir, name)
  await writeFile(path, bytes)
  return path
}
async function makeAvif(across: number, depth: 8 | 10 = 8): Promise<Buffer> {
  const picture = sharp({ create: { width: 512, height: 512, channels: 3, background: '#7a5' } })
  const tile = takeTile(await picture.avif({ chromaSubsampling: '4:2:0', bitdepth: depth }).toBuffer(), 512, 512)
  const tiles = { rows: across, columns: across, tiles: across ** 2, from: (index: number) => index + 2 }
  return makeGrid({ tile, brand: 'avif', ...tiles })
}
/** The header of a JPEG of three components, and the beginning of its first scan. */
function makeJpegHeader(width: number, height: number, { isProgressive = false, luma = 0x22 } = {}): Buffer {
  const frame = Buffer.from([0xff, isProgressive ? 0xc2 : 0xc0, 0, 17, 8, 0, 0, 0, 0, 3, 1, luma, 0, 2, 0x11, 0, 3, 0x11, 0])
  frame.writeUInt16BE(height, 5)
  frame.writeUInt16BE(width, 7)
  const scan = Buffer.from([0xff, 0xda, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0])
  return Buffer.concat([Buffer.from([0xff, 0xd8]), frame, scan, Buffer.alloc(64)])
}
const makeInterlaced = (side: number, depth: number) =>
  makePng(side, side, { colourType: 2, depth, interlaced: true, rows: makeZeroBomb(1) })

describe('on a machine of 4 GiB', () => {
  test('decodes may take 600 MB together', () => {
    expect(defaultDecodeBytes(4 * 2 ** 30) / MB).toBeCloseTo(600, -1)
    expect(defaultDecodeBytes(2 ** 30)).toBe(300 * MB)
    expect(defaultDecodeBytes(2 ** 40)).toBe(4000 * MB)
  })

  test.each<[string, PhotoFormat, () => Buffer | Promise<Buffer>]>([
    ['an AVIF of 38 MP', 'avif', () => makeAvif(12)],
    ['an AVIF of 26 MP in 10 bits', 'avif', () => makeAvif(10, 10)],
    ['an interlaced PNG of 149 MP in 16 bits', 'png', () => makeInterlaced(12_200, 16)],
    ['a progressive JPEG of 149 MP at 4:4:4', 'jpeg', () => makeJpegHeader(12_200, 12_200, { isProgressive: true, luma: 0x11 })],
  ])('%s is refused by its header, with what it would take and the setting', async (name, format, make) => {
    const budget = new DecodeBudget(FOUR_GIB)
    setDecodeMemory(budget)
    const path = await put(`${name}.${format}`, await make())
    await expect(decodePicture(path, format, LIMITS, never())).rejects.toMatchObject({
      code: 'too_large',
      message: expect.stringMatching(
        /would take about \d+ MB of memory; all decodes together may take 600 MB \(setting FOTOTECA_DECODE_MEMORY_MB\)/,
      ),
    })
    expect(budget.taken).toBe(0)
  })

  test.each<[string, PhotoFormat, () => Buffer | Promise<Buffer>]>([
    ['a baseline JPEG of 100 MP', 'jpeg', () => makeJpegHeader(10_000, 10_000)],
    ['a progressive JPEG of 100 MP at 4:2:0', 'jpeg', () => makeJpegHeader(10_000, 10_000, { isProgressive: true })],
    ['an interlaced PNG of 64 MP in 16 bits', 'png', () => makeInterlaced(8000, 16)],
    ['an AVIF of 17 MP', 'avif', () => makeAvif(8)],
  ])('%s is not refused for its memory', async (name, format, make) => {
    setDecodeMemory(new DecodeBudget(FOUR_GIB))
    const path = await put(`${name}.${format}`, await make())
    // these have little behind their header, and may be found damaged
    const outcome = await decodePicture(path, format, LIMITS, never()).catch((error: { code: string }) => error)
    expect(outcome).not.toHaveProperty('code', 'too_large')
  })

  test('a HEIC of 53 MP, put together of tiles as phones write it, is decoded', async () => {
    setDecodeMemory(new DecodeBudget(FOUR_GIB))
    const tile = takeTile(readFileSync(heicPath('coffee')), 640, 424)
    const path = await put('large.heic', makeGrid({ tile, brand: 'heic', rows: 15, columns: 13, tiles: 195, from: (index) => index + 2 }))
    expect(await decodePicture(path, 'heic', LIMITS, never())).toMatchObject({ width: 8320, height: 6360 })
  })
})

describe('the budget', () => {
  test('is given to who came first; who no longer waits lets the next one through', async () => {
    const budget = new DecodeBudget(100)
    const order: string[] = []
    const leaving = new AbortController()
    const first = await budget.take(60, never())
    const large = budget.take(90, leaving.signal).catch((error: unknown) => error)
    const small = budget.take(30, never()).then((share) => {
      order.push('small')
      return share
    })
    expect(budget.taken).toBe(60)
    leaving.abort(new Error('left'))
    expect(await large).toEqual(new Error('left'))
    const second = await small
    expect(budget.taken).toBe(90)
    first[Symbol.dispose]()
    first[Symbol.dispose]()
    second[Symbol.dispose]()
    expect(budget.taken).toBe(0)
    expect(order).toEqual(['small'])
  })
})

describe.skipIf(process.platform !== 'linux')('a child process', () => {
  const limits = { maxPixels: LIMITS.maxPixels, maxBytes: LIMITS.maxBytes, decodeTimeoutMs: 300_000 }
  const environment = CHILD_ENVIRONMENT
  const options = () => ({ ...limits, thumbnailSize: 400, models: { device: 'cpu' as const, embedding: null, chosen: BUILT_IN } })
  const file = () => ({ path: avif, bounds: null, format: 'avif' as const })

  test('of the analysis decodes three at once within the budget, and waiting is not counted as its time', async () => {
    const budget = new DecodeBudget(450 * MB) // one of these at a time
    setDecodeMemory(budget)
    await using analyser = new Analyser({ options, timeoutOf: () => 300_000, environment, log: silentLog })
    const outcomes: StepOutcome[] = []
    let peak = 0
    await Promise.all(
      [1, 2, 3].map(() =>
        analyser.analyse({ file: file(), steps: ['look'], isSequential: false }, (_, outcome) => {
          outcomes.push(outcome)
          peak = Math.max(peak, readPeak('analyser/child.ts'))
        }),
      ),
    )
    expect(outcomes.map(({ state }) => state)).toEqual(['done', 'done', 'done'])
    // three side by side take over 900 MB
    expect(peak).toBeGreaterThan(200 * MB)
    expect(peak).toBeLessThan(650 * MB)
    await expect.poll(() => budget.taken).toBe(0)
  })

  test('of the probe does so too, and refuses what is beyond it', async () => {
    const budget = new DecodeBudget(450 * MB)
    setDecodeMemory(budget)
    await using probe = createProbe({ options: () => ({ ...limits, device: 'cpu', embedding: null }), environment })
    const ask = (path: string) => probe.ask({ path, format: 'avif', jpegSide: null })
    await Promise.all([ask(avif), ask(avif), ask(avif)])
    expect(readPeak('probe/child.ts')).toBeLessThan(650 * MB)
    const large = await put('larger.avif', await makeAvif(10))
    await expect(ask(large)).rejects.toMatchObject({ code: 'too_large', message: expect.stringContaining('FOTOTECA_DECODE_MEMORY_MB') })
    await expect.poll(() => budget.taken).toBe(0)
  })

  test('of the making of pictures does so too; one that ends takes its picture with it, and no other', async () => {
    const budget = new DecodeBudget(450 * MB)
    setDecodeMemory(budget)
    const settings = { limits: LIMITS, device: 'cpu' }
    const program = new URL('../../../src/generate/render/worker.ts', import.meta.url)
    await using render = new ProcessModel(program, settings, { environment, name: 'the process that makes pictures', ownBytes: 400 * MB })
    const stage = (path: string) =>
      render.call('stage', [
        { original: { path, bounds: null, format: 'avif', cutter: 'built-in' }, side: 512, fill: 0.8, middle: { x: 0.5, y: 0.5 } },
      ])
    const larger = await put('larger-still.avif', await makeAvif(10))
    await expect(stage(larger)).rejects.toMatchObject({ code: 'too_large', message: expect.stringContaining('FOTOTECA_DECODE_MEMORY_MB') })
    // of one colour: it is decoded, and nothing is found in it
    const nothing = { code: 'unreadable_picture' }
    await expect(stage(avif)).rejects.toMatchObject(nothing)
    // held still before it is asked, so that it cannot answer before it ends
    const child = Number(findChild('render/worker.ts'))
    process.kill(child, 'SIGSTOP')
    const cut = expect(stage(avif)).rejects.toMatchObject({ code: 'model_failed' })
    process.kill(child, 'SIGKILL')
    await cut
    await expect(stage(avif)).rejects.toMatchObject(nothing)
    await expect.poll(() => budget.taken).toBe(0)
  })

  test('that ends gives back what it had', async () => {
    const budget = new DecodeBudget(450 * MB)
    setDecodeMemory(budget)
    {
      await using analyser = new Analyser({ options, timeoutOf: () => 300_000, environment, log: silentLog })
      void analyser.analyse({ file: file(), steps: ['look'], isSequential: false }, () => {})
      void analyser.analyse({ file: file(), steps: ['look'], isSequential: false }, () => {})
      await expect.poll(() => budget.taken, { timeout: 150_000 }).toBeGreaterThan(0)
    }
    await expect.poll(() => budget.taken).toBe(0)
  })
})

/** Bytes the child process of this name has held at most. */
function readPeak(program: string): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${findChild(program)}/status`, 'latin1'))?.[1] ?? 0) * 1024
}

function findChild(program: string): string | undefined {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ')
  return children.find((id) => readFileSync(`/proc/${id}/cmdline`, 'latin1').includes(program))
}
