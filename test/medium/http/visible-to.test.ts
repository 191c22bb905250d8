/** @file What is hidden from whoever asks does not exist for them: a library of which half is hidden answers as one that never held that half (ADR 82). */
import type { FastifyInstance, InjectOptions } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Route } from '../../../src/contract/routes/route.ts'
import { ROUTES, type RouteName } from '../../../src/contract/routes.ts'
import { OWNER } from '../../../src/domain/actor.ts'
import { EVERY_PHOTO } from '../../../src/domain/visibility.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { openTestServer } from '../../support/http.ts'
import { fillLibrary, HALF, HIDDEN } from '../../support/seen-library.ts'

/** The library of which half is hidden; the one that never held that half. */
let whole: TestDatabase
let half: TestDatabase
let sees = HALF
let hiding: FastifyInstance
let without: FastifyInstance

beforeAll(async () => {
  ;[whole, half] = [await openTestDatabase({ isOwn: true }), await openTestDatabase({ isOwn: true })]
  hiding = await openTestServer(whole, { visibleTo: () => sees })
  without = await openTestServer(half)
  for (const [{ db }, app, isWhole] of [
    [whole, hiding, true],
    [half, without, false],
  ] as const) {
    await fillLibrary(db, isWhole)
    sees = EVERY_PHOTO
    // edits of what is seen, of what is hidden, of both
    for (const [id, ids] of [
      [1, [1]],
      [2, [HIDDEN + 1]],
      [3, [2, HIDDEN + 2]],
    ] as const) {
      await sql`select setval(pg_get_serial_sequence('edits', 'id'), ${id}, false)`.execute(db)
      const photos = { ids: ids.filter((photo) => isWhole || photo < HIDDEN) }
      if (photos.ids.length > 0) await post(app, '/api/edits', { photos, operations: [{ do: 'set_rating', rating: 5 }] })
    }
    await sql`update edits set made_at = '2026-01-01'`.execute(db)
    await sql`update decisions set decided_at = '2026-01-01'`.execute(db)
    sees = HALF
  }
})
afterAll(async () => {
  await hiding?.close()
  await without?.close()
  await whole?.[Symbol.asyncDispose]()
  await half?.[Symbol.asyncDispose]()
})

const post = (app: FastifyInstance, url: string, payload: object) => app.inject({ method: 'POST', url, payload })

const WORDS = [
  'dog',
  'garden',
  'harbour receipt',
  'submarine',
  'zepelin',
  'smuggled',
  '"receipt total"',
  'person:harry',
  'camera:spycam',
  'dog beach flower lamp',
  'in:bunkers',
  'city:area',
]
const EACH = [
  ...WORDS.map((q) => `q=${encodeURIComponent(q)}`),
  '',
  'tag=dog',
  'tag=submarine',
  'people=1',
  'people=901',
  'album=1',
  'album=2',
  'cluster=901',
  'cluster=1',
  'has_duplicates=true',
  'hide_duplicates=true',
  'state=failed',
  'like=1',
  `like=${HIDDEN + 1}`,
  'like=1&unlike=5',
  'q=dog&sort=oldest',
  'q=dog&mode=keyword&all=true',
  'people_none=1',
  'format=heic',
  'source=50',
  'rating=5',
]
const PREFIXES = ['d', 's', 'sub', 'zep', 'har', 'b', 'smug', 'spy', 'person:', 'camera:', 'cluster:', 'album:', 'tag:z', 'oslo', 'area']

/** The questions of each route that reads, by what stands behind its path; `:id` also of hidden ones, which are as if they never were. */
const IDS = (...ids: number[]) => ids.map((id) => ({ ':id': String(id) }))
type Question = string | Record<string, string>

