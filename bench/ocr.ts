/** @file What reading text costs: a receipt, a 12-megapixel photo without text with the gate and without, memory. */
import { readdirSync } from 'node:fs'
import type { Picture } from '../src/media/picture.ts'
import type { TextReader } from '../src/models/ports/capability.ts'
import { createTextReader } from '../src/models/providers/builtin-ocr/index.ts'
import { openTestPicture, pictureOf } from '../test/support/picture.ts'
import { dataPath } from '../test/support/shared.ts'
import type { Benchmark } from './row.ts'

/** Photos without readable text. Enlarged to a 12 MP photo's base, some still warm the detector: the gate lets those through to the whole pass. */
const WITHOUT_TEXT = [
  '000000000139.jpg',
  '000000000802.jpg',
  '000000358427.jpg',
  '000000011813.jpg',
  '000000018575.jpg',
  '000000073326.jpg',
] as const
const REPEATS = 3

export async function run(): Promise<Benchmark> {
  const rssAtStart = process.memoryUsage.rss()
  await using reader = createTextReader()
  // the base of a 12 MP photo, from which every model is fed
  const photos = await Promise.all(
    WITHOUT_TEXT.map(async (name) => (await openTestPicture(dataPath('labelled-photos/images', name))).exact(2400, 1800, 'cover', 'cubic')),
  )
  const [first] = photos
  if (!first) throw new Error('no photos to measure with')
  const cold = await measure(() => reader.readText(pictureOf(first)))

  const stopped: Measured[] = []
  const all: Measured[] = []
  const naive: Measured[] = []
  for (let i = 0; i < REPEATS; i++) {
    for (const photo of photos) {
      let isGated = false
      const measured = await measure(async () => {
        isGated = (await reader.readText(pictureOf(photo))).gated
      })
      all.push(measured)
      if (isGated) stopped.push(measured)
      naive.push(await measureReading(reader, withoutGate(pictureOf(photo))))
    }
  }
  const receipts: Measured[] = []
  for (const name of readdirSync(dataPath('receipts')).filter((file) => file.endsWith('.jpg'))) {
    receipts.push(await measureReading(reader, await openTestPicture(dataPath('receipts', name))))
  }
  const peak = process.resourceUsage().maxRSS / 1024
  return {
    name: 'ocr',
    rows: [
      { label: 'first picture (thread and weights are loaded)', value: cold.ms, unit: 'ms' },
      { label: '12 MP photo stopped at the gate, median', value: median(stopped.map(({ ms }) => ms)), unit: 'ms' },
      { label: '12 MP photo stopped at the gate, processor time', value: mean(stopped.map(({ cpuMs }) => cpuMs)), unit: 'core-ms' },
      { label: '12 MP photos without text, stopped at the gate', value: (100 * stopped.length) / all.length, unit: '%' },
      { label: '12 MP photo without text, gate, all, processor time', value: mean(all.map(({ cpuMs }) => cpuMs)), unit: 'core-ms' },
      { label: '12 MP photo without text, no gate (naive), median', value: median(naive.map(({ ms }) => ms)), unit: 'ms' },
      { label: '12 MP photo without text, no gate (naive), processor time', value: mean(naive.map(({ cpuMs }) => cpuMs)), unit: 'core-ms' },
      { label: 'receipt, mean', value: mean(receipts.map(({ ms }) => ms)) / 1000, unit: 's' },
      { label: 'receipt, processor time, mean', value: mean(receipts.map(({ cpuMs }) => cpuMs)) / 1000, unit: 'core-s' },
      { label: 'receipt, processor time, most', value: Math.max(...receipts.map(({ cpuMs }) => cpuMs)) / 1000, unit: 'core-s' },
      { label: 'memory, peak above the start', value: peak - rssAtStart / 1024 ** 2, unit: 'MB' },
    ].map((row) => ({ ...row, value: Math.round(row.value * 1000) / 1000 })),
    notes: [
      'photos are 2400 × 1800 bases; scaling for the gate is included, decoding is not',
      'processor time includes everything this process did meanwhile',
    ],
  }
}

/** The naive way: the whole detector pass on every picture (the cheap pass sees the whole size, and its answer costs as much). */
function withoutGate(picture: Picture): Picture {
  return { ...picture, fit: (side) => picture.fit(Math.max(side, 960)) }
}

interface Measured {
  readonly ms: number
  readonly cpuMs: number
}

function measureReading(reader: TextReader, picture: Picture): Promise<Measured> {
  return measure(() => reader.readText(picture))
}

async function measure(work: () => Promise<unknown>): Promise<Measured> {
  const cpu = process.cpuUsage()
  const start = performance.now()
  await work()
  const used = process.cpuUsage(cpu)
  return { ms: performance.now() - start, cpuMs: (used.user + used.system) / 1000 }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
