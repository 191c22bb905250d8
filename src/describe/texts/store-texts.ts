/** @file The space of texts as rows: what is due, what was embedded, what failed. */
import { sql } from 'kysely'
import type { Db, DbOrTrx, Trx } from '../../db/client.ts'
import { ensureSpace, saveEmbedding } from '../../db/vector.ts'
import { MAX_FILL_ATTEMPTS } from '../../pipeline/spaces/store.ts'

export interface TextSpaceRow {
  readonly id: number
  readonly name: string
  readonly width: number
}

/** A name is one model at one width. */
const nameOf = (model: string, width: number | string) => `text/${model}/${width}`

/** The model's space of this width, or its newest of any width. */
export async function findTextSpace(db: DbOrTrx, model: string, width: number | null): Promise<TextSpaceRow | undefined> {
  const { rows } = await sql<TextSpaceRow>`
    select id, name, width from spaces where of_texts and model_id = ${model} ${width === null ? sql`` : sql`and width = ${width}`}
    order by id desc limit 1`.execute(db)
  return rows[0]
}

/** Every photo is to be looked at once; from then on changes of its text make it due. */
export async function makeTextSpace(db: Db, model: string, width: number): Promise<TextSpaceRow> {
  const name = nameOf(model, width)
  const id = await db.transaction().execute(async (trx) => {
    const made = await ensureSpace(trx, { name, width, hasText: true }, model)
    await trx.updateTable('spaces').set({ of_texts: true, due_from: 0 }).where('id', '=', made).where('of_texts', '=', false).execute()
    return made
  })
  return { id, name, width }
}

/** Photos listed as due per transaction: a few milliseconds. */
const LIST_BATCH = 2000

/** Lists the next photos of a space that is new. @returns false when all are listed */
export async function listNextDue(db: Db, spaceId: number): Promise<boolean> {
  const { rows } = await sql<{ from: number | null }>`select due_from as "from" from spaces where id = ${spaceId}`.execute(db)
  const from = rows[0]?.from ?? null
  if (from === null) return false
  await db.transaction().execute(async (trx) => {
    const listed = await sql<{ photo_id: number }>`
      insert into due_texts (space_id, photo_id)
      select ${spaceId}::integer, id from photos where id > ${from} order by id limit ${LIST_BATCH}
      on conflict (space_id, photo_id) do update set changed_in = excluded.changed_in returning photo_id`.execute(trx)
    const last = Math.max(0, ...listed.rows.map(({ photo_id }) => photo_id))
    await trx
      .updateTable('spaces')
      .set({ due_from: listed.rows.length < LIST_BATCH ? null : last })
      .where('id', '=', spaceId)
      .execute()
  })
  return true
}

export interface DueText {
  readonly photo_id: number
  /** the change that made it due */
  readonly changed_in: string
  readonly captions: readonly string[]
  /** of persons and describers: those of the vocabulary change with it, and would all be paid for again */
  readonly tags: readonly string[]
  /** of the text that is embedded; null when none is */
  readonly digest: string | null
}

/** The next photos, those that failed before last. */
export async function readDueTexts(db: DbOrTrx, spaceId: number, limit: number): Promise<DueText[]> {
  const { rows } = await sql<DueText>`
    with due as materialized (
      select d.photo_id, d.changed_in from due_texts d
      left join space_failures f on f.space_id = d.space_id and f.photo_id = d.photo_id
      where d.space_id = ${spaceId} order by coalesce(f.attempts, 0), d.photo_id limit ${limit}),
    listed as (select array_agg(photo_id) as ids from due)
    select due.photo_id, due.changed_in::text as changed_in, e.captions, v.digest,
      array(select distinct t.tag from effective_tags t where t.photo_id = due.photo_id
        and (t.said_by = 'person' or exists (select 1 from descriptions x where x.photo_id = t.photo_id and x.said_by = t.said_by))) as tags
    from due join effective_facts e on e.photo_id = due.photo_id
    left join embeddings v on v.space_id = ${spaceId} and v.photo_id = due.photo_id
    where e.photo_id = any ((select ids from listed)::integer[]) order by due.photo_id`.execute(db)
  return rows
}

