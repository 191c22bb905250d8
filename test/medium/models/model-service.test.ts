import { type ChildProcess, fork } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CatalogueFile, CatalogueRow, DownloadableModel } from '../../../src/models/catalogue.ts'
import { installFromHub } from '../../../src/models/install-from-hub.ts'
import { MANIFEST_NAME } from '../../../src/models/install-manifest.ts'
import { type ActiveModel, createModelService, type ModelService, type ModelServiceOptions } from '../../../src/models/model-service.ts'
import { readChosenModel } from '../../../src/models/model-store.ts'
import { embedding } from '../../../src/pipeline/steps/embedding/step.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { imageTower, textTower, wordTokenizer, writeFiles } from '../../support/embedding-folder.ts'
import { type FakeHub, findDeadUrl, startFakeHub } from '../../support/fake-hub.ts'

const PACE = { stallMs: 15_000, pauseMs: 5, maxPauseMs: 20, attempts: 2 }
const json = (value: object) => JSON.stringify(value)

/** A complete small model: mean colour in, three words known. `factor` changes the weights. */
const model = (factor = 1): Record<string, Uint8Array | string> => ({
  'config.json': json({ model_type: 'siglip', text_config: { max_position_embeddings: 8 } }),
  'preprocessor_config.json': json({ size: { height: 16, width: 16 }, image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] }),
  'tokenizer_config.json': json({ pad_token: '[PAD]' }),
  'tokenizer.json': json(wordTokenizer(['red', 'green', 'blue', 'a', 'photo'])),
  'onnx/vision_model.onnx': imageTower({ side: 16, matrix: [factor, 0, 0, 0, 1, 0, 0, 0, 1], width: 3 }).graph,
  'onnx/text_model_int8.onnx': textTower({ type: 'int64', length: 'n', table: Array.from({ length: 18 }, (_, at) => at + 1), width: 3 }),
})
const row = (name: string, files: DownloadableModel['files']): DownloadableModel => ({
  kind: 'download',
  name,
  repo: `owner/${name}`,
  revision: 'main',
  files,
  width: 3,
  licence: 'MIT',
  note: 'a small model',
  capabilities: ['embed-image', 'embed-text'],
})
const FILES: CatalogueFile[] = Object.entries(model()).map(([path, data]) =>
  path.startsWith('onnx/text')
    ? { path: 'onnx/text_model_quantized.onnx', orElse: path, bytes: data.length }
    : { path, bytes: data.length },
)
const FIRST = row('first', FILES)
const LISTED = row('listed', {
  prefixes: ['config.json', 'preprocessor_config.json', 'tokenizer_config.json', 'tokenizer.json', 'onnx/'],
  bytes: 5000,
})
const CATALOGUE: CatalogueRow[] = [
  FIRST,
  LISTED,
  { kind: 'built-in', name: 'eyes', licence: 'MIT', width: null, note: '', capabilities: ['find-objects'] },
]

// models are loaded in threads: slow on a busy machine
vi.setConfig({ testTimeout: 90_000 })

let database: TestDatabase
let root: string
let modelDir: string
let hub: FakeHub
let services: ModelService[]
const changes: (ActiveModel | null)[] = []

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())
beforeEach(async () => {
  await truncateAll(database.db)
  root = await mkdtemp(join(tmpdir(), 'fototeca-models-'))
  modelDir = join(root, 'models')
  services = []
  changes.length = 0
  const prefix = (repo: string, files: Record<string, Uint8Array | string>) =>
    Object.fromEntries(Object.entries(files).map(([path, data]) => [`owner/${repo}/${path}`, data]))
  hub = await startFakeHub(
    { ...prefix('first', model()), ...prefix('listed', model(2)), 'owner/listed/onnx/model.armnn': 'not ours' },
    { storage: true },
  )
})
afterEach(async () => {
  for (const service of services) await service[Symbol.asyncDispose]()
  await hub[Symbol.asyncDispose]()
  await rm(root, { recursive: true, force: true })
})

