/** @file Sentences of a library from before messages: the known ones become codes, the others stay as text, and nothing is lost. */
import { type Kysely, sql } from 'kysely'
import { expect, it } from 'vitest'
import { up } from '../../../src/db/migrations/0061-messages.ts'
import { openTestDatabase } from '../../support/database.ts'
import { addPhoto } from '../../support/library.ts'

const STEPS = [
  ['prepare', 'failed', 'this JPEG file is cut off', 'text', { text: 'this JPEG file is cut off' }],
  ['colours', 'failed', 'write ENOSPC', 'step.outage', { text: 'write ENOSPC' }],
  ['look', 'skipped', 'needs prepare, which failed', 'step.blocked', { step: 'prepare' }],
  ['hash', 'failed', 'needs prepare, which failed', 'text', { text: 'needs prepare, which failed' }],
  ['ocr', 'skipped', 'the picture is too small to hold text', 'ocr.too-small', {}],
  ['labels', 'skipped', 'no tagger was brought along; photos are tagged in words', 'model.no-tagger', {}],
  ['faces', 'skipped', 'a "quoted" \\ reason', 'text', { text: 'a "quoted" \\ reason' }],
  ['metadata', 'done', null, null, null],
] as const

it('turns known sentences into codes and keeps the others', async () => {
  await using open = await openTestDatabase()
  const { db } = open
  const id = await addPhoto(db, { state: 'failed' })
  await sql`alter table photo_steps alter column reason type text`.execute(db)
  await sql`alter table photos alter column reason type text`.execute(db)
  await sql`update photos set reason = 'this JPEG file is cut off'`.execute(db)
  for (const [step, state, reason] of STEPS)
    await sql`insert into photo_steps (photo_id, step, version, lane, state, reason) values (${id}, ${step}, 1, 'analyse', ${state}, ${reason})`.execute(
      db,
    )
  await up(db as unknown as Kysely<unknown>)
  const rows = await db.selectFrom('photo_steps').select(['step', 'reason']).where('photo_id', '=', id).execute()
  const told = new Map(rows.map((row) => [row.step, row.reason]))
  for (const [step, , , code, params] of STEPS) expect(told.get(step), step).toEqual(code === null ? null : { code, params })
  expect((await db.selectFrom('photos').select('reason').executeTakeFirstOrThrow()).reason).toEqual({
    code: 'text',
    params: { text: 'this JPEG file is cut off' },
  })
})
