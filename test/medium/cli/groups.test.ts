/** @file People, duplicates and trash on the command line: what is said there is done, previewed, and taken back. */
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { silentLog } from '../../../src/domain/log.ts'
import { SetsBuilder } from '../../../src/group/duplicates/sets-builder.ts'
import { runTestCli } from '../../support/cli.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { openTestServer } from '../../support/http.ts'
import { addPhoto } from '../../support/library.ts'

let database: TestDatabase
let app: FastifyInstance

beforeAll(async () => {
  database = await openTestDatabase()
  app = await openTestServer(database)
})
afterAll(async () => {
  await app.close()
  await database[Symbol.asyncDispose]()
})
beforeEach(() => truncateAll(database.db))

/** @returns what it printed, with the exit code where that is not 0 */
async function say(...argv: string[]): Promise<string> {
  const { code, out, err } = await runTestCli(app, join(database.dataDir, 'cli-groups'), argv)
  const text = `${out}${err}`.trim()
  return code === 0 ? text : `${code}: ${text}`
}
const number = (text: string) => /(?:undo|restore|edit) (\d+)/.exec(text)?.[1] ?? 'none'

it('people: named, merged by name, split off, and each taken back', async () => {
  await addPhoto(database.db, { people: ['Ada'] })
  await addPhoto(database.db, { people: ['Ada'] })
  await addPhoto(database.db, { people: ['Ben'] })
  expect(await say('people', 'list')).toMatch(/Ada\s+2 photos[\s\S]*Ben\s+1 photo/)
  const merged = await say('people', 'merge', 'ben', 'Ada')
  expect(merged).toContain('merged Ben into Ada')
  expect(await say('people', 'list')).not.toContain('Ben')
  expect(await say('people', 'undo', number(merged))).toContain('undid: merged Ben into Ada')
  const { faces } = JSON.parse(await say('people', 'faces', 'Ada', '--json')) as { faces: { id: number }[] }
  expect(await say('people', 'move', String(faces[0]?.id), '--to', 'Grace')).toContain('moved a face to Grace')
  expect(await say('people', 'name', 'Grace', 'Grace H.')).toContain('renamed Grace to Grace H.')
  expect(await say('people', 'hide', 'Ben')).toContain('(person')
  expect(await say('people', 'list', '--hidden')).toContain('Ben')
  expect(await say('people', 'name', 'Nobody', 'X')).toMatch(/^[1-9].*nobody is called Nobody/s)
})

it('duplicates: previewed by rules of the moment, decided, taken back; the trash lists and empties', async () => {
  const { db } = database
  const [small, large] = [await addPhoto(db, { filename: 'small.jpg' }), await addPhoto(db, { filename: 'large.jpg' })]
  await db.updateTable('photos').set({ width: 100, height: 100 }).where('id', '=', small).execute()
  await db.updateTable('photos').set({ width: 900, height: 900 }).where('id', '=', large).execute()
  await db.insertInto('duplicates').values({ photo_id_1: small, photo_id_2: large, kind: 'same-picture', hamming_distance: 2 }).execute()
  await using sets = new SetsBuilder(db, silentLog)
  await sets.build()
  const [set] = (JSON.parse(await say('duplicates', 'list', '--json')) as { sets: { id: number }[] }).sets
  expect(await say('duplicates', 'status')).toMatch(/same-picture\s+1 set /)
  const preview = async (rule: string) =>
    JSON.parse(await say('duplicates', 'keep', '--kind', 'same-picture', '--rule', rule, '--dry-run', '--json'))
  expect(await preview('largest')).toMatchObject({ edit: null, sets: 1, trashed: 1 })
  expect(await say('duplicates', 'keep', '--kind', 'same-picture', '--rule', 'prettiest')).toMatch(/^[1-9]/)
  expect(await say('duplicates', 'keep')).toMatch(/^[1-9].*say which sets/s)

  const kept = await say('duplicates', 'keep', String(set?.id), '--rule', 'largest')
  expect(kept).toContain('1 set: 1 photo stays, 1 goes to the trash')
  expect(await say('trash', 'list')).toContain('small.jpg')
  expect(await say('duplicates', 'undo', number(kept))).toContain('undid')
  expect(await say('trash', 'list')).toContain('0 photos')
  expect(await say('duplicates', 'keep', String(set?.id), '--photos', String(small))).toContain('1 goes to the trash')
  expect(await say('trash', 'restore', String(large))).toBe('1 photo is back')
  expect(await say('duplicates', 'not-duplicate', String(set?.id))).toContain('no duplicates')
  expect(await say('duplicates', 'list')).toBe('nothing to decide')
  expect(await say('duplicates', 'rules', 'oldest,largest')).toBe('oldest, largest')
  expect(await say('trash', 'empty')).toMatch(/^[1-9].*--all/s)
  expect(await say('trash', 'empty', '--all')).toContain('0 photos deleted')
})
