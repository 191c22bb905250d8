/** @file A new model fills its space beside the one that answers; pause, switch, roll back, drop, kills, and models that do not work. */

import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fromVectorText, INDEX_FROM_VECTORS, toVectorText, vectorIndexName } from '../../../src/db/vector.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { sharp } from '../../../src/media/sharp.ts'
import type { ModelService } from '../../../src/models/model-service.ts'
import { BUILT_IN } from '../../../src/models/registry.ts'
import { insertDueSteps } from '../../../src/pipeline/ledger.ts'
import { type ExpectedStep, reconcileLedger } from '../../../src/pipeline/reconcile-ledger.ts'
import { PhotoFiller } from '../../../src/pipeline/spaces/photo-filler.ts'
import { createSpaces, type Spaces } from '../../../src/pipeline/spaces/spaces.ts'
import { DuplicateIndex } from '../../../src/pipeline/steps/duplicates/duplicate-index.ts'
import { createSteps } from '../../../src/pipeline/steps.ts'
import { fileAt } from '../../support/blobs.ts'
import { CHILD_ENVIRONMENT } from '../../support/child-environment.ts'
import { openModelLibrary } from '../../support/model-library.ts'

const library = openModelLibrary()
const steps = createSteps({ thumbnailSize: 64, duplicates: { index: new DuplicateIndex(), threshold: 8 } })
const step = steps.embedding
const LONG = { timeout: 120_000, interval: 30 }

/** the folders of both models as the first test installed them: each install tries its model in a process, which takes seconds */
let installed: string
let picture: string
let open: Life[]
/** photos whose file is not there */
let absent: Set<number>
/** from this photo on, nothing is embedded until it is released */
let gate: { readonly from: number; readonly opened: Promise<void> } | null

interface Life {
  readonly models: ModelService
  readonly filler: PhotoFiller
  readonly spaces: Spaces
}

beforeAll(async () => {
  installed = await mkdtemp(join(tmpdir(), 'fototeca-installed-'))
})
afterAll(() => rm(installed, { recursive: true, force: true }))
beforeEach(async () => {
  open = []
  absent = new Set()
  gate = null
  picture = join(library.root, 'picture.jpg')
  await sharp({ create: { width: 32, height: 24, channels: 3, background: '#c81e50' } })
    .jpeg()
    .toFile(picture)
})
afterEach(async () => {
  for (const { filler } of open) await filler[Symbol.asyncDispose]()
})

/** One life of the program: its models, the filler and the spaces. Ending the filler kills its process as a kill of the program would. */
async function begin(options: { program?: URL; environment?: Record<string, string> } = {}): Promise<Life> {
  const { db } = library.database
  if (existsSync(join(installed, 'new')) && !existsSync(library.modelDir))
    await cp(installed, library.modelDir, { recursive: true, preserveTimestamps: true })
  const models: ModelService = await library.create({ recountMs: 0, onChanged: () => filler?.wake() })
  const filler = new PhotoFiller({
    db,
    log: silentLog,
    step,
    target: () => models.next(),
    analyserOptions: () => ({
      thumbnailSize: 64,
      maxPixels: 1e6,
      maxBytes: 1e6,
      decodeTimeoutMs: 60_000,
      models: { device: 'cpu', embedding: { folder: models.next()?.folder ?? '' }, chosen: BUILT_IN },
    }),
    timeoutOf: () => 120_000,
    environment: { ...CHILD_ENVIRONMENT, ...options.environment },
    locate: async (id) => {
      if (gate && id >= gate.from) await gate.opened
      return absent.has(id) ? null : fileAt(picture)
    },
    room: () => 1,
    ...(options.program ? { program: options.program } : {}),
  })
  const spaces: Spaces = createSpaces({ db, log: silentLog, models, filler, step })
  filler.whenFull(spaces.onFull)
  const life = { models, filler, spaces }
  open.push(life)
  return life
}

