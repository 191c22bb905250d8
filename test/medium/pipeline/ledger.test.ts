import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { beat, deleteProcess, insertProcess } from '../../../src/background/store-processes.ts'
import { message, textMessage } from '../../../src/contract/messages/message.ts'
import type { Lane, StepName } from '../../../src/contract/words.ts'
import { STEP_NAMES } from '../../../src/contract/words.ts'
import { LeaseLost } from '../../../src/db/fence.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { EVERY_PHOTO } from '../../../src/domain/visibility.ts'
import { claimPhotos, countDue, recoverLeases, releasePhoto } from '../../../src/pipeline/lease-ledger.ts'
import { countPhotoStates, finishStep, insertDueSteps, retryPhoto, updatePhotoStates } from '../../../src/pipeline/ledger.ts'
import { reconcileLedger } from '../../../src/pipeline/reconcile-ledger.ts'
import { saveOutcomes } from '../../../src/pipeline/save-outcomes.ts'
import type { Step } from '../../../src/pipeline/step.ts'
import { countUpgrade, saveUpgradePause } from '../../../src/pipeline/upgrade-ledger.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'

let open: TestDatabase
beforeAll(async () => {
  open = await openTestDatabase()
})
afterAll(() => open[Symbol.asyncDispose]())
beforeEach(() => truncateAll(open.db))

const laneOf = (name: StepName): Lane => (name === 'description' ? 'describe' : 'analyse')
const steps = STEP_NAMES.map((name) => ({ name, version: 1, lane: laneOf(name) }))
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

const reasonOf = (state: 'failed' | 'skipped' | undefined) =>
  state === undefined ? null : state === 'failed' ? textMessage('it is damaged') : message('step.blocked', { step: 'prepare' })

async function finishAll(id: number, except: Partial<Record<StepName, 'failed' | 'skipped'>> = {}, modelId: string | null = null) {
  await open.db.transaction().execute(async (trx) => {
    for (const step of STEP_NAMES)
      await finishStep(trx, id, {
        step,
        version: 1,
        modelId,
        state: except[step] ?? 'done',
        reason: reasonOf(except[step]),
        durationMs: 5,
      })
    await updatePhotoStates(trx, [id])
    await trx.deleteFrom('photo_leases').where('photo_id', '=', id).execute()
  })
}
const addProcess = (id: string, aliveMs: number) =>
  insertProcess(open.db, { id, host: 'here', pid: 1, place: 'here:/data', version: '1', roles: 'all' }, { aliveMs, isAlone: true })
const photo = (id: number) => open.db.selectFrom('photos').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const row = (id: number, step: StepName) =>
  open.db.selectFrom('photo_steps').selectAll().where('photo_id', '=', id).where('step', '=', step).executeTakeFirstOrThrow()

