/** @file Clusters over a real database: found, kept through re-runs and other spaces, joined by new photos, named and merged by persons; trips. */

import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import type { ClusterLabel, ClusterList, ClusterMerged, ClusterReport } from '../../../src/contract/clusters.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { EVERY_PHOTO } from '../../../src/domain/visibility.ts'
import { Clustering, type ClusterSpace } from '../../../src/group/clusters/clustering.ts'
import { type ClusterDescriber, labelCluster } from '../../../src/group/clusters/label-clusters.ts'
import { readLastRun } from '../../../src/group/clusters/store-clusters.ts'
import { openDescriber } from '../../../src/models/describe/open-describer.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { type FakeProvider, GOOD_ANSWER, startFakeProvider } from '../../support/fake-provider.ts'
import { openTestServer } from '../../support/http.ts'
import { drawJpeg } from '../../support/jpeg.ts'
import { addPhoto } from '../../support/library.ts'
import { addVectors, unit } from '../../support/search.ts'

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

const TOPICS = { dog: [1, 0, 0, 0], beach: [0, 1, 0, 0], receipt: [0, 0, 1, 0] } as const
type Topic = keyof typeof TOPICS
/** beside its topic, a little of everything */
const vectorOf = (topic: Topic, at: number, turn = 0) => {
  const values = TOPICS[topic].map((value, i) => value + 0.12 * Math.sin(at * (i + 1) * 1.7))
  return unit(...values.slice(turn), ...values.slice(0, turn), 0.1)
}

async function addTopic(topic: Topic, count: number, spaces: readonly string[] = ['m1']): Promise<number[]> {
  const ids: number[] = []
  for (let at = 0; at < count; at++) ids.push(await addPhoto(database.db, { tags: [topic, 'photo'] }))
  for (const [turn, space] of spaces.entries())
    await addVectors(
      database.db,
      space,
      ids.map((id, at) => [id, vectorOf(topic, at, turn)] as const),
    )
  return ids
}

/** A describer that has no language model. */
const SAYS_DOGS: ClusterDescriber = {
  model: 'fake/describer@1',
  ask: async () => ({ clusterName: 'Happy Dogs', description: 'A dog.', tags: ['dog', 'grass'], primaryCategory: 'animals' }),
  label: async () => null,
  conclude: async () => {},
}

async function addDescription(photoId: number): Promise<void> {
  const said = { said_by: 'fake/describer@1', models: ['fake'], description: 'A dog.', cluster_name: 'Happy Dogs', detected_objects: '[]' }
  await database.db
    .insertInto('descriptions')
    .values({ photo_id: photoId, ...said })
    .execute()
}

const closing = (app: FastifyInstance) => ({ app, [Symbol.asyncDispose]: () => app.close() })

async function spaceOf(name: string): Promise<ClusterSpace> {
  return database.db.selectFrom('spaces').select(['id', 'name', 'width']).where('name', '=', name).executeTakeFirstOrThrow()
}

async function openClustering(
  space: string,
  near: readonly number[] = [],
  describer: () => ClusterDescriber | null = () => null,
): Promise<Clustering> {
  const own = await spaceOf(space)
  const deps = {
    db: database.db,
    log: silentLog,
    space: async () => own,
    neighbours: async () => near,
    onChanged: () => {},
    quietMs: 1,
    describer,
  }
  return new Clustering(deps)
}

/** One whole look in this space. */
async function look(space: string, describer?: () => ClusterDescriber | null): Promise<void> {
  const before = await readLastRun(database.db)
  await using clustering = await openClustering(space, [], describer)
  await clustering.run()
  const isDone = async () => !clustering.isRunning && (await readLastRun(database.db))?.at !== before?.at
  await expect.poll(isDone).toBe(true)
}

const call = async (method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object) =>
  app.inject({ method, url, ...(payload ? { payload } : {}) })
const list = async () => (await call('GET', '/api/clusters')).json<ClusterList>()
const named = async (name: string) => (await list()).clusters.find((cluster) => cluster.name?.toLowerCase().includes(name)) as ClusterReport
const membersOf = async (id: number) =>
  (await database.db.selectFrom('cluster_photos').select('photo_id').where('cluster_id', '=', id).orderBy('photo_id').execute()).map(
    (row) => row.photo_id,
  )