const READS: Partial<Record<RouteName, readonly Question[]>> = {
  listPhotos: ['', '?limit=7', '?skip=5&limit=5', '?day=2024-04-13', '?day=2024-08-03', `?ids=1&ids=${HIDDEN + 1}`],
  listDays: [''],
  listPhotoIds: ['?skip=0&limit=500', '?skip=3&limit=4'],
  getPhoto: IDS(1, 2, 3, 5, 7, 9, 22),
  getThumbnail: IDS(1),
  getPreview: IDS(1),
  getOriginal: IDS(1),
  listFailures: [''],
  listAlbums: [''],
  similarAlbums: ['?photo_id=1&seed=5', '?seed=7', '?seed=11'],
  getAlbum: IDS(1, 2, 3),
  listAlbumPhotos: [...IDS(1, 2, 3), { ':id': '1', query: '?limit=2' }],
  listClusters: ['', '?hidden=true'],
  listTrips: [''],
  listPlaces: [''],
  listPoints: ['', '?area=40,10,45,15', '?city=Area'],
  getDuplicates: [''],
  listDuplicateSets: ['', '?kind=same-picture', '?kind=same-bytes'],
  getDuplicateSet: IDS(1, 2, 3, 4),
  getKeepRules: [''],
  listEdits: [''],
  getEdit: IDS(1, 2, 3),
  listVocabulary: [''],
  listWords: ['?q=dog', '?q=submarine'],
  getProgress: [''],
  getStats: [''],
  getHealth: [''],
  getLive: [''],
  getReady: [''],
  listSources: [''],
  listPeople: ['', '?show=unnamed&min_faces=1', '?limit=1'],
  getPerson: IDS(1, 2, 3, 901, 902),
  listPersonFaces: IDS(1, 3, 901),
  listQuestions: ['', '?person=901', '?person=1'],
  getFacePicture: IDS(40),
  search: EACH.map((one) => `?${one}${one.includes('limit') ? '' : '&limit=50'}`),
  getFacets: EACH.map((one) => `?${one}`),
  suggest: PREFIXES.map((q) => `?q=${encodeURIComponent(q)}`),
  listCategories: [''],
  getTrash: ['', '?removed=true'],
  getVerify: [''],
  listFileProblems: [''],
  getPhotoA: IDS(1, 2),
  listPhotosA: ['?limit=50', '?skip=4&limit=3'],
  searchA: ['?q=dog', '?q=submarine', '?q=garden&top_k=50'],
  analysisC: IDS(1, 2, 3),
  thumbnailB: IDS(1),
}

/** Routes that read and are not asked here, and why. */
const NOT_ASKED: Partial<Record<RouteName, string>> = {
  listSessions: 'browsers, no photos',
  getEvents: 'that something changed, never what',
  getMe: 'who asks, no photos',
  listAccounts: 'people, no photos',
  listKeys: 'keys, no photos',
  listAudit: 'what was done to which id, for owners, who see all photos',
  listFolders: 'the machine; for the owner',
  getBackup: 'the machine; for the owner',
  getRebuild: 'the machine; for the owner',
  getDescribe: 'counts calls and costs of the library as a whole',
  getTextEmbedding: 'counts calls and costs of the library as a whole',
  listComparisons: 'counts calls and costs of runs as a whole',
  getComparison: 'as the list; its photos are cards like all others',
  listModels: 'models of the machine',
  getTasks: 'work of the machine in the background, no photos',
  getQueue: 'processes and counts of the machine’s work; of the photos in hand only those that are seen are named',
  listSpaces: 'how far models are with the library as a whole',
  getExport: 'what was chosen is decided by `prepareExport`, below',
  getDownload: 'what was chosen is decided by `prepareDownload`, below',
  getGenerationOptions: 'what can be made, of no photo',
  listGenerations: 'a run and its store are one thing',
  getGeneration: 'a run and its store are one thing',
  getGenerationZip: 'a run and its store are one thing',
  getGenerated: 'a run and its store are one thing',
  getStored: 'a store is one thing: who may use it sees what lies in it',
  listStores: 'a store is one thing',
  listProducts: 'a store is one thing',
  listPictures: 'a store is one thing',
  getPicture: 'a store is one thing',
  exportProducts: 'a store is one thing',
}

/** What differs from call to call, whatever is asked. */
const FREE = /^(took_ms|made_at|started_at|uptime_s|search_memory|lanes|version)$/

function settle(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(settle)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, FREE.test(key) && key !== 'version' ? null : settle(own)]))
}

async function ask(app: FastifyInstance, request: InjectOptions) {
  const answer = await app.inject(request)
  const isJson = String(answer.headers['content-type']).startsWith('application/json')
  return { status: answer.statusCode, tag: answer.headers.etag, body: isJson ? settle(answer.json()) : answer.body }
}