describe('claiming', () => {
  it('gives each photo to one taker, with an attempt written before any work', async () => {
    const ids = [await addPhoto('a'), await addPhoto('b'), await addPhoto('c')]
    const first = await claimPhotos(open.db, 'analyse', 'me', 2)
    expect(first.map((claimed) => claimed.id)).toEqual(ids.slice(0, 2))
    expect(first[0]?.rows).toHaveLength(STEP_NAMES.length)
    expect(first[0]?.due).toEqual(STEP_NAMES.filter((name) => laneOf(name) === 'analyse'))
    expect(first[0]?.rows.filter((claimed) => claimed.state === 'running' && claimed.attempts === 1)).toHaveLength(
      first[0]?.due.length ?? 0,
    )
    expect((await claimPhotos(open.db, 'analyse', 'other', 5)).map((claimed) => claimed.id)).toEqual([ids[2]])
    expect(await claimPhotos(open.db, 'analyse', 'me', 5)).toEqual([])
  })

  it('takes over what a process held that is gone, and leaves missing photos alone', async () => {
    const gone = await addPhoto('gone')
    const id = await addPhoto('a')
    await open.db.updateTable('photos').set({ missing_since: new Date() }).where('id', '=', gone).execute()
    await addProcess('other', 60_000)
    const [lost] = await claimPhotos(open.db, 'analyse', 'other', 5)
    expect(await recoverLeases(open.db)).toEqual([])
    expect(await claimPhotos(open.db, 'analyse', 'me', 5)).toEqual([])

    await beat(open.db, 'other', -1)
    expect(await recoverLeases(open.db, 'other')).toEqual([])
    expect(await recoverLeases(open.db)).toEqual([id])
    const [again] = await claimPhotos(open.db, 'analyse', 'me', 5)
    expect(again?.id).toBe(id)
    expect(again?.rows.find((claimed) => claimed.step === 'ocr')?.attempts).toBe(1)

    // it was only slow: what it found is not saved, and it gives nothing back that is another’s
    const outcome = { state: 'done', result: undefined, modelId: null, durationMs: 1 } as const
    const runnable = Object.fromEntries(steps.map((step) => [step.name, { ...step, needs: [], save: async () => {} }]))
    const deps = { db: open.db, steps: runnable as unknown as Record<StepName, Step>, log: silentLog }
    const save = (claimed: typeof lost) =>
      saveOutcomes({ ...deps, ...(claimed ? { holder: claimed.holder } : {}) }, id, [{ step: 'duplicates', outcome, attempts: 1 }])
    await expect(save(lost)).rejects.toThrow(LeaseLost)
    await expect(
      open.db.transaction().execute((trx) => releasePhoto(trx, id, { lane: 'analyse', owner: 'other' }, { isAttempt: true })),
    ).rejects.toThrow(LeaseLost)
    expect((await row(id, 'duplicates')).state).toBe('running')
    await save(again)
    expect((await row(id, 'duplicates')).state).toBe('done')
  })

  it('puts those that crashed behind the others', async () => {
    const poison = await addPhoto('poison')
    const good = await addPhoto('good')
    await claimPhotos(open.db, 'analyse', 'me', 1)
    await open.db
      .transaction()
      .execute((trx) => releasePhoto(trx, poison, { lane: 'analyse', owner: 'me' }, { hasCrashed: true, isAttempt: true }))
    expect((await claimPhotos(open.db, 'analyse', 'me', 2)).map((claimed) => claimed.id)).toEqual([good, poison])
  })

  it('takes new photos before those that are looked at again by a newer model', async () => {
    const known = [await addPhoto('a'), await addPhoto('b')]
    for (const id of known) await finishAll(id)
    await reconcileLedger(open.db, expected({ ocr: { version: 2 } }))
    const fresh = [await addPhoto('c'), await addPhoto('d')]
    const claim = async () => (await claimPhotos(open.db, 'analyse', 'me', 3)).map(({ id }) => id)
    expect(await claim()).toEqual([...fresh, known[0]])
    expect(await claim()).toEqual([known[1]])
  })
})

