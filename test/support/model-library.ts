/** @file A model service over a test database, a model folder of its own and a fake hub, with two small models to get. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest'
import type { CatalogueFile, CatalogueRow, DownloadableModel } from '../../src/models/catalogue/catalogue-row.ts'
import type { ActiveModel } from '../../src/models/chosen/active-models.ts'
import { createModelService, type ModelService, type ModelServiceOptions } from '../../src/models/model-service.ts'
import { embedding } from '../../src/pipeline/steps/embedding/step.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from './database.ts'
import { imageTower, textTower, wordTokenizer, writeFiles } from './embedding-folder.ts'
import { type FakeHub, startFakeHub } from './fake-hub.ts'

export const PACE = { stallMs: 15_000, pauseMs: 5, maxPauseMs: 20, attempts: 2 }
const json = (value: object) => JSON.stringify(value)

/**
 * A complete small model: mean colour in, three words known. `factor` changes the weights.
 * It takes one picture at a time unless told: how many together serve best is measured at each install, for seconds.
 */
export const smallModel = (factor = 1, isAlone = true): Record<string, Uint8Array | string> => ({
  'config.json': json({ model_type: 'siglip', text_config: { max_position_embeddings: 8 } }),
  'preprocessor_config.json': json({ size: { height: 16, width: 16 }, image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] }),
  'tokenizer_config.json': json({ pad_token: '[PAD]' }),
  'tokenizer.json': json(wordTokenizer(['red', 'green', 'blue', 'a', 'photo'])),
  'onnx/vision_model.onnx': imageTower({ side: 16, matrix: [factor, 0, 0, 0, 1, 0, 0, 0, 1], width: 3, isAlone }).graph,
  'onnx/text_model_int8.onnx': textTower({ type: 'int64', length: 'n', table: Array.from({ length: 18 }, (_, at) => at + 1), width: 3 }),
})
const row = (name: string, files: DownloadableModel['files']): DownloadableModel => ({
  kind: 'download',
  name,
  task: 'embedding',
  repo: `owner/${name}`,
  commit: null,
  files,
  width: 3,
  licence: 'MIT',
  note: 'a small model',
})
export const FILES: CatalogueFile[] = Object.entries(smallModel()).map(([path, data]) =>
  path.startsWith('onnx/text')
    ? { path: 'onnx/text_model_quantized.onnx', orElse: path, bytes: data.length, sha256: null }
    : { path, bytes: data.length, sha256: null },
)
export const FIRST = row('first', FILES)
const LISTED = row('listed', {
  prefixes: ['config.json', 'preprocessor_config.json', 'tokenizer_config.json', 'tokenizer.json', 'onnx/'],
  bytes: 5000,
})
export const CATALOGUE: CatalogueRow[] = [
  FIRST,
  LISTED,
  { ...LISTED, name: 'strict', terms: 'Only for tests.' },
  { kind: 'built-in', name: 'eyes', licence: 'MIT', width: null, note: '', capabilities: ['read-text'], bytes: 0, step: 'ocr' },
  { kind: 'built-in', name: 'own-faces', licence: 'MIT', width: 128, note: '', capabilities: ['find-faces'], bytes: 0, step: 'faces' },
]

/** Registers the hooks of the test file; what it returns is filled before each test. */
export function openModelLibrary() {
  const services: ModelService[] = []
  const library = {
    database: undefined as unknown as TestDatabase,
    root: '',
    modelDir: '',
    hub: undefined as unknown as FakeHub,
    /** what was active at each change */
    changes: [] as (ActiveModel | null)[],
    async create(options: Partial<ModelServiceOptions> = {}): Promise<ModelService> {
      const service: ModelService = await createModelService({
        db: library.database.db,
        modelDir: library.modelDir,
        hub: library.hub.url,
        download: 'ask',
        device: 'cpu',
        log: () => {},
        onChanged: () => library.changes.push(service.active()),
        catalogue: CATALOGUE,
        pace: PACE,
        retryMs: [50],
        ...options,
      })
      services.push(service)
      return service
    },
    async writeModel(name: string, factor = 1, isAlone = true): Promise<string> {
      const folder = join(library.root, 'elsewhere', name)
      await writeFiles(folder, smallModel(factor, isAlone))
      return folder
    },
    async addPhotos(count: number): Promise<number[]> {
      const rows = Array.from({ length: count }, (_, index) => ({
        sha256: String(index).padStart(64, '0'),
        bytes: 1,
        filename: 'a.jpg',
        sort_at: new Date(),
        day: '2026-01-01',
      }))
      return (await library.database.db.insertInto('photos').values(rows).returning('id').execute()).map(({ id }) => id)
    },
    async embedPhotos({ space, info }: ActiveModel, photos: readonly number[]): Promise<void> {
      await library.database.db.transaction().execute(async (trx) => {
        for (const id of photos) await embedding.save(trx, id, { space, vector: Float32Array.of(1, 0, 0) }, { modelId: info.id })
      })
    },
  }
  beforeAll(async () => {
    library.database = await openTestDatabase()
  })
  afterAll(() => library.database[Symbol.asyncDispose]())
  beforeEach(async () => {
    await truncateAll(library.database.db)
    library.root = await mkdtemp(join(tmpdir(), 'fototeca-models-'))
    library.modelDir = join(library.root, 'models')
    services.length = 0
    library.changes.length = 0
    const prefix = (repo: string, files: Record<string, Uint8Array | string>) =>
      Object.fromEntries(Object.entries(files).map(([path, data]) => [`owner/${repo}/${path}`, data]))
    library.hub = await startFakeHub(
      { ...prefix('first', smallModel()), ...prefix('listed', smallModel(2)), 'owner/listed/onnx/model.armnn': 'not ours' },
      { storage: true },
    )
  })
  afterEach(async () => {
    for (const service of services) await service[Symbol.asyncDispose]()
    await library.hub[Symbol.asyncDispose]()
    await rm(library.root, { recursive: true, force: true })
  })
  return library
}

export const stateOf = async (service: ModelService, name: string) => (await service.list()).find((known) => known.name === name)
export const untilState = (service: ModelService, name: string, state: string) =>
  vi.waitFor(async () => expect((await stateOf(service, name))?.state).toBe(state), { timeout: 120_000, interval: 20 })
