/** @file The real analysis process: what ends it, and what its end leaves behind. */
import { copyFile, mkdir, mkdtempDisposable, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, expect, it } from 'vitest'
import type { StepName } from '../../../src/contract/words.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { DecodeBudget, defaultDecodeBytes, setDecodeMemory } from '../../../src/media/decode-memory.ts'
import { BUILT_IN } from '../../../src/models/registry.ts'
import { Analyser } from '../../../src/pipeline/analyser/client.ts'
import type { StepOutcome } from '../../../src/pipeline/analyser/protocol.ts'
import { readBounds } from '../../../src/storage/bounds.ts'
import { CHILD_ENVIRONMENT } from '../../support/child-environment.ts'
import { photoPath } from '../../support/pictures.ts'
import { NEEDS_LINUX } from '../../support/skip-reasons.ts'

afterEach(() => setDecodeMemory(new DecodeBudget(defaultDecodeBytes())))

it.skipIf(process.platform !== 'linux')(
  'ends with a decode that was given up, whose thread would go on with it, and its memory is free for others',
  { meta: NEEDS_LINUX },
  async () => {
    const budget = new DecodeBudget(defaultDecodeBytes())
    setDecodeMemory(budget)
    await using folder = await mkdtempDisposable(join(tmpdir(), 'fototeca-analyser-'))
    const originalPath = join(folder.path, 'large.png')
    await sharp({ create: { width: 9000, height: 9000, channels: 3, background: '#808080' } })
      .png()
      .toFile(originalPath)
    await using analyser = new Analyser({
      options: () => ({
        thumbnailSize: 400,
        maxPixels: 100_000_000,
        maxBytes: 1e9,
        decodeTimeoutMs: 1,
        models: { device: 'cpu', embedding: null, chosen: BUILT_IN },
      }),
      timeoutOf: () => 120_000,
      environment: CHILD_ENVIRONMENT,
      log: silentLog,
    })
    const file = { path: originalPath, bounds: null, format: 'png' as const, renditionDir: folder.path }
    let outcome: StepOutcome | undefined
    const end = analyser.analyse({ file, steps: ['prepare'], isSequential: false }, (_, said) => {
      outcome = said
    })
    const before = await listAnalysers()
    expect(before).toHaveLength(1)
    expect(await end).toEqual({ end: 'finished' })
    expect(outcome).toMatchObject({ state: 'failed', isRetryable: true })
    await expect.poll(listAnalysers).toEqual([])
    await expect.poll(() => budget.taken).toBe(0)
  },
)

it('reads no file that a link leads to, put in the place of an original after it was located', async () => {
  await using base = await mkdtempDisposable(join(tmpdir(), 'fototeca-analyser-'))
  const folder = join(base.path, 'photos')
  for (const name of ['photos', 'others']) await mkdir(join(base.path, name))
  const originalPath = join(folder, 'a.jpg')
  const other = join(base.path, 'others', 'b.jpg')
  await copyFile(photoPath('cat'), originalPath)
  await copyFile(photoPath('dogs'), other)
  await using analyser = new Analyser({
    options: () => ({
      thumbnailSize: 400,
      maxPixels: 100_000_000,
      maxBytes: 1e9,
      decodeTimeoutMs: 60_000,
      models: { device: 'cpu', embedding: null, chosen: BUILT_IN },
    }),
    timeoutOf: () => 120_000,
    environment: CHILD_ENVIRONMENT,
    log: silentLog,
  })
  const bounds = await readBounds({ root: folder, followLinks: [] })
  const file = { path: originalPath, bounds, format: 'jpeg' as const, renditionDir: base.path }
  const analyse = async () => {
    const outcomes: Partial<Record<StepName, StepOutcome>> = {}
    await analyser.analyse({ file, steps: ['prepare', 'metadata'], isSequential: false }, (step, said) => {
      outcomes[step] = said
    })
    return outcomes
  }
  expect(await analyse()).toMatchObject({ prepare: { state: 'done' }, metadata: { state: 'done' } })
  await rm(originalPath)
  await symlink(other, originalPath)
  const refused = {
    state: 'failed',
    isRetryable: true,
    reason: { params: { text: expect.stringContaining('does not lie in its folder any more') } },
  }
  expect(await analyse()).toMatchObject({ prepare: refused, metadata: refused })
})

/** Process ids of analysis processes that this one started. */
async function listAnalysers(): Promise<string[]> {
  const threads = await readdir('/proc/self/task')
  const children = await Promise.all(threads.map((thread) => readFile(`/proc/self/task/${thread}/children`, 'utf8')))
  const pids = children.flatMap((line) => line.split(' ')).filter((pid) => pid.trim() !== '')
  const lines = await Promise.all(pids.map(async (pid) => ({ pid, line: await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') })))
  return lines.filter(({ line }) => line.includes('analyser/child.ts')).map(({ pid }) => pid)
}