it('are found, named by what tells them apart, filter a search, and say what they rest on', async () => {
  const dogs = await addTopic('dog', 10)
  await addTopic('beach', 8)
  await addTopic('receipt', 6)
  await look('m1')
  const { clusters, state } = await list()
  expect(clusters.map(({ name, count, said_by }) => [name, count, said_by])).toEqual([
    ['Dog', 10, 'facts'],
    ['Beach', 8, 'facts'],
    ['Receipt', 6, 'facts'],
  ])
  expect(state).toMatchObject({ space: 'm1', photos: 24, in_none: 0, running: false, notice: null })
  expect(await membersOf(clusters[0]!.id)).toEqual(dogs)
  expect(clusters[0]?.representatives).toHaveLength(5)
  expect((await call('GET', `/api/search?cluster=${clusters[0]?.id}`)).json().total).toBe(10)
})

it('keep their ids and a person’s names when all is looked at again, in another space too, after photos were deleted', async () => {
  const dogs = await addTopic('dog', 10, ['m1', 'm2'])
  await addTopic('beach', 8, ['m1', 'm2'])
  await look('m1')
  const dog = await named('dog')
  const beach = await named('beach')
  await call('PATCH', `/api/clusters/${dog.id}`, { name: 'Rex' })
  await database.db.deleteFrom('photos').where('id', 'in', dogs.slice(0, 3)).execute()
  await look('m2')
  const after = await list()
  expect(after.clusters.map(({ id, name, count, said_by }) => ({ id, name, count, said_by }))).toEqual([
    { id: beach.id, name: 'Beach', count: 8, said_by: 'facts' },
    { id: dog.id, name: 'Rex', count: 7, said_by: 'person' },
  ])
  expect(after.state.space).toBe('m2')
  expect((await call('PATCH', `/api/clusters/${dog.id}`, { name: null })).json()).toMatchObject({ name: 'Dog', said_by: 'facts' })
})

it('what was merged stays together, hidden ones stay hidden; merging twice is harmless', async () => {
  const dogs = await addTopic('dog', 10)
  const beaches = await addTopic('beach', 8)
  await look('m1')
  const [dog, beach] = [await named('dog'), await named('beach')]
  expect((await call('POST', `/api/clusters/${beach.id}/merge`, { into: dog.id })).json()).toMatchObject({ id: dog.id, count: 18 })
  expect((await call('POST', `/api/clusters/${beach.id}/merge`, { into: dog.id })).statusCode).toBe(404)
  expect((await call('POST', `/api/clusters/${dog.id}/merge`, { into: dog.id })).statusCode).toBe(422)
  await call('PATCH', `/api/clusters/${dog.id}`, { hidden: true })
  await look('m1')
  expect(await membersOf(dog.id)).toEqual([...dogs, ...beaches])
  expect((await list()).clusters).toEqual([])
  expect((await call('GET', '/api/clusters?hidden=true')).json<ClusterList>().clusters).toMatchObject([{ id: dog.id, hidden: true }])
})

it('a merge is taken back through the history: same id, name and photos; what lies elsewhere since stays there', async () => {
  const dogs = await addTopic('dog', 10)
  const beaches = await addTopic('beach', 8)
  await look('m1')
  const [dog, beach] = [await named('dog'), await named('beach')]
  await call('PATCH', `/api/clusters/${beach.id}`, { name: 'Summer' })
  const { edit } = (await call('POST', `/api/clusters/${beach.id}/merge`, { into: dog.id })).json<ClusterMerged>()
  const [moved, deleted] = beaches as [number, number]
  await database.db.updateTable('cluster_photos').set({ cluster_id: null }).where('photo_id', '=', moved).execute()
  await database.db.deleteFrom('photos').where('id', '=', deleted).execute()
  expect((await call('POST', `/api/edits/${edit}/undo`)).json()).toMatchObject({
    area: 'clusters',
    changed: 6,
    conflicts: 2,
    undo_of: edit,
  })
  expect(await membersOf(beach.id)).toEqual(beaches.slice(2))
  expect(await membersOf(dog.id)).toEqual(dogs)
  expect((await list()).clusters.map(({ id, name, said_by }) => [id, name, said_by])).toEqual([
    [dog.id, 'Dog', 'facts'],
    [beach.id, 'Summer', 'person'],
  ])
  expect((await call('POST', `/api/edits/${edit}/undo`)).statusCode).toBe(409)
  // of two merges the later one goes first
  const first = (await call('POST', `/api/clusters/${beach.id}/merge`, { into: dog.id })).json<ClusterMerged>()
  await addTopic('receipt', 8)
  await look('m1')
  const receipt = await named('receipt')
  const second = (await call('POST', `/api/clusters/${dog.id}/merge`, { into: receipt.id })).json<ClusterMerged>()
  expect((await call('POST', `/api/edits/${first.edit}/undo`)).statusCode).toBe(409)
  expect((await call('POST', `/api/edits/${second.edit}/undo`)).statusCode).toBe(200)
  expect((await call('POST', `/api/edits/${first.edit}/undo`)).statusCode).toBe(200)
})

