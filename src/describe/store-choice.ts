/** @file The owner's choice for describing, as a setting in the database. */
import type { Purpose } from '../contract/words.ts'
import type { DbOrTrx } from '../db/client.ts'
import { readSetting, saveSetting } from '../db/settings.ts'
import { StoredChoice } from './choice.ts'

/** that of the facts was there before there were purposes */
const keyOf = (purpose: Purpose): string => (purpose === 'facts' ? 'describe' : `describe ${purpose}`)

export async function readChoice(db: DbOrTrx, purpose: Purpose): Promise<StoredChoice> {
  const parsed = StoredChoice.safeParse((await readSetting(db, keyOf(purpose))) ?? {})
  return parsed.success ? parsed.data : StoredChoice.parse({})
}

export async function saveChoice(db: DbOrTrx, purpose: Purpose, choice: StoredChoice): Promise<void> {
  await saveSetting(db, keyOf(purpose), choice)
}
