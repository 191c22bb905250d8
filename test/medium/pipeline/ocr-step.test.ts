/** @file What the step `ocr` leaves in the database. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { message } from '../../../src/contract/messages/message.ts'
import { refreshSearchDocument } from '../../../src/document/store.ts'
import { EVERY_PHOTO } from '../../../src/domain/visibility.ts'
import { LANGUAGE_SOURCE } from '../../../src/lexicon/find-language.ts'
import { getPhotoDetail } from '../../../src/library/store-detail.ts'
import type { Picture } from '../../../src/media/picture.ts'
import type { ReadText, TextReader } from '../../../src/models/ports/capability.ts'
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
  script: text === '' ? null : 'latin',
  rotation: text === '' ? null : 90,
  gated: text === '',
})
/** 60 words, each on 0.2 % of the picture */
const PAGE: ReadText = {
  ...textOf('a page'),
  lines: Array.from({ length: 20 }, (_, line) => ({
    text: 'word word word',
    confidence: 0.9,
    polygon: corners,
    words: [0.1, 0.4, 0.7].map((x) => ({
      text: 'word',
      polygon: [
        [x, 0],
        [x + 0.1, 0],
        [x + 0.1, 0.02],
        [x, 0.02],
      ].map(([at = 0, y = 0]) => ({ x: at, y: y + line / 25 })),
    })),
  })),
}
const save = (found: ReadText) =>
  database.db.transaction().execute((trx) => ocr.save(trx, photoId, found, { modelId: 'builtin/pp-ocrv4@1' }))
const rows = () => database.db.selectFrom('ocr_texts').selectAll().execute()

describe('step ocr', () => {
  it('keeps text with its lines, and replaces what an earlier run found', async () => {
    await save(textOf('old'))
    await save(textOf('new'))
    expect(await rows()).toEqual([
      {
        photo_id: photoId,
        text: 'new',
        script: 'latin',
        language: null,
        language_score: null,
        language_source: LANGUAGE_SOURCE,
        rotation: 90,
        lines: textOf('new').lines,
        coverage: 0.5,
        words: 1,
        model_id: 'builtin/pp-ocrv4@1',
      },
    ])
  })

  it('tells the language, who said it, and how well it fits; of a name none', async () => {
    await save(textOf('Bitte nicht auf den Rasen treten'))
    const detail = await getPhotoDetail(database.db, EVERY_PHOTO, photoId)
    expect(detail?.text).toMatchObject({ script: 'latin', language: 'de', language_said_by: LANGUAGE_SOURCE })
    expect(detail?.text?.language_score).toBeGreaterThan(0.3)
    await save(textOf('Johannes Magnus Petersen'))
    expect((await getPhotoDetail(database.db, EVERY_PHOTO, photoId))?.text).toMatchObject({
      script: 'latin',
      language: null,
      language_score: null,
      language_said_by: null,
    })
  })

  it('has no row for a photo without text', async () => {
    await save(textOf('old'))
    await save(textOf(''))
    expect(await rows()).toEqual([])
  })

  it('tags a page of text as a document, says why, and takes the tag back when another reader reads less', async () => {
    const { db } = database
    await save(PAGE)
    await db.transaction().execute((trx) => refreshSearchDocument(trx, photoId))
    const detail = await getPhotoDetail(db, EVERY_PHOTO, photoId)
    expect(detail?.tags).toMatchObject([
      { tag: 'document', said_by: 'builtin/pp-ocrv4@1', because: '60 words cover 12 % of the picture', categories: ['documents'] },
    ])
    expect(detail?.tags[0]?.confidence).toBeCloseTo(0.9)
    expect(detail?.categories).toMatchObject([{ name: 'documents', because: ['document'], said_by: 'tags' }])
    await db.insertInto('photo_tags').values({ photo_id: photoId, tag: 'document', said_by: 'file', confidence: 1 }).execute()
    await db.transaction().execute((trx) => ocr.save(trx, photoId, textOf('few words'), { modelId: 'other/reader@1' }))
    expect((await getPhotoDetail(db, EVERY_PHOTO, photoId))?.tags).toMatchObject([{ tag: 'document', said_by: 'file', because: null }])
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
    const result = await ocr.run?.({ file: {} as never, picture: async () => picture, model, signal: new AbortController().signal })
    expect(result).toEqual(new Skipped(message('ocr.too-small')))
  })
})
