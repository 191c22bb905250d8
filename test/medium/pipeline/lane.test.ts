import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { message, textMessage } from '../../../src/contract/messages/message.ts'
import type { StepName } from '../../../src/contract/words.ts'
import { type Log, silentLog } from '../../../src/domain/log.ts'
import { BUILT_IN } from '../../../src/models/registry.ts'
import { createAnalyseWorker } from '../../../src/pipeline/analyse-photo.ts'
import { Analyser } from '../../../src/pipeline/analyser/client.ts'
import { LaneRunner } from '../../../src/pipeline/lane.ts'
import { recoverLeases } from '../../../src/pipeline/lease-ledger.ts'
import { insertDueSteps } from '../../../src/pipeline/ledger.ts'
import { type LibraryBlobs, openLibraryBlobs } from '../../../src/storage/library-blobs.ts'
import { fileAt } from '../../support/blobs.ts'
import { CHILD_ENVIRONMENT } from '../../support/child-environment.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { createTrialSteps } from '../../support/trial-steps.ts'

let open: TestDatabase
let blobs: LibraryBlobs
let lane: LaneRunner | undefined
beforeAll(async () => {
  open = await openTestDatabase()
  blobs = await openLibraryBlobs(open)
})
afterAll(() => open[Symbol.asyncDispose]())
beforeEach(() => truncateAll(open.db))
afterEach(async () => {
  await lane?.[Symbol.asyncDispose]()
  lane = undefined
})

const saved: [number, StepName][] = []
const steps = createTrialSteps((photoId, step) => saved.push([photoId, step]))

function startLane(options: { concurrency?: number; program?: string; log?: Log } = {}): LaneRunner {
  saved.length = 0
  const analyser = new Analyser({
    options: () => ({
      thumbnailSize: 1,
      maxPixels: 1,
      maxBytes: 1,
      decodeTimeoutMs: 1,
      models: { device: 'cpu', embedding: null, chosen: BUILT_IN },
    }),
    timeoutOf: (step) => steps[step].timeoutMs,
    environment: CHILD_ENVIRONMENT,
    log: silentLog,
    program: new URL(options.program ?? './children/trial-analyser.ts', import.meta.url),
  })
  lane = new LaneRunner({
    db: open.db,
    log: options.log ?? silentLog,
    lane: 'analyse',
    owner: 'test',
    worker: createAnalyseWorker({
      db: open.db,
      steps,
      log: options.log ?? silentLog,
      analyser,
      concurrency: options.concurrency ?? 2,
      locate: async (id) => fileAt(`/nowhere/${(await photo(id)).filename}`),
      renditions: blobs.renditions,
      onSettled: async () => {},
    }),
    onPhotoDone: () => {},
  })
  lane.start()
  return lane
}

async function addPhoto(filename: string): Promise<number> {
  return await open.db.transaction().execute(async (trx) => {
    const { id } = await trx
      .insertInto('photos')
      .values({ sha256: filename.padEnd(64, '0'), bytes: 1, format: 'jpeg', filename, sort_at: new Date(0), day: '1970-01-01' })
      .returning('id')
      .executeTakeFirstOrThrow()
    await insertDueSteps(trx, id, Object.values(steps))
    return id
  })
}
const photo = (id: number) => open.db.selectFrom('photos').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const step = (id: number, name: StepName) =>
  open.db.selectFrom('photo_steps').selectAll().where('photo_id', '=', id).where('step', '=', name).executeTakeFirstOrThrow()
const countLeases = async () => (await open.db.selectFrom('photo_leases').select('lane').execute()).length
const untilEnded = () =>
  expect
    .poll(
      async () =>
        (await open.db.selectFrom('photos').select('state').execute()).filter(
          (row) => !['completed', 'partial', 'failed'].includes(row.state),
        ),
      // photos that end the analysis process take it several starts
      { interval: 100, timeout: 150_000 },
    )
    .toEqual([])

