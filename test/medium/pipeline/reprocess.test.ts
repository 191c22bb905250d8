/** @file Steps are run again by step, model, how they ended, why, and for chosen photos; a dry run changes nothing. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Message, message, textMessage } from '../../../src/contract/messages/message.ts'
import type { StepState } from '../../../src/contract/words.ts'
import { countReprocess, type ReprocessChoice, reprocess } from '../../../src/pipeline/reprocess-ledger.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { addPhoto } from '../../support/library.ts'

let open: TestDatabase
beforeAll(async () => {
  open = await openTestDatabase()
})
afterAll(() => open[Symbol.asyncDispose]())
beforeEach(() => truncateAll(open.db))

const addStep = (
  photo_id: number,
  step: 'ocr' | 'faces',
  state: StepState,
  { reason, ...more }: { model_id?: string; reason?: Message } = {},
) =>
  open.db
    .insertInto('photo_steps')
    .values({
      photo_id,
      step,
      version: 1,
      lane: 'analyse',
      state,
      attempts: 3,
      duration_ms: 2000,
      ...more,
      reason: reason && JSON.stringify(reason),
    })
    .execute()
const dueOf = async (choice: Partial<ReprocessChoice>): Promise<string[]> => {
  const whole = { steps: ['ocr', 'faces'], ids: undefined, ...choice } as ReprocessChoice
  const report = await countReprocess(open.db, whole, 2)
  const untouched = await open.db.selectFrom('photo_steps').select('photo_id').where('state', '=', 'due').execute()
  expect(untouched).toEqual([])
  await reprocess(open.db, whole)
  const rows = await open.db
    .selectFrom('photo_steps')
    .select(['photo_id', 'step', 'attempts', 'reason'])
    .where('state', '=', 'due')
    .orderBy('photo_id')
    .orderBy('step')
    .execute()
  expect(rows).toHaveLength(report.steps)
  expect(rows.every(({ attempts, reason }) => attempts === 0 && reason === null)).toBe(true)
  return rows.map(({ photo_id, step }) => `${photo_id} ${step}`)
}

test.each<[string, Partial<ReprocessChoice>, string[]]>([
  ['everything of the steps', {}, ['1 faces', '1 ocr', '2 faces', '2 ocr', '3 faces']],
  ['a step', { steps: ['ocr'] }, ['1 ocr', '2 ocr']],
  ['a model by its id', { model: 'onnx/buffalo_l@12ab' }, ['2 faces']],
  ['a model by its name', { model: 'face-api' }, ['1 faces']],
  ['what failed', { state: 'failed' }, ['2 ocr', '3 faces']],
  ['why it failed', { reason: 'LONGER than' }, ['2 ocr']],
  ['chosen photos', { ids: [1, 99] }, ['1 faces', '1 ocr']],
  ['nothing of that kind', { ids: [] }, []],
])('%s', async (_, choice, expected) => {
  for (let count = 0; count < 3; count++) await addPhoto(open.db)
  await addStep(1, 'ocr', 'done', { model_id: 'builtin/pp-ocrv4@1' })
  await addStep(1, 'faces', 'done', { model_id: 'builtin/face-api@1' })
  await addStep(2, 'ocr', 'failed', { reason: message('analysis.timed-out', { step: 'ocr', seconds: 120 }) })
  await addStep(2, 'faces', 'skipped', { model_id: 'onnx/buffalo_l@12ab', reason: textMessage('no model') })
  await addStep(3, 'ocr', 'running')
  await addStep(3, 'faces', 'failed', { reason: textMessage('broken') })
  expect(await dueOf(choice)).toEqual(expected)
})

test('the estimate follows what the steps took; a photo stands where its steps stand', async () => {
  const id = await addPhoto(open.db)
  await addStep(id, 'ocr', 'done')
  await addStep(id, 'faces', 'done')
  const choice: ReprocessChoice = { steps: ['ocr', 'faces'], ids: undefined }
  expect(await countReprocess(open.db, choice, 2)).toEqual({ photos: 1, steps: 2, seconds: 2, dry_run: true })
  expect(await countReprocess(open.db, { steps: ['hash'], ids: undefined }, 2)).toEqual({
    photos: 0,
    steps: 0,
    seconds: null,
    dry_run: true,
  })
  await reprocess(open.db, { ...choice, steps: ['ocr'] })
  expect(await open.db.selectFrom('photos').select('state').executeTakeFirst()).toEqual({ state: 'pending' })
})
