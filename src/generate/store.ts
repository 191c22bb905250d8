/** @file Runs and their images in the database. */
import { sql } from 'kysely'
import type { Fidelity } from '../contract/fidelity.ts'
import type { GeneratedCheck } from '../contract/generate.ts'
import type { PhotoFormat, Review, Shadow } from '../contract/words.ts'
import type { Db, DbOrTrx, Trx } from '../db/client.ts'
import { isInTrash, isShown } from '../db/visible.ts'
import type { Visibility } from '../domain/visibility.ts'
import type { RunBudget } from './run-budget.ts'

export interface NewImage {
  /** null: it is made from words alone */
  readonly sourceId: number | null
  readonly promptIndex: number
  readonly imageType: number
  readonly seed: number
  readonly prompt: string | null
}

export interface NewRun {
  readonly productType: string
  readonly height: string | null
  readonly width: string | null
  readonly shadow: Shadow
  readonly store: string | null
  readonly budget: RunBudget
}

export async function insertGeneration(trx: Trx, run: NewRun, images: readonly NewImage[]): Promise<number> {
  const { id } = await trx
    .insertInto('generations')
    .values({
      product_type: run.productType,
      height: run.height,
      width: run.width,
      shadow: run.shadow,
      store: run.store,
      most_scenes: run.budget.scenes,
      most_tokens: run.budget.tokens,
      most_cost: run.budget.cost,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await trx
    .insertInto('generated_images')
    .values(
      images.map((image) => ({
        generation_id: id,
        source_id: image.sourceId,
        prompt_index: image.promptIndex,
        image_type: image.imageType,
        seed: image.seed,
        prompt: image.prompt,
      })),
    )
    .execute()
  return id
}

/** Those that are there and not in the trash. */
export async function filterPhotos(db: Db, sees: Visibility, ids: readonly number[]): Promise<number[]> {
  const rows = await db
    .selectFrom('photos')
    .select('id')
    .where('id', 'in', [...ids])
    .where(isShown(sees, 'photos'))
    .execute()
  return rows.map(({ id }) => id)
}

/** Tries that are still to be made. */
export async function listDueFiles(db: Db): Promise<{ id: number; seed: number }[]> {
  return db.selectFrom('generated_images').select(['id', 'seed']).where('state', '=', 'due').execute()
}

/** What a previous life left in the middle. */
export async function takeBackInterrupted(db: Db): Promise<void> {
  await db.updateTable('generated_images').set({ state: 'due' }).where('state', '=', 'running').execute()
}

const DUE = [
  'i.id',
  'i.generation_id',
  'i.source_id',
  'i.image_type',
  'i.prompt',
  'i.seed',
  'i.tokens',
  'i.cost',
  'g.height',
  'g.width',
  'g.shadow',
  'g.product_type',
  'p.sha256',
  'p.format',
  'p.filename',
  'p.trashed_at',
] as const

/** The oldest image that is due, now running; null when none is. @param free types that need no maker: the only ones while it is not to be asked, and of runs whose budget is spent */
export async function claimImage(db: Db, free: readonly number[], isMakerAsked: boolean) {
  return db.transaction().execute(async (trx) => {
    const found = await trx
      .selectFrom('generated_images as i')
      .innerJoin('generations as g', 'g.id', 'i.generation_id')
      .leftJoin('photos as p', 'p.id', 'i.source_id')
      .select(DUE)
      .where('i.state', '=', 'due')
      .where((eb) => eb.or([...(isMakerAsked ? [eb('g.state', '<>', 'budget')] : []), eb('i.image_type', 'in', [...free])]))
      .orderBy('i.id')
      .limit(1)
      .executeTakeFirst()
    if (!found) return null
    await trx
      .updateTable('generated_images')
      .set((eb) => ({ state: 'running', reason: null, attempts: eb('attempts', '+', 1) }))
      .where('id', '=', found.id)
      .execute()
    return found
  })
}
export type ClaimedImage = NonNullable<Awaited<ReturnType<typeof claimImage>>> & { readonly format: PhotoFormat | null }

/** It was not the picture’s fault: it waits again. */
export async function giveBack(db: Db, id: number, reason: string): Promise<void> {
  await db.updateTable('generated_images').set({ state: 'due', reason }).where('id', '=', id).where('state', '=', 'running').execute()
}

export interface MadeFacts {
  readonly photoId: number | null
  readonly heldFile: string | null
  readonly review: Review
  readonly reason: string | null
  readonly modelId: string | null
  readonly cutterId: string | null
  readonly width: number
  readonly height: number
  readonly fidelity: Fidelity | null
  readonly checks: readonly GeneratedCheck[]
  readonly tokens: number | null
  readonly cost: number | null
  readonly durationMs: number
}

/** @returns false when it was cancelled meanwhile */
export async function saveMade(db: Db, id: number, made: MadeFacts): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('generated_images')
    .set({
      state: 'done',
      reason: made.reason,
      review: made.review,
      photo_id: made.photoId,
      held_file: made.heldFile,
      model_id: made.modelId,
      cutter_id: made.cutterId,
      width: made.width,
      height: made.height,
      fidelity: made.fidelity && JSON.stringify(made.fidelity),
      checks: JSON.stringify(made.checks),
      tokens: made.tokens,
      cost: made.cost,
      duration_ms: made.durationMs,
      ended_at: sql<Date>`now()`,
    })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .executeTakeFirst()
  return Number(numUpdatedRows) > 0
}

export async function saveFailed(db: Db, id: number, reason: string): Promise<void> {
  await db
    .updateTable('generated_images')
    .set({ state: 'failed', reason, ended_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .execute()
}

/** Runs of which nothing is left to do. */
export async function endFinished(db: Db): Promise<void> {
  await sql`
    update generations g set state = 'done', reason = null, ended_at = now()
    where g.state in ('running', 'budget')
      and not exists (select 1 from generated_images i where i.generation_id = g.id and i.state in ('due', 'running'))`.execute(db)
}

export async function cancelRun(db: Db, id: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx
      .updateTable('generated_images')
      .set({ state: 'cancelled' })
      .where('generation_id', '=', id)
      .where('state', 'in', ['due', 'running'])
      .execute()
    await trx
      .updateTable('generations')
      .set({ state: 'cancelled', ended_at: sql<Date>`now()` })
      .where('id', '=', id)
      .where('state', 'in', ['running', 'budget'])
      .execute()
  })
}

/** Made again with another seed; the photo it was stays in the library. */
export async function redoImage(db: Db, id: number, seed: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const row = await trx
      .updateTable('generated_images')
      .set({
        state: 'due',
        reason: null,
        review: 'open',
        photo_id: null,
        held_file: null,
        stored_at: null,
        store_picture_id: null,
        tokens: null,
        cost: null,
        seed,
        fidelity: null,
        checks: '[]',
        ended_at: null,
      })
      .where('id', '=', id)
      .where('state', '!=', 'running')
      .returning('generation_id')
      .executeTakeFirst()
    if (row)
      await trx
        .updateTable('generations')
        .set({ state: 'running', reason: null, ended_at: null })
        .where('id', '=', row.generation_id)
        .execute()
  })
}

