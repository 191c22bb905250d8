/** @file People over the API and through the clustering: what persons say binds later runs, is undone, survives re-analysis and another model. */
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { EditReport } from '../../../src/contract/edits.ts'
import type { PeopleAction, PeopleActionReport, PeopleAnswer, PersonFace, QuestionsAnswer } from '../../../src/contract/people.ts'
import { toVectorText } from '../../../src/db/vector.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { FaceAssigner } from '../../../src/group/people/face-assigner.ts'
import type { FoundFace } from '../../../src/models/ports/capability.ts'
import { replaceFaces } from '../../../src/pipeline/steps/faces/store.ts'
import { replaceObjects } from '../../../src/pipeline/steps/objects/store.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { openTestServer } from '../../support/http.ts'
import { addPhoto } from '../../support/library.ts'

const MODEL = 'builtin/face-api@1'
let database: TestDatabase
let app: FastifyInstance

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())
beforeEach(async () => {
  await truncateAll(database.db)
  app = await openTestServer(database)
  return () => app.close()
})

const BOX = { x: 0.4, y: 0.3, width: 0.2, height: 0.2 }
/** a face on a plane, where distances can be seen */
const face = (at: readonly number[], more: Partial<FoundFace> = {}): FoundFace => ({
  box: BOX,
  confidence: 0.9,
  quality: 0.8,
  landmarks: [],
  vector: Float32Array.from(at),
  ...more,
})
const analyse = (photo: number, faces: readonly FoundFace[], model = MODEL) =>
  database.db.transaction().execute((trx) => replaceFaces(trx, photo, faces, model))
/** a photo with one face there; @returns ids */
async function addFace(at: readonly number[], more: Parameters<typeof addPhoto>[1] = {}): Promise<{ photo: number; id: number }> {
  const photo = await addPhoto(database.db, more)
  await analyse(photo, [face(at)])
  const { id } = await database.db.selectFrom('faces').select('id').where('photo_id', '=', photo).executeTakeFirstOrThrow()
  return { photo, id }
}
/** the clustering runs until nothing is due */
async function cluster(isAnew = false): Promise<void> {
  await using faceAssigner = new FaceAssigner({ db: database.db, onPlaced: () => {}, log: silentLog, settleMs: 0 })
  if (isAnew) await faceAssigner.anew()
  else faceAssigner.wake()
  const isSettled = async () => {
    const wanted = await database.db.selectFrom('settings').select('key').where('key', '=', 'people.anew').execute()
    const { due, state } = await faceAssigner.lane()
    return due === 0 && state === 'idle' && wanted.length === 0
  }
  await expect.poll(isSettled).toBe(true)
}
async function call<T>(method: 'GET' | 'POST', url: string, payload?: object): Promise<T> {
  const answer = await app.inject({ method, url, ...(payload ? { payload } : {}) })
  if (answer.statusCode !== 200) throw new Error(`${answer.statusCode}: ${answer.json<{ detail: string }>().detail}`)
  return answer.json<T>()
}
const act = (action: PeopleAction) => call<PeopleActionReport>('POST', '/api/people/actions', action)
const undo = ({ edit }: PeopleActionReport) => call<EditReport>('POST', `/api/edits/${edit?.id}/undo`)
const list = async (query = '') => (await call<PeopleAnswer>('GET', `/api/people?min_faces=1&${query}`)).people
/** who each face is of: name, `unnamed <n>` in order of appearance, or null */
async function owners(...faces: { id: number }[]): Promise<(string | null)[]> {
  const rows = await database.db
    .selectFrom('faces')
    .leftJoin('people', 'people.id', 'faces.person_id')
    .select(['faces.id', 'people.id as person', 'people.name'])
    .execute()
  const unnamed: number[] = []
  return faces.map(({ id }) => {
    const row = rows.find((one) => one.id === id)
    if (row?.person == null) return null
    if (row.name !== null) return row.name
    if (!unnamed.includes(row.person)) unnamed.push(row.person)
    return `unnamed ${unnamed.indexOf(row.person) + 1}`
  })
}
const personOf = async ({ id }: { id: number }) =>
  (await database.db.selectFrom('faces').select('person_id').where('id', '=', id).executeTakeFirstOrThrow()).person_id ?? 0
const found = async (q: string) => (await call<{ total: number }>('GET', `/api/search?mode=keyword&q=${q}`)).total