it('a name that somebody else gave meanwhile is not overwritten unseen', async () => {
  await addTopic('dog', 12)
  await addTopic('beach', 8)
  await look('m1')
  const dog = await named('dog')
  expect((await call('PATCH', `/api/clusters/${dog.id}`, { name: 'Rex', was: 'Dog' })).statusCode).toBe(200)
  const late = await call('PATCH', `/api/clusters/${dog.id}`, { name: 'Bello', was: 'Dog' })
  expect([late.statusCode, late.json().detail]).toEqual([409, expect.stringContaining('Rex')])
})

it('a new photo joins the cluster its neighbours are in, or none', async () => {
  const dogs = await addTopic('dog', 20)
  await addTopic('beach', 20)
  await look('m1')
  const dog = await named('dog')
  const [fresh] = (await addTopic('dog', 1)) as [number]
  await using clustering = await openClustering('m1', dogs.slice(0, 10))
  clustering.wake()
  await expect.poll(() => membersOf(dog.id)).toEqual([...dogs, fresh])
})

/** System C’s pipeline as composed, on a fake provider’s servers. */
function openDescriberOver(provider: FakeProvider) {
  const config = loadConfig({ FOTOTECA_BLIP_ENDPOINT: provider.captionUrl, FOTOTECA_PHI35_ENDPOINT: provider.openaiUrl })
  const describer = openDescriber('blip2+phi3.5', config)
  return (): ClusterDescriber => ({
    model: describer.info.id,
    ask: async () => {
      const { description } = await describer.describe(await drawJpeg())
      return { clusterName: description.suggestedClusterName, ...description }
    },
    label: async (_, captions) => {
      const { label, models } = (await describer.label?.(captions)) ?? { label: null, models: [] }
      return label && { label, models }
    },
    conclude: async () => {},
  })
}

it('label_cluster: one prompt over the captions of five representatives asks what they have in common; a person’s name stands', async () => {
  await using provider = await startFakeProvider()
  await addTopic('dog', 12)
  await addTopic('beach', 6)
  await look('m1')
  const dog = await named('dog')
  await using server = await openTestServer(database, { clusterDescriber: openDescriberOver(provider) }).then(closing)
  const label = async () => (await server.app.inject({ method: 'POST', url: `/api/clusters/${dog.id}/label` })).json<ClusterLabel>()
  provider.caption = 'a dog on a beach'
  const common = {
    cluster_name: 'Dogs Outdoors',
    description: 'Dogs playing outside.',
    tags: ['Dog', 'outdoors', 'dog'],
    primary_category: 'animals',
  }
  let wrong = 1
  provider.says = ({ json }) => {
    if (!JSON.stringify(json.messages).includes('as a JSON list')) return GOOD_ANSWER
    return wrong-- > 0 ? 'They are all dogs.' : `Sure:\n\`\`\`json\n${JSON.stringify(common)}\n\`\`\``
  }
  expect(await label()).toEqual({
    cluster_name: 'Dogs Outdoors',
    description: 'Dogs playing outside.',
    tags: ['dog', 'outdoors'],
    primary_category: 'animals',
    vlm_model: 'phi3.5',
    fallback_used: false,
    images_analyzed: 5,
    total_images: 12,
  } satisfies ClusterLabel)
  const asked = provider.calls.filter(({ json }) => JSON.stringify(json?.messages ?? '').includes('as a JSON list'))
  expect(asked).toHaveLength(2) // once more with the error told
  expect(asked[0]?.json).toMatchObject({ max_tokens: 300, temperature: 0.3, response_format: { json_schema: { name: 'cluster_label' } } })
  expect(asked[0]?.json.messages[1].content).toContain(JSON.stringify(Array.from({ length: 5 }, () => 'a dog on a beach')))
  expect((await list()).clusters[0]).toMatchObject({
    name: 'Dogs Outdoors',
    said_by: expect.stringContaining('blip2'),
    description: 'Dogs playing outside.',
  })

  wrong = 2 // no usable answer at all: what was said of each is counted
  expect(await label()).toMatchObject({ cluster_name: 'Beach dogs', fallback_used: true, images_analyzed: 5 })
  await call('PATCH', `/api/clusters/${dog.id}`, { name: 'Rex' })
  wrong = 0
  expect(await label()).toMatchObject({ cluster_name: 'Rex', description: 'Dogs playing outside.', fallback_used: false })
  expect((await list()).clusters[0]).toMatchObject({ name: 'Rex', said_by: 'person' })
  const without = (await call('POST', `/api/clusters/${dog.id}/label`)).json<ClusterLabel>()
  expect(without).toMatchObject({ cluster_name: 'Rex', vlm_model: null, images_analyzed: 0 })
  expect((await call('POST', '/api/clusters/99/label')).statusCode).toBe(404)
})