/** Photos that were analysed with the active model. */
async function addAnalysed(models: ModelService, count: number): Promise<number[]> {
  const { db } = library.database
  const active = models.active()!
  const rows = Array.from({ length: count }, (_, index) => ({
    sha256: `${Math.random()}${index}`.padEnd(64, '0').slice(0, 64),
    bytes: 1,
    format: 'jpeg' as const,
    filename: 'a.jpg',
    sort_at: new Date(),
    day: '2026-01-01',
    state: 'completed' as const,
  }))
  const ids = (await db.insertInto('photos').values(rows).returning('id').execute()).map(({ id }) => id)
  await db.transaction().execute(async (trx) => {
    for (const id of ids) await insertDueSteps(trx, id, [steps.prepare, step])
    await trx.updateTable('photo_steps').set({ state: 'done' }).where('photo_id', 'in', ids).execute()
    await trx
      .updateTable('photo_steps')
      .set({ model_id: active.info.id })
      .where('photo_id', 'in', ids)
      .where('step', '=', 'embedding')
      .execute()
  })
  await library.embedPhotos(active, ids)
  return ids
}
const reconcile = (models: ModelService) =>
  reconcileLedger(library.database.db, [{ step, modelId: models.active()?.info.id ?? null }] satisfies ExpectedStep[])
const spaceOf = async ({ spaces, models }: Life, model: string) => (await spaces.list()).find((space) => space.model === model && models)

/** Two models are there; the first answers for `count` photos. */
async function prepare(life: Life, count: number): Promise<number[]> {
  if (existsSync(join(installed, 'new'))) await life.models.choose('embedding', { active: 'old' })
  else {
    await life.models.importFolder(await library.writeModel('old'))
    await life.models.importFolder(await library.writeModel('new', 5))
    for (const name of ['old', 'new'])
      await cp(join(library.modelDir, name), join(installed, name), { recursive: true, preserveTimestamps: true })
  }
  const ids = await addAnalysed(life.models, count)
  await reconcile(life.models)
  return ids
}

