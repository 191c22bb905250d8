/** @file Failures grouped by why, and made due again by step, model, reason or photo. */

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Message, message, textMessage } from '../../../src/contract/messages/message.ts'
import type { StepName } from '../../../src/contract/words.ts'
import { EVERY_PHOTO } from '../../../src/domain/visibility.ts'
import { listFailures, retryFailures } from '../../../src/pipeline/failure-ledger.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { addPhoto } from '../../support/library.ts'

let open: TestDatabase
beforeAll(async () => {
  open = await openTestDatabase()
})
afterAll(() => open[Symbol.asyncDispose]())
beforeEach(() => truncateAll(open.db))

async function addFailed(step: StepName, reason: Message, model: string | null = null): Promise<number> {
  const id = await addPhoto(open.db, { state: 'partial' })
  const row = { photo_id: id, version: 1, lane: 'analyse', attempts: 3 } as const
  await open.db
    .insertInto('photo_steps')
    .values([
      { ...row, step: 'metadata', state: 'done' },
      { ...row, step, state: 'failed', reason: JSON.stringify(reason), model_id: model },
      { ...row, step: 'duplicates', state: 'skipped', reason: JSON.stringify(message('step.blocked', { step })) },
    ])
    .execute()
  return id
}

const tookSeconds = (seconds: number) => message('analysis.timed-out', { step: 'ocr', seconds })
const stateOf = async (id: number) => {
  const rows = await open.db.selectFrom('photo_steps').select(['step', 'state', 'attempts']).where('photo_id', '=', id).execute()
  return Object.fromEntries(rows.map((row) => [row.step, `${row.state} ${row.attempts}`]))
}

it('groups reasons that differ only in numbers, by step and model, the largest first', async () => {
  const first = await addFailed('ocr', textMessage('gave up after 12.5 s'), 'pp-ocrv4@1')
  const second = await addFailed('ocr', textMessage('gave up after 30 s'), 'pp-ocrv4@1')
  await addFailed('ocr', textMessage('gave up after 30 s'), 'pp-ocrv4@2')
  await addFailed('faces', textMessage('no room for v4'))
  const refused = await addPhoto(open.db, { state: 'failed' })
  await open.db
    .updateTable('photos')
    .set({ format: null, reason: JSON.stringify(textMessage('this is text')) })
    .where('id', '=', refused)
    .execute()
  const { photos, files, groups } = await listFailures(open.db, EVERY_PHOTO)
  expect({ photos, files }).toEqual({ photos: 4, files: 1 })
  expect(groups[0]).toEqual({
    step: 'ocr',
    model: 'pp-ocrv4@1',
    reason: 'gave up after … s',
    message: textMessage('gave up after … s'),
    count: 2,
    of: 'photos',
    can_retry: true,
    examples: [second, first],
  })
  expect(groups).toContainEqual({
    step: 'faces',
    model: null,
    reason: 'no room for v4',
    message: textMessage('no room for v4'),
    count: 1,
    of: 'photos',
    can_retry: true,
    examples: [refused - 1],
  })
  expect(groups).toContainEqual({
    step: null,
    model: null,
    reason: 'this is text',
    message: textMessage('this is text'),
    count: 1,
    of: 'files',
    can_retry: false,
    examples: [refused],
  })
  expect(groups).toHaveLength(4)
})

it('counts first, then makes exactly the chosen ones due, with what waited for them', async () => {
  const [a, b, c] = [
    await addFailed('ocr', tookSeconds(1), 'm'),
    await addFailed('ocr', tookSeconds(2.5), 'm'),
    await addFailed('faces', textMessage('too "dark": 12')),
  ]
  const told = (await listFailures(open.db, EVERY_PHOTO)).groups[0]
  expect(told).toMatchObject({
    reason: 'ocr took longer than … s',
    message: { code: 'analysis.timed-out', params: { step: 'ocr', seconds: '…' } },
  })
  const choice = { step: 'ocr' as const, model: 'm', message: told?.message ?? null }
  expect(await retryFailures(open.db, EVERY_PHOTO, choice, true)).toEqual({ photos: 2, steps: 2, dry_run: true })
  expect(await stateOf(a)).toMatchObject({ ocr: 'failed 3' })
  expect(await retryFailures(open.db, EVERY_PHOTO, choice, false)).toEqual({ photos: 2, steps: 2, dry_run: false })
  for (const id of [a, b]) expect(await stateOf(id)).toEqual({ metadata: 'done 3', ocr: 'due 0', duplicates: 'due 0' })
  expect(await stateOf(c)).toMatchObject({ faces: 'failed 3', duplicates: 'skipped 3' })
  expect(await retryFailures(open.db, EVERY_PHOTO, { ids: [a, b] }, false)).toMatchObject({ photos: 0, steps: 0 })
  expect(await retryFailures(open.db, EVERY_PHOTO, { model: null, ids: [a, c] }, false)).toMatchObject({ photos: 1, steps: 1 })
  expect(await stateOf(c)).toMatchObject({ faces: 'due 0' })
  expect((await listFailures(open.db, EVERY_PHOTO)).groups).toEqual([])
})

it('goes through more photos than one transaction takes', async () => {
  const ids = []
  for (let count = 0; count < 3; count++) ids.push(await addFailed('hash', textMessage('no')))
  // rows alone: a thousand whole photos would only take time
  await open.db
    .insertInto('photos')
    .values(
      Array.from({ length: 600 }, (_, index) => ({
        sha256: `${index}`.padStart(64, 'f'),
        bytes: 1,
        format: 'jpeg' as const,
        filename: 'x',
        sort_at: new Date(0),
        day: '1970-01-01',
        state: 'partial' as const,
      })),
    )
    .execute()
  const all = await open.db.selectFrom('photos').select('id').where('filename', '=', 'x').execute()
  await open.db
    .insertInto('photo_steps')
    .values(
      all.map(({ id }) => ({
        photo_id: id,
        step: 'hash' as const,
        version: 1,
        lane: 'analyse' as const,
        state: 'failed' as const,
        reason: JSON.stringify(textMessage('no')),
      })),
    )
    .execute()
  expect(await retryFailures(open.db, EVERY_PHOTO, {}, false)).toEqual({ photos: 603, steps: 603, dry_run: false })
})