describe('clustering', () => {
  it('makes clusters, and new faces join the person who was named meanwhile', async () => {
    const [a, b, c] = [await addFace([0, 0]), await addFace([0.1, 0]), await addFace([5, 5])]
    await cluster()
    expect(await owners(a, b, c)).toEqual(['unnamed 1', 'unnamed 1', null])
    const named = await act({ do: 'name', person: await personOf(a), name: 'Anna' })
    expect(named.edit).toMatchObject({ summary: 'named Anna', area: 'people', changed: 2 })
    expect(await found('anna')).toBe(2)
    const d = await addFace([0.05, 0.05])
    await cluster()
    expect(await owners(a, b, c, d)).toEqual(['Anna', 'Anna', null, 'Anna'])
    expect(await list()).toMatchObject([{ name: 'Anna', count: 3, faces: 3, is_hidden: false }])
    expect((await call<PeopleAnswer>('GET', '/api/people?show=unnamed')).total).toBe(0)
  })

  it('keeps faces of animals apart, whenever the animal is found, until a person says whose they are', async () => {
    const seeDog = (photo: number, labels: readonly string[]) =>
      database.db.transaction().execute((trx) =>
        replaceObjects(
          trx,
          photo,
          labels.map((label) => ({ label, confidence: 0.9, box: BOX })),
          'builtin/centernet@1',
        ),
      )
    const faces = [await addFace([0, 0]), await addFace([0.1, 0]), await addFace([0, 0.1])]
    const list = async () =>
      (await call<PeopleAnswer>('GET', '/api/people?show=unnamed&min_faces=1')).people.map(({ faces: count }) => count)
    await cluster()
    expect(await list()).toEqual([3])
    // the objects were found after the faces, and again after the dog was seen
    for (const { photo } of faces) await seeDog(photo, ['dog'])
    await analyse(faces[0]!.photo, [face([0, 0])])
    await cluster(true)
    expect(await list()).toEqual([])
    const { photo, id } = faces[0]!
    expect(await call('GET', `/api/photos/${photo}`)).toMatchObject({ faces: [{ id, person: null, animal: 'dog' }] })
    const said = async () =>
      (await database.db.selectFrom('photo_tags').select('tag').where('photo_id', '=', photo).orderBy('tag').execute()).map(
        ({ tag }) => tag,
      )
    expect(await said()).toEqual(['dog'])
    expect((await call<{ total: number }>('GET', '/api/search?has_faces=true')).total).toBe(0)
    // a person’s word stands
    await act({ do: 'move', faces: [id], to: { name: 'Rex' } })
    await analyse(photo, [face([0, 0])])
    await cluster()
    expect(await call('GET', `/api/photos/${photo}`)).toMatchObject({ faces: [{ id, person: { name: 'Rex' } }] })
    // and where the dog was none, the face is a person’s again
    const other = faces[1]!
    await seeDog(other.photo, ['chair'])
    await cluster()
    expect(await call('GET', `/api/photos/${other.photo}`)).toMatchObject({ faces: [{ animal: null, person: { name: 'Rex' } }] })
  })

  it('never compares faces of two models, and a name survives the change of the model', async () => {
    const [a, b] = [await addFace([0, 0]), await addFace([0.1, 0])]
    await cluster()
    await act({ do: 'name', person: await personOf(a), name: 'Anna' })
    // another model sees the same face a little elsewhere, in a space of its own
    await analyse(a.photo, [face([0, 1, 0], { box: { ...BOX, x: 0.42 } })], 'onnx/scrfd@1')
    const c = await addFace([5, 5])
    await analyse(c.photo, [face([0, 1, 0])], 'onnx/scrfd@1')
    await cluster()
    expect(await owners(a, b, c)).toEqual(['Anna', 'Anna', 'Anna'])
  })

  it('leaves what a person said as it was, made anew or found again', async () => {
    const [a, b, c] = [await addFace([0, 0]), await addFace([0.1, 0]), await addFace([0.2, 0])]
    await cluster()
    const anna = await personOf(a)
    await act({ do: 'name', person: anna, name: 'Anna' })
    await act({ do: 'reject', faces: [c.id], person: anna })
    await act({ do: 'move', faces: [b.id], to: { name: 'Berta' } })
    for (const one of [a, b, c]) await analyse(one.photo, [face([0.1, 0.01])])
    await cluster(true)
    expect(await owners(a, b)).toEqual(['Anna', 'Berta'])
    expect((await owners(c))[0]).not.toBe('Anna')
    // not found any more, and found again later
    await analyse(b.photo, [])
    await analyse(b.photo, [face([9, 9])])
    await cluster(true)
    expect(await owners(a, b)).toEqual(['Anna', 'Berta'])
  })

  it('goes on where it was cut off', async () => {
    const faces = [await addFace([0, 0]), await addFace([0.1, 0])]
    const half = await database.db.insertInto('people').values({ name: null }).returning('id').executeTakeFirstOrThrow()
    await database.db
      .updateTable('faces')
      .set({ person_id: half.id, named_by: 'cluster' })
      .where('id', '=', faces[0]?.id ?? 0)
      .execute()
    await cluster()
    expect(await owners(...faces)).toEqual(['unnamed 1', 'unnamed 1'])
    expect(await database.db.selectFrom('people').select('id').execute()).toHaveLength(1)
  })
})

