/** @file What runs may spend and have spent, in the database. */
import type { Db, DbOrTrx, Trx } from '../db/client.ts'
import type { RunBudget, RunSpent, SceneMeans } from './run-budget.ts'

const number = (value: number | string | null): number | null => (value === null ? null : Number(value))

export async function readRunBudget(db: DbOrTrx, id: number): Promise<{ budget: RunBudget; spent: RunSpent }> {
  const row = await db
    .selectFrom('generations')
    .select(['most_scenes', 'most_tokens', 'most_cost', 'scenes', 'tokens', 'cost'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return {
    budget: { scenes: row.most_scenes, tokens: row.most_tokens, cost: row.most_cost },
    spent: { scenes: row.scenes, tokens: row.tokens, cost: row.cost },
  }
}

/** Means over the latest scenes of this maker. */
export async function readSceneMeans(db: DbOrTrx, modelId: string): Promise<SceneMeans> {
  const row = await db
    .selectFrom(
      db
        .selectFrom('generated_images')
        .select(['tokens', 'cost'])
        .where('model_id', '=', modelId)
        .where('state', '=', 'done')
        .orderBy('id', 'desc')
        .limit(50)
        .as('latest'),
    )
    .select((eb) => [eb.fn.avg<number | null>('tokens').as('tokens'), eb.fn.avg<number | null>('cost').as('cost')])
    .executeTakeFirst()
  return { tokens: number(row?.tokens ?? null), cost: number(row?.cost ?? null) }
}

/** Counted when it is asked for: also a call that fails may be billed. */
export async function countRunScene(db: DbOrTrx, id: number): Promise<void> {
  await db
    .updateTable('generations')
    .set((eb) => ({ scenes: eb('scenes', '+', 1) }))
    .where('id', '=', id)
    .execute()
}

/** What an answered scene took, on the image and on its run. */
export async function countSpent(
  trx: Trx,
  image: { readonly id: number; readonly runId: number },
  tokens: number | null,
  cost: number | null,
) {
  await trx.updateTable('generated_images').set({ tokens, cost }).where('id', '=', image.id).execute()
  await addToRun(trx, image.runId, tokens, cost)
}

/** What a scene that was lost with its process is likely to have taken. */
export async function chargeLostScene(trx: Trx, imageId: number, tokens: number | null, cost: number | null): Promise<void> {
  const image = await trx.selectFrom('generated_images').select('generation_id').where('id', '=', imageId).executeTakeFirst()
  if (image) await addToRun(trx, image.generation_id, tokens, cost)
}

async function addToRun(trx: Trx, runId: number, tokens: number | null, cost: number | null): Promise<void> {
  await trx
    .updateTable('generations')
    .set((eb) => ({ tokens: eb('tokens', '+', tokens ?? 0), cost: eb('cost', '+', cost ?? 0) }))
    .where('id', '=', runId)
    .execute()
}

export async function stopForBudget(db: Db, id: number, reason: string): Promise<void> {
  await db.updateTable('generations').set({ state: 'budget', reason }).where('id', '=', id).where('state', '=', 'running').execute()
}

/** @returns false when it had not stopped for its budget */
export async function resumeRun(db: Db, id: number, budget: RunBudget): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('generations')
    .set({ state: 'running', reason: null, most_scenes: budget.scenes, most_tokens: budget.tokens, most_cost: budget.cost })
    .where('id', '=', id)
    .where('state', '=', 'budget')
    .executeTakeFirst()
  return Number(numUpdatedRows) > 0
}
