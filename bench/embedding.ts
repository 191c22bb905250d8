/** @file What embedding costs with the small stand-in model: per picture, per query (cold, warm, remembered), and in memory. */
import { readdirSync, statSync } from 'node:fs'
import { decodePicture } from '../src/media/decode.ts'
import { openEmbeddingModel } from '../src/models/providers/onnx-embedding/open-embedding-model.ts'
import { rememberQueries } from '../src/models/spaces/text-embedder-cache.ts'
import { dataPath, modelPath } from '../test/support/shared.ts'
import type { Benchmark } from './row.ts'

const LIMITS = { maxPixels: 150_000_000, maxBytes: 500_000_000 }
const PICTURES = 40
const QUERIES = 200

export async function run(): Promise<Benchmark> {
  const rssAtStart = process.memoryUsage.rss()
  const folder = modelPath('semantic-standin')
  const model = await openEmbeddingModel(folder, { device: 'cpu' })
  await using image = model.image()
  await using text = rememberQueries(model.text())

  const names = readdirSync(dataPath('labelled-photos/images')).slice(0, PICTURES)
  const pictures = await Promise.all(
    names.map((name) => decodePicture(dataPath('labelled-photos/images', name), 'jpeg', LIMITS, new AbortController().signal)),
  )
  const first = pictures.shift()
  if (!first) throw new Error('no pictures to measure with')
  const coldImage = await measure(() => image.embedImage(first))
  const images: Measured[] = []
  for (const picture of pictures) images.push(await measure(() => image.embedImage(picture)))

  const coldText = await measure(() => text.embedText('two dogs run through the snow'))
  const queries: Measured[] = []
  for (let index = 0; index < QUERIES; index++) queries.push(await measure(() => text.embedText(`a man in a red shirt ${index}`)))
  const kept: Measured[] = []
  for (let index = 0; index < QUERIES; index++) kept.push(await measure(() => text.embedText('two dogs run through the snow')))
  const rss = process.memoryUsage.rss()

  return {
    name: 'embedding',
    rows: [
      { label: 'picture, first (thread and weights are loaded)', value: coldImage.ms, unit: 'ms' },
      { label: 'picture, warm, median', value: median(images.map(({ ms }) => ms)), unit: 'ms' },
      { label: 'picture, warm, processor time', value: mean(images.map(({ cpuMs }) => cpuMs)), unit: 'core-ms' },
      { label: 'query, first', value: coldText.ms, unit: 'ms' },
      { label: 'query, warm, median', value: median(queries.map(({ ms }) => ms)), unit: 'ms' },
      { label: 'query, remembered, median', value: median(kept.map(({ ms }) => ms)), unit: 'ms' },
      { label: 'memory with both towers, above the start', value: (rss - rssAtStart) / 1e6, unit: 'MB' },
    ].map((row) => ({ ...row, value: Math.round(row.value * 1000) / 1000 })),
    notes: [
      `stand-in, ${(statSync(`${folder}/visual/model.onnx`).size / 1e6).toFixed(1)} MB vision tower at 224 px; the time includes scaling from the decoded base`,
    ],
  }
}

interface Measured {
  readonly ms: number
  readonly cpuMs: number
}

async function measure(work: () => Promise<unknown>): Promise<Measured> {
  const cpu = process.cpuUsage()
  const start = performance.now()
  await work()
  const ms = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  return { ms, cpuMs: (user + system) / 1000 }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