describe('actions', () => {
  it('merge, merge again, undo: the name, the faces and the words come back', async () => {
    const [a, b, c] = [await addFace([0, 0]), await addFace([3, 0]), await addFace([6, 0])]
    await act({ do: 'move', faces: [a.id], to: { name: 'Anna' } })
    await act({ do: 'move', faces: [b.id, c.id], to: { name: 'Anna Berg' } })
    const [into, person] = [await personOf(a), await personOf(b)]
    const merged = await act({ do: 'merge', person, into })
    expect(merged).toMatchObject({ person: into, edit: { summary: 'merged Anna Berg into Anna', changed: 2 } })
    expect(await act({ do: 'merge', person, into })).toEqual({ edit: null, person: into })
    expect(await owners(a, b, c)).toEqual(['Anna', 'Anna', 'Anna'])
    expect(await call('GET', `/api/people/${person}`)).toMatchObject({ id: into, name: 'Anna', faces: 3 })
    expect(await found('berg')).toBe(0)
    // a file that says the former name means the person it was merged into
    await database.db
      .insertInto('photo_metadata')
      .values({ photo_id: await addPhoto(database.db), face_regions: JSON.stringify([{ name: 'Anna Berg', box: BOX }]), raw: '{}' })
      .execute()
    const last = await database.db.selectFrom('photo_metadata').select('photo_id').executeTakeFirstOrThrow()
    await analyse(last.photo_id, [face([9, 9])])
    expect((await list())[0]).toMatchObject({ name: 'Anna', faces: 4 })
    expect(await undo(merged)).toMatchObject({ area: 'people', undo_of: merged.edit?.id, conflicts: 0 })
    expect(await owners(a, b, c)).toEqual(['Anna', 'Anna Berg', 'Anna Berg'])
    await expect(undo(merged)).rejects.toThrow('undone already')
  })

  it('refuse a name that is taken and a name somebody changed meanwhile, and say what was lost', async () => {
    const [a, b] = [await addFace([0, 0]), await addFace([3, 0])]
    await act({ do: 'move', faces: [a.id], to: { name: 'Anna' } })
    await act({ do: 'move', faces: [b.id], to: { new: true } })
    const [anna, other] = [await personOf(a), await personOf(b)]
    await expect(act({ do: 'name', person: other, name: 'ANNA' })).rejects.toThrow(/409.*merge the two/)
    await act({ do: 'name', person: other, name: 'Berta', was: null })
    await expect(act({ do: 'name', person: other, name: 'Beate', was: null })).rejects.toThrow(/409.*Berta meanwhile/)
    // one moves the face away, the other moves it as it was seen
    await act({ do: 'move', faces: [b.id], to: { person: anna } })
    expect(await act({ do: 'move', faces: [b.id], to: { name: 'Carla' }, from: other })).toMatchObject({
      edit: { changed: 0, conflicts: 1 },
    })
    expect(await owners(b)).toEqual(['Anna'])
    await expect(act({ do: 'merge', person: anna, into: anna })).rejects.toThrow('422')
    await expect(act({ do: 'hide', person: 4711, hidden: true })).rejects.toThrow('404')
    await expect(act({ do: 'cover', person: other, face: b.id })).rejects.toThrow('422')
  })

  it('renamed, a person is still meant by files that say the former name; undone, the former name is theirs again', async () => {
    const a = await addFace([0, 0])
    await act({ do: 'move', faces: [a.id], to: { name: 'Anna' } })
    const renamed = await act({ do: 'name', person: await personOf(a), name: 'Anna Berg' })
    const photo = await addPhoto(database.db, { metadata: { face_regions: JSON.stringify([{ name: 'Anna', box: BOX }]) } })
    await analyse(photo, [face([9, 9])])
    expect(await list()).toMatchObject([{ name: 'Anna Berg', faces: 2 }])
    await undo(renamed)
    expect(await list()).toMatchObject([{ name: 'Anna', faces: 2 }])
  })

  it('undo leaves alone what somebody changed since, and counts it', async () => {
    const [a, b] = [await addFace([0, 0]), await addFace([3, 0])]
    const moved = await act({ do: 'move', faces: [a.id, b.id], to: { name: 'Anna' } })
    await act({ do: 'move', faces: [a.id], to: { name: 'Berta' } })
    expect(await undo(moved)).toMatchObject({ conflicts: 1, changed: 1 })
    expect(await owners(a, b)).toEqual(['Berta', null])
  })

  it('hide, choose a cover; a deleted photo leaves no face and no cover', async () => {
    const [a, b] = [await addFace([0, 0]), await addFace([3, 0])]
    await act({ do: 'move', faces: [a.id, b.id], to: { name: 'Anna' } })
    const anna = await personOf(a)
    await act({ do: 'cover', person: anna, face: b.id })
    expect(await list()).toMatchObject([{ cover_face_id: b.id }])
    await database.db.deleteFrom('photos').where('id', '=', b.photo).execute()
    expect(await list()).toMatchObject([{ cover_face_id: a.id, faces: 1 }])
    const hidden = await act({ do: 'hide', person: anna, hidden: true })
    expect([await list(), (await list('show=hidden')).length]).toEqual([[], 1])
    await undo(hidden)
    expect(await list()).toHaveLength(1)
    const { faces } = await call<{ faces: PersonFace[] }>('GET', `/api/people/${anna}/faces`)
    expect(faces).toMatchObject([{ id: a.id, named_by: 'person', photo: { id: a.photo } }])
  })
})

