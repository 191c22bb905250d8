/** @file The chosen embedding model, as a setting in the database. */
import { z } from 'zod'
import type { DbOrTrx } from '../db/client.ts'

const KEY = 'active_embedding'
const Choice = z.object({ name: z.string() })

/** Name of the model chosen by `models use`, by an import or by a pull; null when nothing was chosen yet. */
export async function readChosenModel(db: DbOrTrx): Promise<string | null> {
  const row = await db.selectFrom('settings').select('value').where('key', '=', KEY).executeTakeFirst()
  return Choice.safeParse(row?.value).data?.name ?? null
}

export async function saveChosenModel(db: DbOrTrx, name: string): Promise<void> {
  const value = JSON.stringify({ name } satisfies z.infer<typeof Choice>)
  await db
    .insertInto('settings')
    .values({ key: KEY, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute()
}

export interface TextSpace {
  readonly id: number
  readonly name: string
  readonly vectors: number
}

/** Every space that can be searched by words, with how many photos are in it. */
export async function countTextSpaces(db: DbOrTrx): Promise<TextSpace[]> {
  return db
    .selectFrom('spaces')
    .leftJoin('embeddings', 'embeddings.space_id', 'spaces.id')
    .select(({ fn }) => ['spaces.id', 'spaces.name', fn.count<number>('embeddings.photo_id').as('vectors')])
    .where('spaces.has_text', '=', true)
    .groupBy(['spaces.id', 'spaces.name'])
    .execute()
}