const create = async (options: Partial<ModelServiceOptions> = {}): Promise<ModelService> => {
  const service = await createModelService({
    db: database.db,
    modelDir,
    hub: hub.url,
    download: 'ask',
    device: 'cpu',
    log: () => {},
    onActiveChanged: (active) => changes.push(active),
    catalogue: CATALOGUE,
    pace: PACE,
    retryMs: [50],
    ...options,
  })
  services.push(service)
  return service
}
const addPhotos = async (count: number): Promise<number[]> => {
  const rows = Array.from({ length: count }, (_, index) => ({
    sha256: String(index).padStart(64, '0'),
    bytes: 1,
    filename: 'a.jpg',
    sort_at: new Date(),
    day: '2026-01-01',
  }))
  return (await database.db.insertInto('photos').values(rows).returning('id').execute()).map(({ id }) => id)
}
const embedPhotos = async ({ space, info }: ActiveModel, photos: readonly number[]): Promise<void> => {
  await database.db.transaction().execute(async (trx) => {
    for (const id of photos) await embedding.save(trx, id, { space, vector: Float32Array.of(1, 0, 0) }, { modelId: info.id })
  })
}
const stateOf = async (service: ModelService, name: string) => (await service.list()).find((known) => known.name === name)
const untilState = (service: ModelService, name: string, state: string) =>
  vi.waitFor(async () => expect((await stateOf(service, name))?.state).toBe(state), { timeout: 120_000, interval: 20 })

describe('without a model', () => {
  it('says what search by meaning waits for, and what there is to get', async () => {
    const service = await create()
    expect(service.active()).toBeNull()
    expect(await service.textEmbedder()).toBeNull()
    expect(service.notice()).toMatch(/waits for a model.*models pull.*first.*models import/)
    expect(await service.list()).toMatchObject([
      { name: 'first', state: 'not installed', licence: 'MIT', width: 3, progress: null },
      { name: 'listed', state: 'not installed', download_bytes: 5000 },
      { name: 'eyes', state: 'built-in', download_bytes: null },
    ])
    await expect(service.use('first')).rejects.toMatchObject({
      code: 'model_missing',
      message: expect.stringContaining('models pull first'),
    })
    await expect(service.use('nothing')).rejects.toMatchObject({ code: 'not_found' })
    await expect(service.use('eyes')).rejects.toMatchObject({ code: 'conflict' })
    await expect(service.pull('nothing')).rejects.toMatchObject({ code: 'not_found', message: expect.stringContaining('first, listed') })
    await expect(service.pull('eyes')).rejects.toMatchObject({ code: 'conflict' })
    expect(hub.requests).toHaveLength(0)
  })

  it('never means never', async () => {
    const service = await create({ download: 'never' })
    service.startAutoDownload()
    await expect(service.pull()).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('models import') })
    expect(hub.requests).toHaveLength(0)
  })
})