export async function saveReview(db: Db, id: number, review: Review, photoId: number | null): Promise<void> {
  await db
    .updateTable('generated_images')
    .set({ review, ...(photoId === null ? {} : { photo_id: photoId, held_file: null }) })
    .where('id', '=', id)
    .execute()
}

/** With whether its source still counts: null where the photo was deleted, `trashed` while it lies in the trash. */
const selectImages = (db: DbOrTrx) =>
  db
    .selectFrom('generated_images')
    .leftJoin('photos', 'photos.id', 'generated_images.source_id')
    .leftJoin('photos as made', 'made.id', 'generated_images.photo_id')
    .selectAll('generated_images')
    .select([isInTrash('photos').as('is_source_trashed'), 'made.format as made_format'])

export async function readImage(db: DbOrTrx, id: number) {
  return selectImages(db).where('generated_images.id', '=', id).executeTakeFirst()
}
export type ImageRow = NonNullable<Awaited<ReturnType<typeof readImage>>>

export async function readRuns(db: DbOrTrx, choice: { readonly id: number } | { readonly limit: number }) {
  let query = db.selectFrom('generations').selectAll().orderBy('id', 'desc')
  query = 'id' in choice ? query.where('id', '=', choice.id) : query.limit(choice.limit)
  const runs = await query.execute()
  if (runs.length === 0) return []
  const images = await selectImages(db)
    .where(
      'generation_id',
      'in',
      runs.map(({ id }) => id),
    )
    .orderBy('generated_images.id')
    .execute()
  return runs.map((run) => ({ run, images: images.filter((image) => image.generation_id === run.id) }))
}
export type RunWithImages = Awaited<ReturnType<typeof readRuns>>[number]

export async function countDueImages(db: Db): Promise<number> {
  const row = await db
    .selectFrom('generated_images')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('state', 'in', ['due', 'running'])
    .where('generation_id', 'not in', db.selectFrom('generations').select('id').where('state', '=', 'budget'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

export async function readScenes(db: DbOrTrx, day: string): Promise<number> {
  const row = await db.selectFrom('generation_usage').select('scenes').where('day', '=', day).executeTakeFirst()
  return row?.scenes ?? 0
}

export async function addScene(db: DbOrTrx, day: string): Promise<void> {
  await sql`insert into generation_usage (day, scenes) values (${day}, 1) on conflict (day) do update set scenes = generation_usage.scenes + 1`.execute(
    db,
  )
}
