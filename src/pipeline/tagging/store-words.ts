/** @file The user’s words, what was changed about them, and what is known of a word: its threshold in a space, its photos. */
import { sql } from 'kysely'
import type { DbOrTrx, Trx } from '../../db/client.ts'
import type { WordState } from '../../db/tables/tags.ts'
import { isShownId } from '../../db/visible.ts'
import type { Visibility } from '../../domain/visibility.ts'
import type { UserWord } from './vocabulary.ts'

export async function readUserWords(db: DbOrTrx): Promise<UserWord[]> {
  return await db.selectFrom('vocabulary_words').select(['word', 'kind', 'prompt', 'broader', 'threshold']).orderBy('word').execute()
}

/** What a person said of the word; null: nothing. Words are changed one after the other until the transaction ends. */
export async function readWordState(trx: Trx, word: string): Promise<WordState | null> {
  await sql`lock table vocabulary_words in share row exclusive mode`.execute(trx)
  const row = await trx
    .selectFrom('vocabulary_words')
    .select(['kind', 'prompt', 'broader', 'threshold'])
    .where('word', '=', word)
    .executeTakeFirst()
  return row ?? null
}

export async function writeWordState(trx: Trx, word: string, state: WordState | null): Promise<void> {
  if (state === null) {
    await trx.deleteFrom('vocabulary_words').where('word', '=', word).execute()
    return
  }
  const row = { ...state, broader: [...state.broader] }
  await trx
    .insertInto('vocabulary_words')
    .values({ word, ...row })
    .onConflict((conflict) => conflict.column('word').doUpdateSet(row))
    .execute()
}

/** Photos that carry the word are found by other broader terms from now on; the background work writes their documents. */
export async function replaceBroader(trx: Trx, word: string, allBroader: readonly string[]): Promise<void> {
  const pairs = [...new Set([word, ...allBroader])].map((broader) => ({ tag: word, broader }))
  await trx.deleteFrom('tag_broader').where('tag', '=', word).execute()
  await trx.insertInto('tag_broader').values(pairs).execute()
  await sql`insert into stale_documents (photo_id) select distinct photo_id from effective_tags where tag = ${word} on conflict do nothing`.execute(
    trx,
  )
}

export interface WordChange {
  readonly word: string
  readonly before: WordState | null
  readonly after: WordState | null
}

export async function saveWordChange(trx: Trx, editId: number, { word, before, after }: WordChange): Promise<void> {
  const toJson = (state: WordState | null) => (state === null ? null : JSON.stringify(state))
  await trx
    .insertInto('vocabulary_changes')
    .values({ edit_id: editId, word, before: toJson(before), after: toJson(after) })
    .execute()
}

export async function readWordChanges(trx: Trx, editId: number): Promise<WordChange[]> {
  return trx.selectFrom('vocabulary_changes').select(['word', 'before', 'after']).where('edit_id', '=', editId).orderBy('word').execute()
}

/** Words of which the model of this space knows nothing, or a part not. */
export async function readUnknownWords(db: DbOrTrx, spaceId: number): Promise<string[]> {
  const rows = await db
    .selectFrom('space_tags')
    .select('tag')
    .where('space_id', '=', spaceId)
    .where('vector', 'is', null)
    .orderBy('tag')
    .execute()
  return rows.map(({ tag }) => tag)
}

export interface WordInSpace {
  readonly threshold: number | null
  readonly isKnown: boolean
}

/** What the space knows of these words; a word that was not encoded yet is left out. */
export async function readWordsInSpace(db: DbOrTrx, spaceId: number, words: readonly string[]): Promise<Map<string, WordInSpace>> {
  const rows = await db
    .selectFrom('space_tags')
    .select((e) => ['tag', 'threshold', e('vector', 'is not', null).$castTo<boolean>().as('isKnown')])
    .where('space_id', '=', spaceId)
    .where('tag', 'in', [...words])
    .execute()
  return new Map(rows.map(({ tag, threshold, isKnown }) => [tag, { threshold, isKnown }]))
}

/** Photos that carry each of these words, the trash left out. */
export async function countPhotos(db: DbOrTrx, sees: Visibility, words: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ tag: string; count: number }>`
    select tag, count(distinct photo_id)::int as count from effective_tags
    where tag in (${sql.join(words)}) and ${isShownId(sees, 'photo_id')} group by tag`.execute(db)
  return new Map(rows.map(({ tag, count }) => [tag, count]))
}