describe('pull', () => {
  it('downloads, records, tries and uses the first model; the record is written last and holds every digest', async () => {
    const service = await create()
    const started = await service.pull()
    expect(started).toMatchObject({ name: 'first', state: 'downloading' })
    await untilState(service, 'first', 'active')
    const manifest = JSON.parse(await readFile(join(modelDir, 'first', MANIFEST_NAME), 'utf8'))
    expect(manifest).toMatchObject({
      name: 'first',
      width: 3,
      licence: 'MIT',
      source: { repo: 'owner/first', commit: expect.stringMatching(/^[0-9a-f]{40}$/) },
    })
    expect(manifest.files).toHaveLength(6)
    expect(manifest.files.map(({ path }: { path: string }) => path)).toContain('onnx/text_model_int8.onnx')
    expect(service.active()?.space).toMatchObject({ width: 3, hasText: true })
    expect(changes.map((active) => active?.info.name)).toEqual(['first'])
    expect(service.notice()).toBeNull()
    // every file of one commit
    expect(
      hub.requests
        .filter(({ method, path }) => method === 'GET' && path.includes('/resolve/'))
        .every(({ path }) => !path.includes('/main/')),
    ).toBe(true)
    expect((await service.pull('first')).state).toBe('active')
  })

  it('encodes queries, and a repeated one without the model', async () => {
    const service = await create()
    await service.pull()
    await untilState(service, 'first', 'active')
    const embedder = (await service.textEmbedder())!
    const first = await embedder.embedText('red')
    expect(await embedder.embedText('red')).toBe(first)
    expect(await service.textEmbedder()).toBe(embedder)
    expect(embedder.space.name).toBe(service.active()?.space.name)
  })

  it('lists the repository where the names of its files are unknown, page by page', async () => {
    const service = await create()
    await service.pull('listed')
    await untilState(service, 'listed', 'active')
    expect(await readdir(join(modelDir, 'listed/onnx'))).toEqual(['text_model_int8.onnx', 'vision_model.onnx'])
    expect(hub.requests.filter(({ path }) => path.startsWith('/api/models/'))).toHaveLength(3)
    // nothing was in use, so what was asked for is; the choice is kept
    expect(await readChosenModel(database.db)).toBe('listed')
    const again = await create()
    expect(again.active()?.info).toEqual(service.active()?.info)
  })

  it('is safe from two services at once: one download', async () => {
    const [one, two] = [await create(), await create()]
    await Promise.all([one.pull(), two.pull(), one.pull()])
    await Promise.all([untilState(one, 'first', 'active'), untilState(two, 'first', 'active')])
    const total = Object.values(model()).reduce((sum, data) => sum + data.length, 0)
    expect(hub.sent()).toBe(total)
    expect(await readdir(modelDir)).toEqual(['.incoming', 'first'])
  })

  it('is safe from two processes at once, and from one that is killed: the next continues its bytes', async () => {
    const start = () =>
      fork(join(import.meta.dirname, '../../support/install-process.ts'), [
        // a silent server must not end the process that is to be killed
        json({ row: FIRST, hub: hub.url, modelDir, pace: { ...PACE, stallMs: 60_000 } }),
      ])
    const codeOf = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('exit', resolve))
    const vision = 'owner/first/onnx/vision_model.onnx'
    hub.misbehave = ({ path, count }) => (path === vision && count === 1 ? { kind: 'stall', after: 100 } : null)
    const killed = start()
    const part = join(modelDir, '.incoming/first/onnx/vision_model.onnx.part')
    await vi.waitFor(async () => expect((await stat(part)).size).toBe(100), { timeout: 60_000, interval: 50 })
    killed.kill('SIGKILL')
    expect(await Promise.all([start(), start()].map(codeOf))).toEqual([0, 0])
    expect(await readdir(modelDir)).toEqual(['.incoming', 'first'])
    const asked = hub.requests.filter(({ method, path }) => method === 'GET' && path === `storage:${vision}`)
    expect(asked.map(({ range }) => range)).toEqual([undefined, 'bytes=100-'])
  })

  it('continues after a stop in the middle', async () => {
    hub.misbehave = ({ path }) => (path.endsWith('vision_model.onnx') ? { kind: 'stall', after: 100 } : null)
    const stopped = await create()
    await stopped.pull()
    await vi.waitFor(() => expect(hub.requests.some(({ path }) => path.startsWith('storage:'))).toBe(true), { timeout: 120_000 })
    await new Promise((resolve) => setTimeout(resolve, 200))
    await stopped[Symbol.asyncDispose]()
    expect(await readdir(modelDir)).toEqual(['.incoming'])
    hub.misbehave = null
    const service = await create()
    await service.pull()
    await untilState(service, 'first', 'active')
  })

  it('wrong bytes and error pages are refused with the reason; pulling again mends it', async () => {
    hub.misbehave = ({ path }) => (path.endsWith('vision_model.onnx') ? { kind: 'wrong' } : null)
    const service = await create()
    await service.pull()
    await vi.waitFor(async () => expect((await stateOf(service, 'first'))?.notice).toContain('other bytes than it promises'), {
      timeout: 120_000,
    })
    expect((await stateOf(service, 'first'))?.state).toBe('not installed')
    hub.misbehave = null
    const config = hub.files.get('owner/first/config.json')!
    hub.files.set('owner/first/config.json', Buffer.from('<html>Please sign in to this wireless network</html>'))
    await service.pull()
    await vi.waitFor(async () => expect((await stateOf(service, 'first'))?.notice).toMatch(/config\.json is not valid JSON/), {
      timeout: 120_000,
    })
    hub.files.set('owner/first/config.json', config)
    await service.pull()
    await untilState(service, 'first', 'active')
  })

  it('refuses weights that are no longer those this version knows, before downloading them', async () => {
    const files = FILES.map((file) => (file.path.includes('vision') ? { ...file, sha256: 'e'.repeat(64) } : file))
    const other = { ...FIRST, files }
    await expect(
      installFromHub(other, { hub: hub.url, modelDir, device: 'cpu', pace: PACE, signal: new AbortController().signal }),
    ).rejects.toMatchObject({
      code: 'checksum_mismatch',
      message: expect.stringContaining('update fototeca'),
    })
    expect(hub.sent()).toBe(0)
  })

  it('says before the download that there is no room', async () => {
    hub.promised.set('owner/first/onnx/vision_model.onnx', 1e15)
    await expect(
      installFromHub(FIRST, { hub: hub.url, modelDir, device: 'cpu', pace: PACE, signal: new AbortController().signal }),
    ).rejects.toMatchObject({
      code: 'disk_full',
      message: expect.stringMatching(/has .* free, this model needs 1000000/),
    })
    expect(hub.sent()).toBe(0)
  })
})

