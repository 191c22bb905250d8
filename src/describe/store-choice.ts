/** @file The owner's choice for describing, as a setting in the database. */
import type { DbOrTrx } from '../db/client.ts'
import { readSetting, saveSetting } from '../db/settings.ts'
import { StoredChoice } from './choice.ts'

const KEY = 'describe'

export async function readChoice(db: DbOrTrx): Promise<StoredChoice> {
  const parsed = StoredChoice.safeParse((await readSetting(db, KEY)) ?? {})
  return parsed.success ? parsed.data : StoredChoice.parse({})
}

export async function saveChoice(db: DbOrTrx, choice: StoredChoice): Promise<void> {
  await saveSetting(db, KEY, choice)
}