describe('lanes', () => {
  it('hold each other back in nothing: own leases, own releases; a description waits for the preview only', async () => {
    const [older, newer] = [await addPhoto('a'), await addPhoto('b')]
    expect(await claimPhotos(open.db, 'describe', 'me', 5)).toEqual([])
    await claimPhotos(open.db, 'analyse', 'me', 5)
    const end = { version: 1, modelId: null, reason: null, durationMs: 5 }
    await open.db.transaction().execute(async (trx) => {
      await finishStep(trx, older, { ...end, step: 'prepare', state: 'done' })
      await finishStep(trx, newer, { ...end, step: 'prepare', state: 'failed' })
    })
    const taken = await claimPhotos(open.db, 'describe', 'me', 5)
    expect(taken.map(({ id, due }) => [id, due])).toEqual([
      [newer, ['description']],
      [older, ['description']],
    ])
    await open.db
      .transaction()
      .execute((trx) => releasePhoto(trx, newer, { lane: 'describe', owner: 'me' }, { isAttempt: false, postponeMs: 60_000 }))
    await open.db.transaction().execute((trx) => releasePhoto(trx, older, { lane: 'describe', owner: 'me' }, { isAttempt: false }))
    expect((await row(older, 'description')).attempts).toBe(0)
    expect((await row(older, 'ocr')).state).toBe('running')
    expect((await claimPhotos(open.db, 'describe', 'me', 5)).map(({ id }) => id)).toEqual([older])
    expect([await countDue(open.db, 'describe'), await countDue(open.db, 'analyse')]).toEqual([2, 2])
    expect((await recoverLeases(open.db)).sort()).toEqual([older, newer])
  })

  it('a photo is complete when its analysis is; only a description that failed for good shows', async () => {
    const id = await addPhoto('a')
    await finishAll(id)
    await open.db.updateTable('photo_steps').set({ state: 'due' }).where('step', '=', 'description').execute()
    const end = { step: 'description', version: 1, modelId: 'fake', reason: textMessage('it said no'), durationMs: 5 } as const
    await open.db.transaction().execute((trx) => updatePhotoStates(trx, [id]))
    const { processed_at } = await photo(id)
    expect((await photo(id)).state).toBe('completed')
    await open.db.transaction().execute(async (trx) => {
      await finishStep(trx, id, { ...end, state: 'done', reason: null })
      await updatePhotoStates(trx, [id])
    })
    expect((await photo(id)).processed_at).toEqual(processed_at)
    await open.db.transaction().execute(async (trx) => {
      await finishStep(trx, id, { ...end, state: 'failed' })
      await updatePhotoStates(trx, [id])
    })
    expect(await photo(id)).toMatchObject({ state: 'partial', reason: textMessage('it said no') })
  })
})

describe('interruptions', () => {
  it('frees at the next start what was held in this place, and an interruption costs no attempt', async () => {
    const id = await addPhoto('a')
    for (let kill = 0; kill < 5; kill++) {
      await addProcess(`life ${kill}`, 60_000)
      expect(await recoverLeases(open.db)).toEqual(kill === 0 ? [] : [id])
      await claimPhotos(open.db, 'analyse', `life ${kill}`, 1)
    }
    await deleteProcess(open.db, 'life 4')
    expect(await recoverLeases(open.db)).toEqual([id])
    expect((await row(id, 'ocr')).attempts).toBe(0)
    expect((await row(id, 'ocr')).state).toBe('due')
    expect(await recoverLeases(open.db)).toEqual([])
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
    expect(await photo(partial)).toMatchObject({ state: 'partial', reason: textMessage('it is damaged') })
    expect((await photo(failed)).state).toBe('failed')
    expect(Object.fromEntries(await countPhotoStates(open.db, EVERY_PHOTO))).toEqual({ completed: 1, partial: 1, failed: 1 })
    expect(await claimPhotos(open.db, 'analyse', 'me', 5)).toEqual([])
  })

  it('retries what failed and what was skipped because of it', async () => {
    const id = await addPhoto('a')
    await finishAll(id, { prepare: 'failed', ocr: 'skipped' })
    expect((await retryPhoto(open.db, id)).sort()).toEqual(['ocr', 'prepare'])
    const [again] = await claimPhotos(open.db, 'analyse', 'me', 1)
    expect(again?.due).toEqual(['prepare', 'ocr'])
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
    expect((await photo(id)).state).toBe('pending')
    const [claimed] = await claimPhotos(open.db, 'analyse', 'me', 1)
    expect(claimed?.due).toEqual(['embedding'])
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
    expect((await photo(id)).state).toBe('pending')
  })
})