/** Not due any more, unless it changed meanwhile. */
export async function settleTexts(trx: Trx, spaceId: number, settled: readonly Pick<DueText, 'photo_id' | 'changed_in'>[]): Promise<void> {
  await sql`
    delete from due_texts d using jsonb_to_recordset(${JSON.stringify(settled)}::jsonb) as s (photo_id integer, changed_in text)
    where d.space_id = ${spaceId} and d.photo_id = s.photo_id and d.changed_in = s.changed_in::xid8`.execute(trx)
}

export interface EmbeddedText extends Pick<DueText, 'photo_id' | 'changed_in'> {
  readonly digest: string
  readonly vector: Float32Array
}

/** A photo that was deleted meanwhile is left out. */
export async function saveTextVectors(trx: Trx, spaceId: number, embedded: readonly EmbeddedText[]): Promise<void> {
  const ids = embedded.map(({ photo_id }) => photo_id)
  const there = await trx.selectFrom('photos').select('id').where('id', 'in', ids).forShare().execute()
  const present = new Set(there.map(({ id }) => id))
  for (const { photo_id, digest, vector } of embedded) {
    if (!present.has(photo_id)) continue
    await saveEmbedding(trx, spaceId, photo_id, vector, digest)
  }
  await trx.deleteFrom('space_failures').where('space_id', '=', spaceId).where('photo_id', 'in', ids).execute()
  await settleTexts(trx, spaceId, embedded)
}

/** Photos that are said nothing of any more. */
export async function removeTextVectors(
  trx: Trx,
  spaceId: number,
  gone: readonly Pick<DueText, 'photo_id' | 'changed_in'>[],
): Promise<void> {
  await trx
    .deleteFrom('embeddings')
    .where('space_id', '=', spaceId)
    .where(
      'photo_id',
      'in',
      gone.map(({ photo_id }) => photo_id),
    )
    .execute()
  await settleTexts(trx, spaceId, gone)
}

/** Whether it was given up; a changed text, or a resume, makes it due again. */
export async function isGivenUp(db: DbOrTrx, spaceId: number, photoId: number): Promise<boolean> {
  const row = await db
    .selectFrom('space_failures')
    .select('attempts')
    .where('space_id', '=', spaceId)
    .where('photo_id', '=', photoId)
    .executeTakeFirst()
  return (row?.attempts ?? 0) >= MAX_FILL_ATTEMPTS
}

/** What failed is due again. */
export async function retryFailedTexts(db: Db, spaceId: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`
      insert into due_texts (space_id, photo_id) select space_id, photo_id from space_failures where space_id = ${spaceId}
      on conflict do nothing`.execute(trx)
    await trx.deleteFrom('space_failures').where('space_id', '=', spaceId).execute()
  })
}

export interface TextCounts {
  readonly embedded: number
  /** photos to be looked at; those without a description need no call */
  readonly due: number
  readonly failed: number
  readonly paused_because: string | null
}

export async function countTexts(db: DbOrTrx, spaceId: number): Promise<TextCounts> {
  const { rows } = await sql<TextCounts>`
    select (select count(*)::int from embeddings where space_id = s.id) as embedded,
      (select count(*)::int from due_texts where space_id = s.id) +
        (select count(*)::int from photos where s.due_from is not null and id > s.due_from) as due,
      (select count(*)::int from space_failures where space_id = s.id and attempts >= ${MAX_FILL_ATTEMPTS}) as failed, paused_because
    from spaces s where s.id = ${spaceId}`.execute(db)
  return rows[0] ?? { embedded: 0, due: 0, failed: 0, paused_because: null }
}
