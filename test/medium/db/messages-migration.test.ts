/** @file Sentences of a library from before messages: the known ones become codes, the others stay as text, and nothing is lost. */
import { type Kysely, sql } from 'kysely'
import { expect, it } from 'vitest'
import { render } from '../../../src/contract/messages/message.ts'
import { up } from '../../../src/db/migrations/0061-messages.ts'
import { up as tellEditsByCode } from '../../../src/db/migrations/0077-message-of-edits.ts'
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

const said = (code: string, params: Record<string, unknown> = {}) => ({ code, params })
const asText = (text: string) => said('text', { text })
const tag = (key: string, value = true) => ({ set: 'tag', key, value })

/** area, sentence, what was decided, message */
const EDITS: readonly (readonly [string, string, readonly object[], { code: string; params: Record<string, unknown> }])[] = [
  ['photos', 'added tag beach', [tag('beach')], said('edit.tags-added', { tags: ['beach'] })],
  ['photos', 'added tags beach, sea', [tag('beach'), tag('sea')], said('edit.tags-added', { tags: ['beach', 'sea'] })],
  ['photos', 'removed tag a, b', [tag('a, b', false)], said('edit.tags-removed', { tags: ['a, b'] })],
  // which tags they are cannot be read
  ['photos', 'added tags a, b, sea', [tag('a, b'), tag('sea')], asText('added tags a, b, sea')],
  ['photos', 'added tag x; y', [tag('x; y')], asText('added tag x; y')],
  [
    'photos',
    'rated 5 of 5; removed tag dog; put into landscape; took out of the trash; reset tags, alt text',
    [tag('dog', false)],
    said('edit.several', {
      edits: [
        said('edit.rated', { rating: 5 }),
        said('edit.tags-removed', { tags: ['dog'] }),
        said('edit.category-added', { category: 'landscape' }),
        said('edit.restored'),
        said('edit.reset', { fields: ['tags', 'alt_text'] }),
      ],
    }),
  ],
  ['photos', 'wrote the alternative text', [], said('edit.text-written', { field: 'alt_text' })],
  ['photos', 'undid: removed the rating', [], said('edit.undone', { edit: said('edit.rating-removed') })],
  ['photos', 'took out of holidays', [], said('edit.category-removed', { category: 'holidays' })],
  ['photos', 'removed the folder /p/a; b', [], said('edit.folder-removed', { folder: '/p/a; b' })],
  ['photos', 'added the folder /p again again', [], said('edit.folder-added', { folder: '/p again' })],
  ['photos', 'kept the best of 1,234 sets of duplicates', [], said('duplicates.kept-best', { sets: 1234 })],
  ['photos', 'kept 1 of 3 duplicates', [], said('duplicates.kept', { kept: 1, all: 3 })],
  ['photos', `wrote the ${'x'.repeat(490)}`, [], asText(`wrote the ${'x'.repeat(490)}`)],
  ['photos', 'something of an earlier version', [], asText('something of an earlier version')],
  ['people', 'named Anna to be', [], said('person.named', { name: 'Anna to be' })],
  ['people', 'renamed Anna to Ann', [], said('person.renamed', { from: 'Anna', to: 'Ann' })],
  ['people', 'renamed Anna to Ann to Jo', [], asText('renamed Anna to Ann to Jo')],
  ['people', 'merged a person without a name into Anna', [], said('person.merged', { gone: null, into: 'Anna' })],
  ['people', 'moved 12 faces to Anna', [], said('person.faces-moved', { count: 12, person: 'Anna' })],
  ['people', 'a face is not Anna', [], said('person.faces-rejected', { count: 1, person: 'Anna' })],
  ['people', '2 faces are not a person without a name', [], said('person.faces-rejected', { count: 2, person: null })],
  ['people', 'undid: Anna is not Ann', [], said('edit.undone', { edit: said('person.apart', { other: 'Anna', person: 'Ann' }) })],
  ['people', 'showed Anna again', [], said('person.shown', { person: 'Anna' })],
  ['clusters', 'merged a cluster without a name into Dogs', [], said('cluster.merged', { gone: null, into: 'Dogs' })],
  [
    'albums',
    'undid: put into the album Trip: 1; 2',
    [],
    said('edit.undone', { edit: said('album.photos-added', { album: 'Trip: 1; 2' }) }),
  ],
  ['vocabulary', 'beach: said from 0.25 on', [], said('word.from', { word: 'beach', threshold: 0.25 })],
  ['vocabulary', 'added the word kite', [], said('word.added', { word: 'kite' })],
  ['products', 'reset the name of product picture 7', [], said('product.words', { written: [], reset: ['name'], picture: 7 })],
  [
    'products',
    'wrote the name, description; reset the attributes of product picture 7',
    [],
    said('product.words', { written: ['name', 'description'], reset: ['attributes'], picture: 7 }),
  ],
]

it('reads what was done where it can be read in one way, and keeps every sentence', async () => {
  await using open = await openTestDatabase()
  const { db } = open
  await sql`alter table edits alter column summary type text using ''`.execute(db)
  await sql`alter table albums alter column problem type text using ''`.execute(db)
  await sql`insert into albums (name, kind, problem) values ('one', 'by-hand', null), ('two', 'by-hand', 'there is no photo 7')`.execute(db)
  for (const [area, sentence, targets] of EDITS)
    await sql`insert into edits (area, summary, targets, photo_ids, photos) values (${area}, ${sentence}, ${JSON.stringify(targets)}::jsonb, '{}', 0)`.execute(
      db,
    )
  await tellEditsByCode(db as unknown as Kysely<unknown>)
  const edits = await db.selectFrom('edits').select('summary').orderBy('id').execute()
  expect(edits.map(({ summary }) => summary)).toEqual(EDITS.map(([, , , stored]) => stored))
  expect(edits.map(({ summary }) => render(summary))).toEqual(EDITS.map(([, sentence]) => sentence))
  const albums = await db.selectFrom('albums').select('problem').orderBy('id').execute()
  expect(albums.map(({ problem }) => problem)).toEqual([null, asText('there is no photo 7')])
})
