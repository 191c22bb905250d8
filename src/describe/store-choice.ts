/** @file The owner's choice for describing, as a setting in the database. */
import type { DbOrTrx } from '../db/client.ts'
import { StoredChoice } from './choice.ts'

const KEY = 'describe'

export async function readChoice(db: DbOrTrx): Promise<StoredChoice> {
  const row = await db.selectFrom('settings').select('value').where('key', '=', KEY).executeTakeFirst()
  const parsed = StoredChoice.safeParse(row?.value ?? {})
  return parsed.success ? parsed.data : StoredChoice.parse({})
}

export async function saveChoice(db: DbOrTrx, choice: StoredChoice): Promise<void> {
  const value = JSON.stringify(choice)
  await db
    .insertInto('settings')
    .values({ key: KEY, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute()
}
