/** @file The real analysis process: what ends it, and what its end leaves behind. */
import { mkdtempDisposable, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { silentLog } from '../../../src/domain/log.ts'
import { BUILT_IN } from '../../../src/models/registry.ts'
import { Analyser } from '../../../src/pipeline/analyser/client.ts'
import type { StepOutcome } from '../../../src/pipeline/analyser/protocol.ts'
import { NEEDS_LINUX } from '../../support/skip-reasons.ts'

it.skipIf(process.platform !== 'linux')(
  'ends with a decode that was given up: its thread would go on with it',
  { meta: NEEDS_LINUX },
  async () => {
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
      environment: { PATH: process.env.PATH },
      log: silentLog,
    })
    const photo = {
      id: 1,
      sha256: '0'.repeat(64),
      bytes: 1,
      format: 'png' as const,
      filename: 'large.png',
      originalPath,
      modifiedMs: 0,
      renditionDir: folder.path,
    }
    let outcome: StepOutcome | undefined
    const end = analyser.analyse({ photo, steps: ['prepare'], isSequential: false }, (_, said) => {
      outcome = said
    })
    const before = await listAnalysers()
    expect(before).toHaveLength(1)
    expect(await end).toEqual({ end: 'finished' })
    expect(outcome).toMatchObject({ state: 'failed', isRetryable: true })
    await expect.poll(listAnalysers).toEqual([])
  },
)

/** Process ids of analysis processes that this one started. */
async function listAnalysers(): Promise<string[]> {
  const threads = await readdir('/proc/self/task')
  const children = await Promise.all(threads.map((thread) => readFile(`/proc/self/task/${thread}/children`, 'utf8')))
  const pids = children.flatMap((line) => line.split(' ')).filter((pid) => pid.trim() !== '')
  const lines = await Promise.all(pids.map(async (pid) => ({ pid, line: await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') })))
  return lines.filter(({ line }) => line.includes('analyser/child.ts')).map(({ pid }) => pid)
}