it('in the background a cluster of described photos gets its label by one prompt too', async () => {
  const dogs = await addTopic('dog', 12)
  for (const id of dogs) await addDescription(id)
  await addTopic('beach', 6)
  const asked: (readonly string[])[] = []
  const describer = (): ClusterDescriber => ({
    ...SAYS_DOGS,
    label: async (_, captions) => {
      asked.push(captions)
      return { label: { name: 'Dogs Outdoors', description: null, tags: ['dog'], primaryCategory: 'animals' }, models: ['phi'] }
    },
  })
  await look('m1', describer)
  expect(asked).toEqual([Array.from({ length: 5 }, () => 'A dog.')])
  expect((await list()).clusters.map(({ name, said_by }) => [name, said_by])).toEqual([
    ['Dogs Outdoors', 'fake/describer@1'],
    ['Beach', 'facts'],
  ])
})

it('a name is not lost when its cluster is looked at again: not where facts tell nothing any more, and a describer’s not to facts', async () => {
  const { db } = database
  const lookAnew = async () => {
    await db.updateTable('clusters').set({ labelled_size: 1 }).execute() // as if they had grown
    await look('m1')
  }
  await addTopic('dog', 12)
  await addTopic('beach', 6)
  await look('m1')
  const [dog, beach] = [await named('dog'), await named('beach')]
  await labelCluster({ db, describer: () => SAYS_DOGS }, EVERY_PHOTO, dog.id)
  await lookAnew()
  expect((await list()).clusters).toMatchObject([
    { id: dog.id, name: 'Happy Dogs', said_by: 'fake/describer@1', description: 'A dog.', tags: ['dog', 'grass'] },
    { id: beach.id, name: 'Beach', said_by: 'facts' },
  ])
  await db.deleteFrom('photo_tags').execute()
  await lookAnew()
  expect((await list()).clusters.map(({ name }) => name)).toEqual(['Happy Dogs', 'Beach'])
  expect(await db.selectFrom('clusters').select('labelled_size').orderBy('id').execute()).toEqual([
    { labelled_size: 12 },
    { labelled_size: 6 },
  ])
})

it('a run that was cut off is made again; nothing is half', async () => {
  await addTopic('dog', 12)
  await addTopic('beach', 6)
  {
    await using clustering = await openClustering('m1')
    await clustering.run()
  }
  expect(await readLastRun(database.db)).toBeNull()
  await look('m1')
  expect((await list()).clusters).toMatchObject([{ count: 12 }, { count: 6 }])
})

it('“look again” in a process that does not do it reaches the one that does', async () => {
  await addTopic('dog', 12)
  await look('m1')
  const before = await readLastRun(database.db)
  await using holder = await openClustering('m1')
  await using other = await openClustering('m1')
  other.task.leaveToOthers(holder.wake)
  // nothing is new: only a person's wish has it look at all photos
  holder.wake()
  await expect.poll(() => holder.task.report()).toMatchObject({ state: 'idle', pieces: 1 })
  expect(await readLastRun(database.db)).toEqual(before)
  await other.run()
  await expect.poll(async () => (await readLastRun(database.db))?.at).not.toBe(before?.at)
  expect(other.task.report().pieces).toBe(0)
  // once
  const after = await readLastRun(database.db)
  await expect.poll(() => holder.task.report().state).toBe('idle')
  holder.wake()
  await expect.poll(() => holder.task.report().pieces).toBe(3)
  expect(await readLastRun(database.db)).toEqual(after)
})

it('trips are told by place and time', async () => {
  const place = (latitude: number, longitude: number, country: string) => ({ latitude, longitude, country })
  const take = async (day: string, where: ReturnType<typeof place>) => {
    const id = await addPhoto(database.db, { day, metadata: where })
    await database.db
      .updateTable('photos')
      .set({ taken_local: `${day}T12:00:00` })
      .where('id', '=', id)
      .execute()
  }
  for (const day of ['2024-01-05', '2024-02-05', '2024-03-05', '2024-04-05']) await take(day, place(59.9, 10.7, 'Norway'))
  for (const day of ['2024-05-01', '2024-05-01', '2024-05-02', '2024-05-03', '2024-05-03']) await take(day, place(41.9, 12.5, 'Italy'))
  expect((await call('GET', '/api/trips')).json().trips).toMatchObject([
    { name: 'Italy, May 2024', kind: 'trip', from: '2024-05-01', to: '2024-05-03', count: 5 },
  ])
})