const addressOf = (name: RouteName, question: Question) => {
  const { path }: Route = ROUTES[name]
  if (typeof question === 'string') return path + question
  return path.replace(/:id/, question[':id'] ?? '') + (question.query ?? '')
}

it('every route that reads is asked, or said why not', () => {
  const reading = Object.entries<Route>(ROUTES).flatMap(([name, { method }]) => (method === 'GET' ? [name] : []))
  expect([...Object.keys(READS), ...Object.keys(NOT_ASKED)].sort()).toEqual(reading.sort())
})

/** Words, names, and files of the hidden half alone. */
const OWN_WORDS = ['submarine', 'zeppelin', 'smuggled', 'harry', 'spycam', 'bunkers', '-900', '-901', '-902']

const ASKED = Object.entries(READS).flatMap(([name, questions]) =>
  questions.map((question) => ({ name, url: addressOf(name as RouteName, question) })),
)

it.each(ASKED)('GET $url is answered as if the hidden half had never been', async ({ url }) => {
  const [hidden, never] = [await ask(hiding, { url }), await ask(without, { url })]
  expect(hidden).toEqual(never)
  // in words, too: also of what both would tell
  const told = JSON.stringify(hidden.body).toLowerCase()
  expect(OWN_WORDS.filter((word) => told.includes(word) && !decodeURIComponent(url).toLowerCase().includes(word))).toEqual([])
})

it('whoever may see all sees more: the hidden half is there', async () => {
  sees = EVERY_PHOTO
  try {
    const urls = [
      '/api/photos',
      '/api/days',
      '/api/search?q=dog&limit=50',
      '/api/search/facets',
      '/api/suggest?q=sub',
      '/api/people',
      '/api/clusters',
      '/api/albums',
      '/api/stats',
      '/api/trash',
      '/api/categories',
      '/api/duplicates',
      '/api/edits',
      '/api/verify/problems',
      '/api/failures',
      '/api/sources',
      '/api/trips',
      '/api/photos/2',
      '/api/albums/1',
      '/photos?limit=50',
    ]
    for (const url of urls) {
      const everything = await ask(hiding, { url })
      expect({ url, everything }).not.toEqual({ url, everything: await ask(without, { url }) })
    }
  } finally {
    sees = HALF
  }
})

it('what was cached for one is not given to another', async () => {
  const urls = [
    '/api/search?q=dog&limit=50',
    '/api/days',
    '/api/stats',
    '/api/search/facets?q=dog',
    '/api/photos/9001/thumbnail',
    '/api/trips',
  ]
  for (const url of urls) {
    sees = EVERY_PHOTO
    const all = await ask(hiding, { url })
    sees = HALF
    expect({ url, ...(await ask(hiding, { url })) }).toEqual({ url, ...(await ask(without, { url })) })
    sees = EVERY_PHOTO
    expect(await ask(hiding, { url })).toEqual(all)
    sees = HALF
  }
  // the next page of a list that was made for another
  sees = EVERY_PHOTO
  const { next } = (await hiding.inject('/api/search?q=dog&limit=3')).json()
  sees = HALF
  const page = (await hiding.inject(`/api/search?q=dog&limit=3&cursor=${encodeURIComponent(next)}`)).json()
  expect(page.hits.every(({ photo }: { photo: { id: number } }) => photo.id < HIDDEN)).toBe(true)
})

describe('what is prepared', () => {
  const choices = [{ search: { q: 'dog' } }, { search: { tag: ['flower'] } }, { album: 1 }, { album: 2 }, { ids: [1, 2, 3] }]
  it.each(choices.map((photos) => ({ photos })))('an export of $photos holds what is seen', async ({ photos }) => {
    const fetchAll = async (app: FastifyInstance) => {
      const prepared = await post(app, '/api/exports', { photos, format: 'json' })
      expect(prepared.statusCode).toBe(200)
      const { path, ...report } = prepared.json()
      return { report, rows: (await app.inject(path)).json() }
    }
    expect(await fetchAll(hiding)).toEqual(await fetchAll(without))
  })

  it('an export and a download leave out what is hidden, as an id that never was', async () => {
    const asked = async (id: number) => {
      const { path: _, ...report } = (await post(hiding, '/api/exports', { photos: { ids: [1, id] }, format: 'csv' })).json()
      const download = await post(hiding, '/api/downloads', { ids: [id] })
      return { report, download: { status: download.statusCode, body: download.json() } }
    }
    expect(await asked(HIDDEN + 1)).toEqual(await asked(NEVER))
    expect((await asked(HIDDEN + 1)).report.photos).toBe(1)
  })
})

