/** @file Texts that were read before their language could be told get it from what is stored, a few at a time; no picture is opened. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Db } from '../../../db/client.ts'
import { findLanguage, LANGUAGE_SOURCE } from '../../../lexicon/find-language.ts'
import { readLanguageSource, readUntold, saveLanguageSource, saveLanguages } from './store.ts'

/** Texts per transaction: some 20 ms of looking at them. */
const PAGE = 200

/**
 * Once per detector; an interrupted run goes on where it was, as what is done carries the detector’s name.
 * @returns how many texts were looked at
 */
export async function tellLanguages(db: Db, signal: AbortSignal): Promise<number> {
  if ((await readLanguageSource(db)) === LANGUAGE_SOURCE) return 0
  let told = 0
  for (let after = 0; !signal.aborted; ) {
    const page = await readUntold(db, after, PAGE)
    const last = page.at(-1)
    if (!last) {
      await saveLanguageSource(db)
      break
    }
    const found = []
    for (const text of page) found.push({ ...text, found: await findLanguage(text.text) })
    await saveLanguages(db, found)
    told += page.length
    after = last.photo_id
    await nextTurn()
  }
  return told
}