describe('the lane', () => {
  it('brings photos through every step, saving each once, and gives the lease back', async () => {
    const ids = [await addPhoto('a'), await addPhoto('b'), await addPhoto('c')]
    startLane()
    await untilEnded()
    for (const id of ids) {
      expect(await photo(id)).toMatchObject({ state: 'completed', crashes: 0 })
      expect(saved.filter(([photoId]) => photoId === id)).toHaveLength(
        Object.values(steps).filter((step) => step.lane === 'analyse').length,
      )
    }
    await expect.poll(countLeases).toBe(0)
  })

  it('shows each step in the state of the photo while it runs', async () => {
    const states = {
      prepare: 'preprocessing',
      objects: 'processing_objects',
      embedding: 'processing_embeddings',
      ocr: 'processing_ocr',
      hash: 'processing_hash',
    } as const
    for (const [name, state] of Object.entries(states)) {
      const id = await addPhoto(`hang-${name}`)
      // tried alone, one step after another
      await open.db.updateTable('photos').set({ crashes: 1 }).where('id', '=', id).execute()
      const runner = startLane()
      await expect.poll(async () => (await photo(id)).state, { timeout: 20_000 }).toBe(state)
      await runner[Symbol.asyncDispose]()
      expect((await photo(id)).state).toBe('pending')
      await open.db.deleteFrom('photos').execute()
    }
  })

  it('says each change of a state in a line of the log, once it is stored', async () => {
    const id = await addPhoto('a')
    await open.db.updateTable('photos').set({ crashes: 1 }).where('id', '=', id).execute()
    const lines: unknown[] = []
    startLane({ log: { ...silentLog, info: (fields, message) => message === 'photo state' && lines.push(fields) } })
    await untilEnded()
    const way = [
      'pending',
      'preprocessing',
      'processing_objects',
      'processing_embeddings',
      'processing_ocr',
      'processing_faces',
      'processing_hash',
      'checking_duplicates',
      'completed',
    ]
    await expect.poll(() => lines).toEqual(way.slice(1).map((to, i) => ({ photo_id: id, from: way[i], to })))
  })

  it('picks up a new photo at once when woken', async () => {
    const runner = startLane()
    await new Promise((resolve) => setTimeout(resolve, 300))
    const id = await addPhoto('late')
    runner.wake()
    await untilEnded()
    expect((await photo(id)).state).toBe('completed')
  })

  it('keeps the rest when one step fails, one result cannot be stored, or the picture is damaged', async () => {
    const partial = await addPhoto('fail-ocr')
    const unstorable = await addPhoto('unstorable')
    const failed = await addPhoto('fail-prepare')
    startLane()
    await untilEnded()
    expect(await photo(partial)).toMatchObject({ state: 'partial', reason: textMessage('the picture is damaged') })
    expect((await step(partial, 'faces')).state).toBe('done')
    expect((await step(unstorable, 'look')).reason?.code).toBe('step.not-saved')
    expect((await step(unstorable, 'hash')).state).toBe('done')
    expect(await photo(failed)).toMatchObject({ state: 'failed', reason: textMessage('the picture is damaged') })
    expect(await step(failed, 'hash')).toMatchObject({ state: 'skipped', reason: message('step.blocked', { step: 'prepare' }) })
    expect(await step(failed, 'duplicates')).toMatchObject({ state: 'skipped', reason: message('step.blocked', { step: 'hash' }) })
    expect((await step(failed, 'metadata')).state).toBe('done')
  })

  it('tries a passing failure three times, then says it', async () => {
    const id = await addPhoto('flaky-hash')
    startLane()
    await untilEnded()
    expect(await step(id, 'hash')).toMatchObject({ state: 'failed', attempts: 3, reason: textMessage('the model is down') })
    expect((await step(id, 'ocr')).attempts).toBe(1)
  })

  it('survives photos that kill or hang the analysis process: the guilty step fails, everything else completes', async () => {
    const good = [await addPhoto('a'), await addPhoto('b')]
    const crash = await addPhoto('crash-ocr')
    const hang = await addPhoto('hang-faces')
    const more = [await addPhoto('c'), await addPhoto('d')]
    startLane()
    await untilEnded()
    for (const id of [...good, ...more]) expect(await photo(id)).toMatchObject({ state: 'completed', crashes: 0 })
    expect(await photo(crash)).toMatchObject({ state: 'partial' })
    expect((await step(crash, 'ocr')).reason).toMatchObject({
      code: 'step.crashed',
      params: { cause: { code: 'analysis.ended' }, times: 2 },
    })
    expect((await step(crash, 'faces')).state).toBe('done')
    expect((await step(hang, 'faces')).reason).toMatchObject({
      params: { cause: { code: 'analysis.timed-out', params: { step: 'faces' } } },
    })
    expect((await step(hang, 'ocr')).state).toBe('done')
  })

  it('pauses, saying why, when the analysis process cannot start; no photo is blamed', async () => {
    const id = await addPhoto('a')
    const runner = startLane({ program: './children/no-such-program.ts' })
    await expect
      .poll(() => runner.status(), { timeout: 120_000 })
      .toMatchObject({ state: 'paused', reason: expect.stringContaining('ended unexpectedly') })
    expect(await photo(id)).toMatchObject({ crashes: 0 })
    // it is tried again after a while, and given back each time
    await expect.poll(async () => (await step(id, 'ocr')).attempts).toBe(0)
  })

  it('waits for no photo that was put off by a clock that was set back a day since', async () => {
    const id = await addPhoto('a')
    await open.db
      .insertInto('photo_leases')
      .values({ photo_id: id, lane: 'analyse', owner: null, until: new Date(Date.now() + 86_400_000) })
      .execute()
    startLane()
    await untilEnded()
    expect((await photo(id)).state).toBe('completed')
  })

  it('begins no photo twice that was taken back under it, as where the clock of the database is set ahead a year', async () => {
    const id = await addPhoto('a')
    const begun: number[] = []
    const { promise, resolve } = Promise.withResolvers<'done'>()
    await using runner = new LaneRunner({
      db: open.db,
      log: silentLog,
      lane: 'analyse',
      owner: 'test',
      worker: {
        canDie: false,
        room: () => 2,
        work: async (given) => {
          begun.push(given.id)
          return given.id === id ? await promise : 'done'
        },
        [Symbol.asyncDispose]: async () => resolve('done'),
      },
      onPhotoDone: () => {},
    })
    runner.start()
    await expect.poll(() => begun).toEqual([id])
    expect(await recoverLeases(open.db)).toEqual([id])
    const other = await addPhoto('b')
    runner.wake()
    await expect.poll(() => begun.at(-1)).toBe(other)
    expect(begun.filter((one) => one === id)).toHaveLength(1)
  })

  it('stops in the middle of work and leaves everything due', async () => {
    const id = await addPhoto('hang-ocr')
    const runner = startLane()
    await expect.poll(async () => (await step(id, 'prepare')).state).toBe('done')
    await runner[Symbol.asyncDispose]()
    lane = undefined
    expect(await step(id, 'ocr')).toMatchObject({ state: 'due', attempts: 0 })
    expect(await photo(id)).toMatchObject({ crashes: 0 })
    expect(await countLeases()).toBe(0)
  })
})
