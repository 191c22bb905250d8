/** @file A header may lie and a codec may err: a process whose decode takes more memory than was estimated is ended, and nothing else suffers. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { PhotoFormat } from '../../../src/contract/words.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { DecodeBudget, defaultDecodeBytes, setDecodeMemory } from '../../../src/media/decode-memory.ts'
import { BUILT_IN } from '../../../src/models/registry.ts'
import { ProcessModel } from '../../../src/models/workers/process-model.ts'
import { Analyser } from '../../../src/pipeline/analyser/client.ts'
import { createProbe } from '../../../src/product/probe/client.ts'
import { CHILD_ENVIRONMENT } from '../../support/child-environment.ts'
import { makeProgressive } from '../../support/hostile-zoo.ts'
import { LIMITS } from '../../support/media.ts'
import { photoPath } from '../../support/pictures.ts'

const MB = 1_000_000

describe.skipIf(process.platform !== 'linux')('a decode that takes more than was estimated', () => {
  const limits = { maxPixels: LIMITS.maxPixels, maxBytes: LIMITS.maxBytes, decodeTimeoutMs: 300_000 }
  const environment = {
    ...CHILD_ENVIRONMENT,
    NODE_OPTIONS: `--import ${new URL('../../support/estimate-too-little.ts', import.meta.url).href}`,
  }
  const ownBytes = 100 * MB
  const over = { code: 'too_large', message: expect.stringMatching(/needed more memory than \d+ MB.*FOTOTECA_DECODE_MEMORY_MB/) }
  /** takes 384 MB */
  let large: string
  const small = photoPath('cat')
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'fototeca-decode-over-'))
    large = join(dir, 'large.jpg')
    await writeFile(large, await makeProgressive(8000))
  })
  afterAll(() => rm(dir, { recursive: true, force: true }))
  afterEach(() => setDecodeMemory(new DecodeBudget(defaultDecodeBytes())))

  test('ends its process and fails its photo alone, at once; the others are analysed', async () => {
    const budget = new DecodeBudget(60 * MB)
    setDecodeMemory(budget)
    await using analyser = new Analyser({
      options: () => ({ ...limits, thumbnailSize: 400, models: { device: 'cpu', embedding: null, chosen: BUILT_IN } }),
      timeoutOf: () => 300_000,
      environment,
      ownBytes,
      log: silentLog,
    })
    const analyse = async (path: string) => {
      const file = { path, bounds: null, format: 'jpeg' as const }
      const ends: string[] = []
      for (;;) {
        const { end } = await analyser.analyse({ file, steps: ['look'], isSequential: false }, () => {})
        ends.push(end)
        if (end !== 'interrupted') return ends
      }
    }
    const [first, second, third] = await Promise.all([analyse(large), analyse(large), analyse(small)])
    // of two at once it is not known whose it was; they are tried one after another
    expect(first?.at(-1)).toBe('over-memory')
    expect(second?.at(-1)).toBe('over-memory')
    expect(third?.at(-1)).toBe('finished')
    expect([...first, ...second].length).toBeLessThanOrEqual(5)
    expect(await analyse(small)).toEqual(['finished'])
    await expect.poll(() => budget.taken).toBe(0)
  })

  test('is given what the others leave of the budget first', async () => {
    const budget = new DecodeBudget(2000 * MB)
    setDecodeMemory(budget)
    await using probe = createProbe({ options: () => ({ ...limits, device: 'cpu', embedding: null }), environment, ownBytes })
    const medium = join(dir, 'medium.jpg')
    await writeFile(medium, await makeProgressive(6000)) // 216 MB
    await expect(probe.ask({ path: medium, format: 'jpeg', jpegSide: null })).resolves.toMatchObject({ embedding: null })
    await expect.poll(() => budget.taken).toBe(0)
  })

  test('of a picture that was sent for a check is refused, and the others that were sent are answered', async () => {
    setDecodeMemory(new DecodeBudget(60 * MB))
    await using probe = createProbe({ options: () => ({ ...limits, device: 'cpu', embedding: null }), environment, ownBytes })
    const [bad, good] = await Promise.allSettled([
      probe.ask({ path: large, format: 'jpeg', jpegSide: null }),
      probe.ask({ path: small, format: 'jpeg', jpegSide: null }),
    ])
    expect(bad).toMatchObject({ status: 'rejected', reason: over })
    expect(good).toMatchObject({ status: 'fulfilled' })
  })

  test('of a picture that is made fails that one; the next is made by another process', async () => {
    setDecodeMemory(new DecodeBudget(60 * MB))
    const program = new URL('../../../src/generate/render/worker.ts', import.meta.url)
    const settings = { limits: LIMITS, device: 'cpu' }
    await using render = new ProcessModel(program, settings, { environment, name: 'the process that makes pictures', ownBytes })
    const stage = (path: string, format: PhotoFormat) =>
      render.call('stage', [
        { original: { path, bounds: null, format, cutter: 'built-in' }, side: 512, fill: 0.8, middle: { x: 0.5, y: 0.5 } },
      ])
    const outcomes = await Promise.allSettled([stage(large, 'jpeg'), stage(small, 'jpeg')])
    expect(outcomes[0]).toMatchObject({ status: 'rejected', reason: over })
    // a cat on a sofa is no product before a plain background; it was looked at
    expect(outcomes[1]).not.toMatchObject({ reason: { code: 'too_large' } })
    expect(outcomes[1]).not.toMatchObject({ reason: { code: 'model_failed' } })
  })
})