describe('a fill', () => {
  it('goes on beside the space that answers, switches when it is full, and leaves nothing due; rolling back is at once', async () => {
    const life = await begin()
    const ids = await prepare(life, 12)
    expect(await life.spaces.useModel('new')).toMatchObject({ state: 'filling' })
    expect((await life.models.servingSpace())?.name).toContain('/old@')
    life.filler.start()
    await expect.poll(async () => (await spaceOf(life, 'new'))?.state, LONG).toBe('serving')
    expect(await spaceOf(life, 'new')).toMatchObject({ vectors: 12, owed: 0, width: 3 })
    expect((await life.models.servingSpace())?.name).toContain('/new@')
    expect(await reconcile(life.models)).toBe(0) // the ledger believes the vectors that are there
    const { db } = library.database
    const vector = await db
      .selectFrom('embeddings')
      .select('embedding')
      .where('photo_id', '=', ids[0]!)
      .orderBy('space_id', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow()
    expect(Math.hypot(...fromVectorText(vector.embedding))).toBeCloseTo(1, 5)

    await addAnalysed(life.models, 2)
    expect(await life.spaces.rollBack()).toMatchObject({ model: 'old', state: 'serving', vectors: 12 })
    expect(await spaceOf(life, 'new')).toMatchObject({ state: 'kept', is_previous: true })
    expect(await reconcile(life.models)).toBe(2) // only those that came since
    const old = (await spaceOf(life, 'old'))!
    await expect(life.spaces.drop(old.id)).rejects.toMatchObject({ code: 'conflict' })
    expect(await life.spaces.drop((await spaceOf(life, 'new'))!.id)).toMatchObject({ dropped: expect.stringContaining('/new@') })
    await expect(life.spaces.rollBack()).rejects.toMatchObject({ code: 'conflict' })
  })

  it('is paused, goes on after a kill where it was, and skips what has no file', async () => {
    const life = await begin()
    const ids = await prepare(life, 40)
    absent.add(ids[39]!)
    const { promise: opened, resolve: release } = Promise.withResolvers<void>()
    gate = { from: ids[5]!, opened }
    await life.spaces.useModel('new')
    life.filler.start()
    await expect.poll(async () => (await spaceOf(life, 'new'))?.vectors ?? 0, LONG).toBe(5)
    await life.spaces.pause((await spaceOf(life, 'new'))!.id)
    release()
    await life.filler[Symbol.asyncDispose]() // SIGKILL for its process
    const before = (await spaceOf(life, 'new'))!
    expect(before).toMatchObject({ state: 'paused', reason: 'paused by hand' })

    const next = await begin()
    next.filler.start()
    await expect(next.spaces.resume((await spaceOf(next, 'old'))!.id)).rejects.toMatchObject({ code: 'conflict' })
    expect((await spaceOf(next, 'new'))?.vectors).toBe(before.vectors)
    await next.spaces.resume(before.id)
    await expect.poll(async () => (await spaceOf(next, 'new'))?.state, LONG).toBe('serving')
    expect(await spaceOf(next, 'new')).toMatchObject({ vectors: 39, owed: 1 })
    expect(await reconcile(next.models)).toBe(1) // the ledger waits for the file
  })

  it('by hand the switch comes before it is full; what lacks becomes due; a space without a model or vectors is not switched to', async () => {
    const life = await begin()
    const ids = await prepare(life, 5)
    const { db } = library.database
    await life.spaces.useModel('new')
    await library.embedPhotos(life.models.next()!, ids.slice(0, 3))
    const space = (await spaceOf(life, 'new'))!
    expect(space).toMatchObject({ state: 'filling', vectors: 3, owed: 2 })
    expect(await life.spaces.use(space.id)).toMatchObject({ state: 'serving', owed: 2 })
    expect(await reconcile(life.models)).toBe(2)
    const empty = await db
      .insertInto('spaces')
      .values({ name: 'onnx/gone@1/3', model_id: 'onnx/gone@1', width: 3, has_text: true })
      .returning('id')
      .executeTakeFirstOrThrow()
    await expect(life.spaces.use(empty.id)).rejects.toMatchObject({ code: 'model_missing' })
    await expect(life.spaces.use(999)).rejects.toMatchObject({ code: 'not_found' })
    expect(await life.spaces.drop(empty.id)).toEqual({ dropped: 'onnx/gone@1/3' })
  })

  it('the index of a large space is there before it answers, and goes with it', async () => {
    const life = await begin()
    await prepare(life, 1)
    const { db } = library.database
    await sql`insert into photos (sha256, bytes, filename, sort_at, day, format)
      select 'b' || lpad(to_hex(i), 63, '0'), 1, 'b.jpg', now(), current_date, 'jpeg' from generate_series(1, ${INDEX_FROM_VECTORS}::int) i`.execute(
      db,
    )
    await life.spaces.useModel('new')
    await library.embedPhotos(life.models.next()!, [1])
    const space = (await spaceOf(life, 'new'))!
    await sql`insert into embeddings (space_id, photo_id, embedding)
      select ${space.id}::int, id, ${toVectorText(Float32Array.of(0, 1, 0))}::vector from photos where filename = 'b.jpg'`.execute(db)
    expect(await life.spaces.use(space.id)).toMatchObject({ is_indexed: true, vectors: INDEX_FROM_VECTORS + 1 })
    await life.spaces.rollBack()
    await life.spaces.drop(space.id)
    const { rows } = await sql<{
      name: string
    }>`select indexname as name from pg_indexes where indexname = ${vectorIndexName(space.id)}`.execute(db)
    expect(rows).toEqual([])
    expect((await life.models.servingSpace())?.name).toContain('/old@')
  })
})

describe('a model that does not work', () => {
  it('pauses its own fill with its name; searches go on with the old one', async () => {
    const life = await begin()
    await prepare(life, 30)
    await life.spaces.useModel('new')
    // exchanged under the running program
    await writeFile(join(library.modelDir, 'new/onnx/vision_model.onnx'), 'no model')
    life.filler.start()
    await expect
      .poll(async () => (await spaceOf(life, 'new'))?.reason, LONG)
      .toMatch(/^new does not work: \d+ photos in a row failed.*vision_model\.onnx cannot be loaded/)
    expect(await spaceOf(life, 'new')).toMatchObject({ state: 'paused', vectors: 0 })
    expect((await life.models.servingSpace())?.name).toContain('/old@')
  })

  it('that takes its process with it is not started for ever', async () => {
    const children = join(library.root, 'children')
    await mkdir(children)
    const program = join(children, 'dies.mjs')
    const starts = join(library.root, 'starts')
    await writeFile(
      program,
      `import { appendFileSync } from 'node:fs'
process.on('message', (message) => {
  if (message.type === 'configure') { appendFileSync(${JSON.stringify(starts)}, 'x'); process.send({ type: 'ready' }) }
  else if (message.type === 'analyse') { process.send({ type: 'step-started', photoId: message.photo.id, step: 'embedding' }, () => process.kill(process.pid, 'SIGKILL')) }
})`,
    )
    const life = await begin({ program: new URL(`file://${program}`) })
    await prepare(life, 10)
    await life.spaces.useModel('new')
    life.filler.start()
    await expect
      .poll(async () => (await spaceOf(life, 'new'))?.reason, LONG)
      .toMatch(/^new does not work: its process ended 3 times in a row/)
    expect(await spaceOf(life, 'new')).toMatchObject({ state: 'paused', vectors: 0 })
    await rm(children, { recursive: true })
  })
})
