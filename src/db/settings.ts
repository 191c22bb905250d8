/** @file Small facts of the library by name (table `settings`): what was chosen, and how far work of the background has come. */
import type { DbOrTrx } from './client.ts'

/** As it was saved; undefined where it never was. */
export async function readSetting(db: DbOrTrx, key: string): Promise<unknown> {
  return (await db.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst())?.value
}

/** @param value what JSON can say */
export async function saveSetting(db: DbOrTrx, key: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value)
  await db
    .insertInto('settings')
    .values({ key, value: text })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: text }))
    .execute()
}