describe('automatic download', () => {
  it('tries again by itself until the hub is there, and says so meanwhile', async () => {
    let isUp = false
    hub.misbehave = () => (isUp ? null : { kind: 'status', status: 503 })
    const service = await create({ download: 'auto' })
    service.startAutoDownload()
    await vi.waitFor(
      () => expect(service.notice()).toMatch(/waits for a model: the model hub cannot be reached.*Next try at \d\d:\d\d UTC/),
      { timeout: 120_000 },
    )
    isUp = true
    await untilState(service, 'first', 'active')
    expect(service.notice()).toBeNull()
  })

  it('a hub that is not there stops nothing', async () => {
    const service = await create({ download: 'auto', hub: await findDeadUrl(), retryMs: [60_000] })
    service.startAutoDownload()
    await vi.waitFor(() => expect(service.notice()).toMatch(/cannot be reached/), { timeout: 120_000 })
    expect((await stateOf(service, 'first'))?.state).toBe('not installed')
  })

  it('leaves alone what another model already does', async () => {
    const service = await create()
    await service.pull('listed')
    await untilState(service, 'listed', 'active')
    const before = hub.requests.length
    const auto = await create({ download: 'auto' })
    auto.startAutoDownload()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(hub.requests).toHaveLength(before)
  })
})

