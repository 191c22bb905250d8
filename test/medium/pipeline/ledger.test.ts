import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { StepName } from '../../../src/contract/words.ts'
import { STEP_NAMES } from '../../../src/contract/words.ts'
import {
  claimPhotos,
  countPhotoStates,
  finishStep,
  insertDueSteps,
  reconcileLedger,
  recoverLeases,
  releasePhoto,
  retryPhoto,
  updatePhotoStates,
} from '../../../src/pipeline/ledger.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'

let open: TestDatabase
beforeAll(async () => {
  open = await openTestDatabase()
})
afterAll(() => open[Symbol.asyncDispose]())
beforeEach(() => truncateAll(open.db))

const steps = STEP_NAMES.map((name) => ({ name, version: 1, lane: 'analyse' as const }))
const expected = (change: Partial<Record<StepName, { version?: number; modelId?: string | null }>> = {}) =>
  steps.map((step) => ({ step: { ...step, version: change[step.name]?.version ?? 1 }, modelId: change[step.name]?.modelId ?? null }))

async function addPhoto(name: string): Promise<number> {
  return await open.db.transaction().execute(async (trx) => {
    const { id } = await trx
      .insertInto('photos')
      .values({ sha256: name.padEnd(64, '0'), bytes: 1, format: 'jpeg', filename: name, sort_at: new Date(0), day: '1970-01-01' })
      .returning('id')
      .executeTakeFirstOrThrow()
    await insertDueSteps(trx, id, steps)
    return id
  })
}

async function finishAll(id: number, except: Partial<Record<StepName, 'failed' | 'skipped'>> = {}, modelId: string | null = null) {
  await open.db.transaction().execute(async (trx) => {
    for (const step of STEP_NAMES)
      await finishStep(trx, id, {
        step,
        version: 1,
        modelId,
        state: except[step] ?? 'done',
        reason: except[step] ? `needs to be said: ${except[step]}` : null,
        durationMs: 5,
      })
    await updatePhotoStates(trx, [id])
    await releasePhoto(trx, id, { hasCrashed: false, isAttempt: true })
  })
}
const photo = (id: number) => open.db.selectFrom('photos').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const row = (id: number, step: StepName) =>
  open.db.selectFrom('photo_steps').selectAll().where('photo_id', '=', id).where('step', '=', step).executeTakeFirstOrThrow()

describe('claiming', () => {
  it('gives each photo to one taker, with an attempt written before any work', async () => {
    const ids = [await addPhoto('a'), await addPhoto('b'), await addPhoto('c')]
    const first = await claimPhotos(open.db, 'analyse', 'me', 2)
    expect(first.map((claimed) => claimed.id)).toEqual(ids.slice(0, 2))
    expect(first[0]?.rows).toHaveLength(STEP_NAMES.length)
    expect(first[0]?.rows.every((claimed) => claimed.state === 'running' && claimed.attempts === 1)).toBe(true)
    expect((await claimPhotos(open.db, 'analyse', 'other', 5)).map((claimed) => claimed.id)).toEqual([ids[2]])
    expect(await claimPhotos(open.db, 'analyse', 'me', 5)).toEqual([])
  })

  it('takes over what another holder let expire, and leaves missing photos alone', async () => {
    const gone = await addPhoto('gone')
    const id = await addPhoto('a')
    await open.db.updateTable('photos').set({ missing_since: new Date() }).where('id', '=', gone).execute()
    await claimPhotos(open.db, 'analyse', 'dead', 5)
    expect(await claimPhotos(open.db, 'analyse', 'me', 5)).toEqual([])
    await open.db
      .updateTable('photos')
      .set({ lease_until: new Date(Date.now() - 1000) })
      .where('id', '=', id)
      .execute()
    const [again] = await claimPhotos(open.db, 'analyse', 'me', 5)
    expect(again?.id).toBe(id)
    expect(again?.rows[0]?.attempts).toBe(2)
  })

  it('puts those that crashed behind the others', async () => {
    const poison = await addPhoto('poison')
    const good = await addPhoto('good')
    await claimPhotos(open.db, 'analyse', 'me', 1)
    await open.db.transaction().execute((trx) => releasePhoto(trx, poison, { hasCrashed: true, isAttempt: true }))
    expect((await claimPhotos(open.db, 'analyse', 'me', 2)).map((claimed) => claimed.id)).toEqual([good, poison])
  })
})