describe('the upgrade', () => {
  const claimed = async () => (await claimPhotos(open.db, 'analyse', 'me', 9)).map(({ id }) => id)
  const giveBack = async (ids: readonly number[]) => {
    for (const id of ids)
      await open.db.transaction().execute((trx) => releasePhoto(trx, id, { lane: 'analyse', owner: 'me' }, { isAttempt: false }))
  }

  it('counts photos and time, is held by a pause, and never holds what is due for another reason', async () => {
    const [first, second, broken] = [await addPhoto('a'), await addPhoto('b'), await addPhoto('c')]
    await finishAll(first)
    await finishAll(second)
    await finishAll(broken, { ocr: 'failed' })
    expect(await countUpgrade(open.db, 1)).toEqual({ photos: 0, seconds: 0, paused: false, held: 0 })
    await reconcileLedger(open.db, expected({ hash: { version: 2 }, faces: { version: 2 } }))
    // two steps of three photos, 5 ms each, two photos at once; nobody ran the new ones yet
    await open.db
      .updateTable('photo_steps')
      .set({ state: 'done', is_upgrade: false })
      .where('photo_id', '=', broken)
      .where('step', 'in', ['hash', 'faces'])
      .execute()
    expect(await countUpgrade(open.db, 2)).toEqual({ photos: 2, seconds: 0, paused: false, held: 2 })
    await open.db.updateTable('photo_steps').set({ duration_ms: 3_600_000 }).where('photo_id', '=', broken).execute()
    expect((await countUpgrade(open.db, 2)).seconds).toBe(7200)

    await saveUpgradePause(open.db, true)
    expect(await claimed()).toEqual([])
    // a new photo, one that was interrupted half way, and one whose failure a person wants tried again
    const fresh = await addPhoto('d')
    const half = await addPhoto('e')
    await open.db.transaction().execute(async (trx) => {
      await finishStep(trx, half, { step: 'prepare', version: 1, modelId: null, state: 'done', reason: null, durationMs: 5 })
      await updatePhotoStates(trx, [half])
    })
    await reconcileLedger(open.db, expected({ hash: { version: 3 }, faces: { version: 2 } }))
    await retryPhoto(open.db, broken)
    const taken = await claimed()
    expect(taken.toSorted((a, b) => a - b)).toEqual([broken, fresh, half])
    expect(taken[0]).toBe(fresh)
    await giveBack(taken)
    expect(await countUpgrade(open.db, 2)).toMatchObject({ photos: 3, paused: true, held: 2 })

    await saveUpgradePause(open.db, false)
    const all = await claimed()
    expect(all[0]).toBe(fresh)
    expect(all.toSorted((a, b) => a - b)).toEqual([first, second, broken, fresh, half])
  })

  it('is over for a photo when its steps have ended; one that failed for a passing reason still belongs to it', async () => {
    const id = await addPhoto('a')
    await finishAll(id)
    await reconcileLedger(open.db, expected({ hash: { version: 2 } }))
    const end = { step: 'hash', version: 2, modelId: null, reason: null, durationMs: 5 } as const
    await open.db.transaction().execute((trx) => finishStep(trx, id, { ...end, state: 'due', reason: textMessage('for a moment') }))
    expect((await countUpgrade(open.db, 1)).photos).toBe(1)
    await open.db.transaction().execute((trx) => finishStep(trx, id, { ...end, state: 'done' }))
    expect((await countUpgrade(open.db, 1)).photos).toBe(0)
  })

  it('of which every step is due again waits behind new photos, and is held', async () => {
    const id = await addPhoto('a')
    await finishAll(id)
    await reconcileLedger(
      open.db,
      steps.map((step) => ({ step: { ...step, version: 2 }, modelId: null })),
    )
    const fresh = await addPhoto('b')
    expect((await claimPhotos(open.db, 'analyse', 'me', 9)).map((claim) => claim.id)).toEqual([fresh, id])
    await giveBack([fresh, id])
    await saveUpgradePause(open.db, true)
    expect(await claimed()).toEqual([fresh])
  })
})
