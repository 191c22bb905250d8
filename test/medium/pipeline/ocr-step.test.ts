/** @file What the step `ocr` leaves in the database. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Picture } from '../../../src/media/picture.ts'
import type { ReadText, TextReader } from '../../../src/models/capability.ts'
import { Skipped } from '../../../src/pipeline/step.ts'
import { ocr } from '../../../src/pipeline/steps/ocr/step.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'

let database: TestDatabase
let photoId: number
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())
beforeEach(async () => {
  await truncateAll(database.db)
  const row = { sha256: 'a'.repeat(64), bytes: 1, filename: 'a.jpg', sort_at: new Date(), day: '2026-01-01' }
  photoId = (await database.db.insertInto('photos').values(row).returning('id').executeTakeFirstOrThrow()).id
})

const corners = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 0.5 },
  { x: 0, y: 0.5 },
]
const textOf = (text: string): ReadText => ({
  text,
  lines: text === '' ? [] : [{ text, confidence: 0.9, polygon: corners, words: [{ text, polygon: corners }] }],
  language: text === '' ? null : 'latin',
  rotation: text === '' ? null : 90,
  gated: text === '',
})
const save = (found: ReadText) =>
  database.db.transaction().execute((trx) => ocr.save(trx, photoId, found, { modelId: 'builtin/pp-ocrv4@1' }))
const rows = () => database.db.selectFrom('ocr_texts').selectAll().execute()

describe('step ocr', () => {
  it('keeps text with its lines, and replaces what an earlier run found', async () => {
    await save(textOf('old'))
    await save(textOf('new'))
    expect(await rows()).toEqual([
      { photo_id: photoId, text: 'new', language: 'latin', rotation: 90, lines: textOf('new').lines, model_id: 'builtin/pp-ocrv4@1' },
    ])
  })

  it('has no row for a photo without text', async () => {
    await save(textOf('old'))
    await save(textOf(''))
    expect(await rows()).toEqual([])
  })

  it('leaves out what PostgreSQL cannot keep', async () => {
    await save(textOf('a\u0000b'))
    const [row] = await rows()
    expect(row?.text).toBe('ab')
    expect(row?.lines[0]?.words[0]?.text).toBe('ab')
  })

  it('skips a picture too small for letters and never asks the model', async () => {
    const model = {} as TextReader
    const picture = { width: 3, height: 900 } as Picture
    const result = await ocr.run?.({ photo: {} as never, picture: async () => picture, model, signal: new AbortController().signal })
    expect(result).toEqual(new Skipped('the picture is too small to hold text'))
  })
})
