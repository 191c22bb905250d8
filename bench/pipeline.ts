/**
 * @file The whole pipeline over 12-megapixel pictures, one of five a page of text: seconds per photo, peak memory, event loop.
 * Beside it the naive way on the same machine: each step decodes for itself, one after another, one photo at a time.
 * `BENCH_PHOTOS` sets the number of photos (default 100).
 */

import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createApp } from '../src/app.ts'
import { loadConfig } from '../src/config/load.ts'
import { STEP_NAMES } from '../src/contract/words.ts'
import { OWNER } from '../src/domain/actor.ts'
import { silentLog } from '../src/domain/log.ts'
import { EVERY_PHOTO } from '../src/domain/visibility.ts'
import { decodePicture } from '../src/media/decode.ts'
import { NoModel } from '../src/models/model-set.ts'
import { BUILT_IN, createModels } from '../src/models/registry.ts'
import { DuplicateIndex } from '../src/pipeline/steps/duplicates/duplicate-index.ts'
import { createSteps } from '../src/pipeline/steps.ts'
import { modelPath } from '../test/support/shared.ts'
import { watchEventLoop } from './event-loop.ts'
import { startMemorySampler } from './memory-sampler.ts'
import type { TreeMemory } from './process-memory.ts'
import type { Benchmark } from './row.ts'
import { ensureTwelveMegapixels } from './twelve-megapixels.ts'

const NAIVE_PHOTOS = 10
/** Memory is flat when its peak is the same over each of these parts of the photos. */
const QUARTERS = 4

export async function run(): Promise<Benchmark> {
  const count = Number(process.env.BENCH_PHOTOS ?? 100)
  const folder = await ensureTwelveMegapixels(count)
  const whole = await runWhole(folder)
  const naive = await runNaive(folder)
  return {
    name: 'pipeline',
    rows: [
      { label: `${count} photos of 12 MP, 20 % pages of text: wall time per photo`, value: whole.secondsPerPhoto, unit: 's' },
      { label: 'the naive way (decode per step, one after another), per photo', value: naive.secondsPerPhoto, unit: 's' },
      { label: 'naive ÷ ours', value: naive.secondsPerPhoto / whole.secondsPerPhoto, unit: '×' },
      {
        label: 'peak memory of all processes (shared pages counted once)',
        value: Math.max(...whole.peaks.map(({ pss }) => pss)) / 1e6,
        unit: 'MB',
      },
      { label: 'the same, shared pages counted in each', value: Math.max(...whole.peaks.map(({ rss }) => rss)) / 1e6, unit: 'MB' },
      ...whole.peaks.map(({ pss }, quarter) => ({
        label: `peak over photos ${Math.round((count * quarter) / QUARTERS) + 1} to ${Math.round((count * (quarter + 1)) / QUARTERS)}`,
        value: pss / 1e6,
        unit: 'MB',
      })),
      { label: 'event loop of the library: longest delay', value: whole.maxDelayMs, unit: 'ms' },
      { label: '… its own work between two turns, at most', value: whole.maxWorkMs, unit: 'core-ms' },
      { label: 'event loop of the library: p99 delay', value: whole.p99DelayMs, unit: 'ms' },
      { label: 'photos completed', value: whole.completed, unit: '' },
      { label: '… of so many that differ in their bytes', value: whole.different, unit: '' },
    ],
    notes: [`mean ms per step: ${whole.steps}`, `naive mean ms per step: ${naive.steps}`],
  }
}

async function runWhole(folder: string) {
  const dataDir = await mkdtemp(join(tmpdir(), 'fototeca-bench-'))
  const config = loadConfig({}, { dataDir, modelDownload: 'never', watch: 'off' })
  await using memory = startMemorySampler(process.pid)
  const app = await createApp(config, { log: silentLog, webDir: join(import.meta.dirname, '../web/dist') })
  try {
    await app.services.models.importFolder(modelPath('semantic-standin'), 'semantic-standin', false)
    await app.services.models.use('semantic-standin')
    await app.start()
    const delay = monitorEventLoopDelay({ resolution: 5 })
    delay.enable()
    using loop = watchEventLoop()
    const peaks: TreeMemory[] = []
    const startedAt = performance.now()
    const source = await app.services.sources.add(OWNER, folder)
    await app.services.ingest.scan(source.id, { force: false })
    let progress = await app.services.pipeline.progress(EVERY_PHOTO)
    while (progress.due > 0 || progress.photos === 0) {
      await new Promise((resolve) => setTimeout(resolve, 250))
      progress = await app.services.pipeline.progress(EVERY_PHOTO)
      if (peaks.length < QUARTERS - 1 && progress.done >= (progress.photos * (peaks.length + 1)) / QUARTERS) peaks.push(memory.takePeak())
    }
    peaks.push(memory.takePeak())
    const seconds = (performance.now() - startedAt) / 1000
    delay.disable()
    const stats = await app.services.library.stats(EVERY_PHOTO)
    const { partial, failed } = progress
    return {
      secondsPerPhoto: seconds / progress.photos,
      peaks,
      maxDelayMs: delay.max / 1e6,
      maxWorkMs: loop.longestWorkMs,
      p99DelayMs: delay.percentile(99) / 1e6,
      completed: progress.photos - partial - failed,
      different: progress.photos,
      steps: STEP_NAMES.map((name) => `${name} ${stats.steps[name].mean_ms?.toFixed(0) ?? '—'}`).join(', '),
    }
  } finally {
    await app[Symbol.asyncDispose]()
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function runNaive(folder: string) {
  const steps = createSteps({ thumbnailSize: 400, duplicates: { index: new DuplicateIndex(), threshold: 8 } })
  const renditionDir = await mkdtemp(join(tmpdir(), 'fototeca-bench-'))
  await using models = createModels({
    device: 'cpu',
    embedding: { folder: modelPath('semantic-standin') },
    chosen: BUILT_IN,
  })
  const names = (await readdir(folder)).sort().slice(0, NAIVE_PHOTOS)
  const totals = new Map<string, number>()
  const signal = new AbortController().signal
  const analyse = async (name: string) => {
    const path = join(folder, name)
    for (const stepName of STEP_NAMES) {
      const step = steps[stepName]
      if (!step.run) continue
      const startedAt = performance.now()
      const model = step.capability ? await models.get(step.capability) : undefined
      if (model instanceof NoModel) continue
      await step.run({
        file: { path, bounds: null, format: 'jpeg' },
        picture: () => decodePicture(path, 'jpeg', { maxPixels: 150_000_000, maxBytes: 500_000_000 }, signal),
        model,
        signal,
      })
      totals.set(stepName, (totals.get(stepName) ?? 0) + performance.now() - startedAt)
    }
  }
  const [first] = names
  if (first) await analyse(first) // models load at their first use
  totals.clear()
  const startedAt = performance.now()
  for (const name of names) await analyse(name)
  const seconds = (performance.now() - startedAt) / 1000
  await rm(renditionDir, { recursive: true, force: true })
  return {
    secondsPerPhoto: seconds / names.length,
    steps: [...totals].map(([name, ms]) => `${name} ${(ms / names.length).toFixed(0)}`).join(', '),
  }
}