describe('questions', () => {
  const questions = () => call<QuestionsAnswer>('GET', '/api/people/questions')

  it('come most useful first; yes, no and skip are remembered', async () => {
    const anna = [await addFace([0, 0]), await addFace([0.05, 0])]
    await act({ do: 'move', faces: anna.map(({ id }) => id), to: { name: 'Anna' } })
    const group = [await addFace([0.5, 0]), await addFace([0.52, 0.05])]
    const [single, far] = [await addFace([0, 0.48]), await addFace([0, -0.52])]
    await cluster()
    const { questions: asked, total } = await questions()
    expect(total).toBe(3)
    expect(asked.map(({ other, face: one }) => other?.faces ?? one?.id)).toEqual([2, single.id, far.id])
    expect(asked[0]).toMatchObject({ person: { name: 'Anna' }, is_skipped: false })
    const answer = (index: number, word: string) =>
      call<PeopleActionReport>('POST', `/api/people/questions/${asked[index]?.id}`, { answer: word })
    const yes = await answer(0, 'yes')
    expect(await owners(...group)).toEqual(['Anna', 'Anna'])
    await answer(1, 'no')
    await answer(2, 'skip')
    expect(await questions()).toMatchObject({ total: 1, questions: [{ face: { id: far.id }, is_skipped: true }] })
    await undo(yes)
    expect(await owners(...group)).toEqual(['unnamed 1', 'unnamed 1'])
    await cluster(true)
    const again = await questions()
    expect(again.questions.map(({ face: one }) => one?.id)).not.toContain(single.id)
    expect(await owners(single)).toEqual([null])
  })
})

it('reads vectors of any width as they were stored', async () => {
  const { id } = await addFace([0, 0])
  const vector = Float32Array.from({ length: 512 }, (_, i) => Math.fround(i / 7 - 30))
  await database.db
    .updateTable('faces')
    .set({ vector: toVectorText(vector) })
    .where('id', '=', id)
    .execute()
  await cluster()
  expect(await owners({ id })).toEqual([null])
})