/** No photo, person, face, cluster, set, or question was ever called so. */
const NEVER = 9777

const BY_ID = [
  ...[
    '/api/photos/:id',
    '/api/photos/:id/thumbnail',
    '/api/photos/:id/preview',
    '/api/photos/:id/original',
    '/api/photos/:id/original?with=metadata',
    '/photo/:id',
    '/thumbnail/:id',
    '/api/photos/:id/analysis',
    '/api/search?like=:id',
    '/api/search?like=1&also=:id',
    '/api/albums/similar?photo_id=:id',
  ].map((path) => ({ path, id: HIDDEN + 1, method: 'GET' as const })),
  ...['/api/people/:id', '/api/people/:id/faces', '/api/clusters?only=:id'].map((path) => ({ path, id: 901, method: 'GET' as const })),
  { path: '/api/faces/:id/picture', id: (HIDDEN + 2) * 10, method: 'GET' as const },
  { path: '/api/duplicates/sets/:id', id: 4, method: 'GET' as const },
  { path: '/api/edits/:id', id: 2, method: 'GET' as const },
  { path: '/api/edits/:id/undo', id: 2, method: 'POST' as const },
  { path: '/search/image-to-image?reference_photo_id=:id', id: HIDDEN + 1, method: 'POST' as const },
]

const photo = HIDDEN + 1
const face = (HIDDEN + 2) * 10
/** Routes that change something, with a hidden id in the body, and in the path. */
const WRITES: readonly {
  readonly method: 'POST' | 'PATCH'
  readonly url: (id: number) => string
  readonly id: number
  readonly body?: (id: number) => object
}[] = [
  { method: 'POST', url: () => '/api/edits', id: photo, body: (id) => ({ photos: { ids: [id] }, operations: [{ do: 'trash' }] }) },
  {
    method: 'POST',
    url: () => '/api/edits',
    id: photo,
    body: (id) => ({ photos: { ids: [1, id] }, operations: [{ do: 'set_rating', rating: 1 }] }),
  },
  {
    method: 'POST',
    url: () => '/api/edits',
    id: photo,
    body: (id) => ({ photos: { ids: [id] }, operations: [{ do: 'add_tags', tags: ['x'] }], dry_run: true }),
  },
  { method: 'POST', url: () => '/api/albums/1/add', id: HIDDEN + 9, body: (id) => ({ photos: { ids: [id] } }) },
  { method: 'POST', url: () => '/api/albums/1/remove', id: photo, body: (id) => ({ photos: { ids: [id] } }) },
  { method: 'POST', url: () => '/api/albums/1/move', id: photo, body: (id) => ({ ids: [id], before: 1 }) },
  { method: 'POST', url: () => '/api/albums/1/move', id: photo, body: (id) => ({ ids: [3], before: id }) },
  { method: 'PATCH', url: () => '/api/albums/1', id: photo, body: (id) => ({ cover_photo_id: id }) },
  { method: 'POST', url: () => '/api/trash/restore', id: HIDDEN + 22, body: (id) => ({ ids: [id] }) },
  { method: 'POST', url: () => '/api/trash/empty', id: HIDDEN + 22, body: (id) => ({ ids: [id] }) },
  { method: 'POST', url: () => '/api/verify/check', id: photo, body: (id) => ({ ids: [id] }) },
  { method: 'POST', url: () => '/api/failures/retry', id: HIDDEN + 20, body: (id) => ({ ids: [id] }) },
  { method: 'POST', url: () => '/api/people/actions', id: 901, body: (id) => ({ do: 'name', person: id, name: 'New Name' }) },
  { method: 'POST', url: () => '/api/people/actions', id: 901, body: (id) => ({ do: 'merge', person: id, into: 1 }) },
  { method: 'POST', url: () => '/api/people/actions', id: 901, body: (id) => ({ do: 'hide', person: id, hidden: true }) },
  { method: 'POST', url: () => '/api/people/actions', id: face, body: (id) => ({ do: 'move', faces: [id], to: { person: 1 } }) },
  { method: 'POST', url: () => '/api/people/actions', id: face, body: (id) => ({ do: 'cover', person: 1, face: id }) },
  { method: 'POST', url: (id) => `/api/people/questions/${id}`, id: 905, body: () => ({ answer: 'yes' }) },
  { method: 'PATCH', url: (id) => `/api/clusters/${id}`, id: 901, body: () => ({ name: 'Found' }) },
  { method: 'POST', url: (id) => `/api/clusters/${id}/merge`, id: 901, body: () => ({ into: 1 }) },
  { method: 'POST', url: () => '/api/clusters/1/merge', id: 901, body: (id) => ({ into: id }) },
  { method: 'POST', url: (id) => `/api/clusters/${id}/label`, id: 901 },
  { method: 'POST', url: (id) => `/api/duplicates/sets/${id}`, id: 4, body: () => ({ do: 'accept' }) },
]