describe('interruptions', () => {
  it('frees at the next start what this owner held, and an interruption costs no attempt', async () => {
    const id = await addPhoto('a')
    for (let kill = 0; kill < 5; kill++) {
      await claimPhotos(open.db, 'analyse', 'me', 1)
      expect(await recoverLeases(open.db, 'me')).toBe(1)
    }
    expect((await row(id, 'ocr')).attempts).toBe(0)
    expect((await row(id, 'ocr')).state).toBe('due')
    expect(await recoverLeases(open.db, 'me')).toBe(0)
  })
})

describe('states', () => {
  it('is partial with the reason of the step that failed, failed when the picture could not be prepared', async () => {
    const [whole, partial, failed] = [await addPhoto('a'), await addPhoto('b'), await addPhoto('c')]
    await finishAll(whole)
    await finishAll(partial, { ocr: 'failed' })
    await finishAll(failed, { prepare: 'failed', ocr: 'skipped' })
    expect(await photo(whole)).toMatchObject({ state: 'completed', reason: null })
    expect((await photo(whole)).processed_at).toBeInstanceOf(Date)
    expect(await photo(partial)).toMatchObject({ state: 'partial', reason: 'needs to be said: failed' })
    expect((await photo(failed)).state).toBe('failed')
    expect(Object.fromEntries(await countPhotoStates(open.db))).toEqual({ completed: 1, partial: 1, failed: 1 })
    expect(await claimPhotos(open.db, 'analyse', 'me', 5)).toEqual([])
  })

  it('retries what failed and what was skipped because of it', async () => {
    const id = await addPhoto('a')
    await finishAll(id, { prepare: 'failed', ocr: 'skipped' })
    expect((await retryPhoto(open.db, id)).sort()).toEqual(['ocr', 'prepare'])
    const [again] = await claimPhotos(open.db, 'analyse', 'me', 1)
    expect(
      again?.rows
        .filter((claimed) => claimed.state === 'running')
        .map((claimed) => claimed.step)
        .sort(),
    ).toEqual(['ocr', 'prepare'])
    expect(await retryPhoto(open.db, id)).toEqual([])
  })
})

describe('what the program expects changes', () => {
  it('makes due what another model or version did, once, and nothing when nothing changed', async () => {
    const id = await addPhoto('a')
    await finishAll(id)
    await reconcileLedger(open.db, expected())
    expect((await photo(id)).state).toBe('completed')
    expect(await reconcileLedger(open.db, expected())).toBe(0)

    expect(await reconcileLedger(open.db, expected({ embedding: { modelId: 'onnx/clip@1' } }))).toBe(1)
    expect((await photo(id)).state).toBe('processing_embeddings')
    const [claimed] = await claimPhotos(open.db, 'analyse', 'me', 1)
    expect(claimed?.rows.filter((each) => each.state === 'running').map((each) => each.step)).toEqual(['embedding'])
    await finishAll(id, {}, 'onnx/clip@1')
    expect(await reconcileLedger(open.db, expected({ embedding: { modelId: 'onnx/clip@1' }, hash: { version: 2 } }))).toBe(1)
    expect((await row(id, 'hash')).state).toBe('due')
  })

  it('keeps what a model found when no model is there any more', async () => {
    const id = await addPhoto('a')
    await finishAll(id, {}, 'onnx/clip@1')
    expect(await reconcileLedger(open.db, expected({ embedding: { modelId: null } }))).toBe(0)
    expect((await row(id, 'embedding')).state).toBe('done')
  })

  it('gives photos a step that is new', async () => {
    const id = await addPhoto('a')
    await finishAll(id)
    await open.db.deleteFrom('photo_steps').where('step', '=', 'look').execute()
    expect(await reconcileLedger(open.db, expected({ faces: { version: 1 } }))).toBe(1)
    expect((await row(id, 'look')).state).toBe('due')
    expect((await photo(id)).state).toBe('preprocessing')
  })
})