describe('import and use', () => {
  const writeModel = async (name: string, factor = 1): Promise<string> => {
    const folder = join(root, 'elsewhere', name)
    await writeFiles(folder, model(factor))
    return folder
  }

  it('copies a folder that works, uses it when nothing else is in use, and switches between models', async () => {
    const service = await create()
    const imported = await service.importFolder(await writeModel('mine'))
    expect(imported).toMatchObject({ name: 'mine', state: 'active', width: 3, download_bytes: null })
    expect(await service.importFolder(await writeModel('other', 3), 'theirs')).toMatchObject({ name: 'theirs', state: 'installed' })
    const first = service.active()
    const embedder = (await service.textEmbedder())!
    expect(await service.use('theirs')).toMatchObject({ state: 'active' })
    expect(service.active()?.space.name).not.toBe(first?.space.name)
    expect(await service.textEmbedder()).not.toBe(embedder)
    expect(changes.map((active) => active?.info.name)).toEqual(['mine', 'theirs'])
    expect((await create()).active()?.info.name).toBe('theirs')
    await expect(service.importFolder(join(root, 'elsewhere/mine'))).rejects.toMatchObject({ code: 'conflict' })
  })

  it('follows the links of the hub’s own cache, and takes a folder put into place by hand', async () => {
    const real = await writeModel('real')
    const linked = join(root, 'snapshot')
    await writeFiles(linked, { 'onnx/.keep': '' })
    for (const path of Object.keys(model())) await symlink(join(real, path), join(linked, path))
    const service = await create()
    await service.importFolder(linked, 'from-cache')
    await rm(join(root, 'elsewhere'), { recursive: true })
    expect((await stat(join(modelDir, 'from-cache/onnx/vision_model.onnx'))).isFile()).toBe(true)
    await cp(join(modelDir, 'from-cache'), join(modelDir, 'by-hand'), { recursive: true })
    await rm(join(modelDir, 'by-hand', MANIFEST_NAME))
    expect(await service.importFolder(join(modelDir, 'by-hand'))).toMatchObject({ name: 'by-hand', state: 'installed' })
  })

  it('refuses what does not work and leaves nothing behind', async () => {
    const service = await create()
    const cut = await writeModel('cut')
    await truncate(join(cut, 'onnx/vision_model.onnx'), 50)
    await expect(service.importFolder(cut)).rejects.toMatchObject({
      code: 'model_failed',
      message: expect.stringContaining('vision_model.onnx'),
    })
    const zeros = await writeModel('zeros')
    await writeFile(join(zeros, 'onnx/vision_model.onnx'), imageTower({ side: 16, matrix: Array(9).fill(0), width: 3 }).graph)
    await expect(service.importFolder(zeros)).rejects.toThrow(/zeros/)
    await expect(service.importFolder(join(root, 'nowhere'))).rejects.toMatchObject({ code: 'bad_request' })
    await expect(service.importFolder(zeros, '../outside')).rejects.toMatchObject({ code: 'bad_request' })
    expect((await readdir(modelDir)).filter((name) => !name.startsWith('.'))).toEqual([])
    expect(service.active()).toBeNull()
  })

  it('after a switch the old space answers until the new one is as full', async () => {
    const service = await create({ recountMs: 0 })
    await service.importFolder(await writeModel('old'))
    const old = service.active()!
    expect(await service.servingSpace()).toBeNull()
    expect((await service.textEmbedder())?.info.name).toBe('old') // nothing to search yet, but a query may be encoded
    const photos = await addPhotos(20)
    await embedPhotos(old, photos)
    expect(await service.servingSpace()).toMatchObject({ name: old.space.name })

    await service.importFolder(await writeModel('new', 5))
    await service.use('new')
    const next = service.active()!
    await embedPhotos(next, photos.slice(0, 10))
    expect(await service.servingSpace()).toMatchObject({ name: old.space.name })
    expect((await service.textEmbedder())?.space.name).toBe(old.space.name)
    await embedPhotos(next, photos.slice(10, 19))
    expect(await service.servingSpace()).toMatchObject({ name: next.space.name })
    const embedder = await service.textEmbedder()
    expect(embedder?.space.name).toBe(next.space.name)
    expect(await embedder?.embedText('red')).toHaveLength(3)
    // a space whose model is gone cannot be asked
    await rm(join(modelDir, 'new'), { recursive: true })
    expect(await (await create({ recountMs: 0 })).servingSpace()).toMatchObject({ name: old.space.name })
  })

  it('a model damaged on disk is named, not used, and mended by pulling it again', async () => {
    const service = await create()
    await service.pull()
    await untilState(service, 'first', 'active')
    await truncate(join(modelDir, 'first/onnx/vision_model.onnx'), 10)
    const later = await create()
    expect(later.active()).toBeNull()
    expect(later.notice()).toMatch(/damaged \(onnx\/vision_model\.onnx\).*models pull first/)
    await later.pull()
    await untilState(later, 'first', 'active')
  })

  it('what the configuration fixes cannot be switched', async () => {
    const service = await create({ embeddingModel: 'fixed' })
    await service.importFolder(await writeModel('mine'))
    expect(service.active()).toBeNull()
    await expect(service.use('mine')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('FOTOTECA_EMBEDDING_MODEL'),
    })
    await service.importFolder(await writeModel('fixed'))
    expect(service.active()?.info.name).toBe('fixed')
  })
})