/** The same call with a hidden id and with one that never was: the answers, and the ids called the same. */
async function askBoth(request: (id: number) => InjectOptions, id: number) {
  const told = async (one: number) => {
    const { status, body } = await ask(hiding, request(one))
    return { status, text: JSON.stringify(body).replaceAll(String(one), '…') }
  }
  return [await told(id), await told(NEVER)] as const
}

it.each(BY_ID)('$method $path of $id is as of an id that never was', async ({ path, id, method }) => {
  const [hidden, never] = await askBoth((one) => ({ method, url: path.replace(':id', String(one)) }), id)
  expect(hidden).toEqual(never)
  expect(hidden.status).toBeGreaterThanOrEqual(400)
})

it.each(WRITES)('$method $id in a change is as an id that never was, and nothing hidden is changed', async ({ method, url, id, body }) => {
  const before = await readHidden()
  const [hidden, never] = await askBoth((one) => ({ method, url: url(one), ...(body ? { payload: body(one) } : {}) }), id)
  expect(hidden).toEqual(never)
  expect(await readHidden()).toEqual(before)
})

/** Everything of the hidden half that a change could reach. */
async function readHidden() {
  const { rows } = await sql`
    select (select jsonb_agg(p order by p.id) from photos p where p.id > ${HIDDEN}) as photos,
      (select jsonb_agg(d order by d.photo_id, d.field) from decisions d where d.photo_id > ${HIDDEN}) as decisions,
      (select jsonb_agg(f.person_id order by f.id) from faces f where f.photo_id > ${HIDDEN}) as faces,
      (select jsonb_agg(p order by p.id) from people p where p.id > 900) as people,
      (select jsonb_agg(c order by c.id) from clusters c where c.id > 900) as clusters,
      (select jsonb_agg(a order by a.album_id, a.photo_id) from album_photos a where a.photo_id > ${HIDDEN}) as albums,
      (select jsonb_agg(s order by s.photo_id, s.step) from photo_steps s where s.photo_id > ${HIDDEN}) as steps`.execute(whole.db)
  return rows
}

it('a change of what a search finds changes nothing that is hidden, and says who made it', async () => {
  const before = await readHidden()
  const change = { photos: { search: { q: 'lamp' } }, operations: [{ do: 'add_tags', tags: ['found'] }] }
  const [hidden, never] = [(await post(hiding, '/api/edits', change)).json(), (await post(without, '/api/edits', change)).json()]
  expect(hidden).toMatchObject({ photos: never.photos, changed: never.changed, by: 'owner' })
  expect(hidden.changed).toBeGreaterThan(0)
  expect(await readHidden()).toEqual(before)
  const actors = await sql<{ actor: string }>`select distinct actor from decisions where field = 'tag' and key = 'found'`.execute(whole.db)
  expect(actors.rows).toEqual([{ actor: OWNER.kind }])
  const undone = await post(hiding, `/api/edits/${hidden.id}/undo`, {})
  expect(undone.json()).toMatchObject({ undo_of: hidden.id, changed: hidden.changed, by: 'owner' })
})
