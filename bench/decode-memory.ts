/**
 * @file What decodes take at their peak, each alone in a process, beside what is estimated from its header; three at once, with and without
 * a budget; and the real program at each of its doors (`decode-doors.ts`).
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtempDisposable, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Sharp } from 'sharp'
import { NATIVE_HEAP } from '../src/config/process-memory.ts'
import type { PhotoFormat } from '../src/contract/words.ts'
import { decodePicture } from '../src/media/decode.ts'
import { estimateDecodeBytes } from '../src/media/decode-cost.ts'
import { DecodeBudget, setDecodeMemory } from '../src/media/decode-memory.ts'
import { sharp } from '../src/media/sharp.ts'
import { runDoors } from './decode-doors.ts'
import type { Benchmark, Row } from './row.ts'

const SIDE = 4000
const LIMITS = { maxPixels: 150_000_000, maxBytes: 500_000_000 }
const FOUR_GIB = 600_000_000

const plain = (channels: 3 | 4 = 3): Sharp =>
  sharp({ create: { width: SIDE, height: SIDE, channels, background: channels === 4 ? { r: 99, g: 60, b: 20, alpha: 0.5 } : '#964' } })
const noise = (): Sharp =>
  sharp({ create: { width: SIDE, height: SIDE, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 40 } } })

const KINDS: readonly (readonly [name: string, format: PhotoFormat, make: () => Sharp])[] = [
  ['JPEG, baseline', 'jpeg', () => plain().jpeg()],
  ['JPEG, progressive 4:2:0', 'jpeg', () => plain().jpeg({ progressive: true })],
  ['JPEG, progressive 4:4:4', 'jpeg', () => plain().jpeg({ progressive: true, chromaSubsampling: '4:4:4' })],
  ['JPEG, progressive CMYK', 'jpeg', () => plain().toColourspace('cmyk').jpeg({ progressive: true })],
  ['PNG, 8 bits', 'png', () => plain().png({ compressionLevel: 1 })],
  ['PNG, 16 bits', 'png', () => plain().toColourspace('rgb16').png({ compressionLevel: 1 })],
  ['PNG, 8 bits, interlaced', 'png', () => plain().png({ compressionLevel: 1, progressive: true })],
  ['PNG, 16 bits, interlaced', 'png', () => plain().toColourspace('rgb16').png({ compressionLevel: 1, progressive: true })],
  ['PNG, 16 bits, alpha, interlaced', 'png', () => plain(4).toColourspace('rgb16').png({ compressionLevel: 1, progressive: true })],
  ['WebP, lossy', 'webp', () => noise().webp({ effort: 0 })],
  ['WebP, lossy, alpha', 'webp', () => plain(4).webp({ effort: 0 })],
  ['WebP, lossless', 'webp', () => noise().webp({ lossless: true, effort: 0 })],
  ['TIFF, strips', 'tiff', () => plain().tiff({ compression: 'lzw' })],
  [
    'TIFF, 16 bits, tiles of 1024',
    'tiff',
    () => plain().toColourspace('rgb16').tiff({ compression: 'lzw', tile: true, tileWidth: 1024, tileHeight: 1024 }),
  ],
  ['GIF', 'gif', () => plain().gif({ effort: 1 })],
  ['AVIF, 8 bits 4:2:0', 'avif', () => plain().avif({ effort: 0, chromaSubsampling: '4:2:0' })],
  ['AVIF, 8 bits 4:4:4', 'avif', () => plain().avif({ effort: 0, chromaSubsampling: '4:4:4' })],
  ['AVIF, 10 bits 4:4:4, alpha', 'avif', () => plain(4).avif({ effort: 0, bitdepth: 10, chromaSubsampling: '4:4:4' })],
]

const [, , path, format, at, budget] = process.argv
// as a child: decodes so many at once, and says the most it held beyond what it held before
if (path && format && process.env.FOTOTECA_BENCH_DECODE) {
  setDecodeMemory(new DecodeBudget(Number(budget)))
  // what a first decode loads is no part of it
  await sharp(
    await sharp({ create: { width: 64, height: 64, channels: 3, background: '#123' } })
      .png()
      .toBuffer(),
  )
    .raw()
    .toBuffer()
  const held = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'latin1'))?.[1]) * 1024
  const before = held('VmRSS')
  const all = Array.from({ length: Number(at) }, () => decodePicture(path, format as PhotoFormat, LIMITS, new AbortController().signal))
  await Promise.all(all)
  process.stdout.write(String(held('VmHWM') - before))
  process.exit(0)
}

/** NaN where the child gave up: on a busy machine a slow kind may take longer than a decode may. */
function measure(file: string, kind: PhotoFormat, count: number, bytes: number): number {
  const env = { ...process.env, ...NATIVE_HEAP, FOTOTECA_BENCH_DECODE: '1' }
  const args = ['--disable-warning=ExperimentalWarning', import.meta.filename, file, kind, String(count), String(bytes)]
  try {
    return Number(execFileSync(process.execPath, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  } catch {
    return Number.NaN
  }
}

export async function run(): Promise<Benchmark> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'fototeca-decode-memory-'))
  const rows: Row[] = []
  const row = (label: string, bytes: number) => rows.push({ label, value: Math.round(bytes / 1_000_000), unit: 'MB' })
  for (const [name, kind, make] of KINDS) {
    const file = join(folder.path, `${name}.${kind}`)
    await make().toFile(file)
    const header = await sharp(file).metadata()
    row(`${name}, 16 MP: estimated`, await estimateDecodeBytes({ format: kind, from: file, size: (await stat(file)).size, header }))
    row(`${name}, 16 MP: peak`, measure(file, kind, 1, Number.MAX_SAFE_INTEGER))
    if (!name.startsWith('AVIF, 8 bits 4:2:0')) continue
    row('three of these at once, without a budget: peak', measure(file, kind, 3, Number.MAX_SAFE_INTEGER))
    row('three of these at once, with the budget of a machine of 4 GiB: peak', measure(file, kind, 3, FOUR_GIB))
  }
  const doors = await runDoors()
  const notes = ['peaks of single decodes are of the process that decodes, beyond what it held before; Linux only', ...doors.notes]
  return { name: 'decode-memory', rows: [...rows, ...doors.rows], notes }
}
