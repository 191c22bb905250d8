/** @file The rows of tagging by words: what is due, stored vectors, words in a space. */
import { sql } from 'kysely'
import { message } from '../../contract/messages/message.ts'
import type { Db, DbOrTrx, Trx } from '../../db/client.ts'
import { readSetting, saveSetting } from '../../db/settings.ts'

const MODEL_KEY = 'tags.model'
const calibrationKey = (spaceId: number) => `tags.calibration.${spaceId}`
/** Photos per statement when all become due. */
const RANGE = 5000

export interface SpaceWord {
  readonly tag: string
  /** the texts that were encoded, one a line */
  readonly prompt: string
  readonly vector: Float32Array | null
  readonly usual: number | null
}

export async function readSpaceWords(db: DbOrTrx, spaceId: number): Promise<SpaceWord[]> {
  const rows = await db.selectFrom('space_tags').select(['tag', 'prompt', 'vector', 'usual']).where('space_id', '=', spaceId).execute()
  return rows.map((row) => ({ ...row, vector: row.vector === null ? null : toFloats(row.vector) }))
}

export async function saveSpaceWords(db: Db, spaceId: number, words: readonly Omit<SpaceWord, 'usual'>[]): Promise<void> {
  await db
    .insertInto('space_tags')
    .values(
      words.map(({ tag, prompt, vector }) => ({
        space_id: spaceId,
        tag,
        prompt,
        vector: vector === null ? null : Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength),
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['space_id', 'tag']).doUpdateSet((e) => ({
        prompt: e.ref('excluded.prompt'),
        vector: e.ref('excluded.vector'),
        usual: null,
        threshold: null,
      })),
    )
    .execute()
}

/** Stores what is usual for each word and the score from which it is said; `generation` says how many photos it rests on. */
export async function saveCalibration(
  db: Db,
  spaceId: number,
  words: readonly { tag: string; usual: number; threshold: number }[],
  generation: number,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`
      update space_tags s set usual = r.usual, threshold = r.threshold
      from jsonb_to_recordset(${JSON.stringify(words)}::jsonb) as r (tag text, usual real, threshold real)
      where s.space_id = ${spaceId} and s.tag = r.tag`.execute(trx)
    await saveSetting(trx, calibrationKey(spaceId), generation)
  })
}

export async function readGeneration(db: DbOrTrx, spaceId: number): Promise<number> {
  return Number((await readSetting(db, calibrationKey(spaceId))) ?? 0)
}

export async function countVectors(db: DbOrTrx, spaceId: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from embeddings where space_id = ${spaceId}`.execute(db)
  return rows[0]?.count ?? 0
}

/** Vectors of photos from all over the library, the same ones each time. */
export async function sampleVectors(db: DbOrTrx, spaceId: number, limit: number): Promise<string[]> {
  const { rows } = await sql<{ vector: string }>`
    select embedding::text as vector from embeddings where space_id = ${spaceId} and photo_id in (
      select photo_id from embeddings where space_id = ${spaceId} order by hashint4(photo_id) limit ${limit})`.execute(db)
  return rows.map(({ vector }) => vector)
}

/** Every photo owes the step to this model, unless it has it already. Safe to interrupt and to call again. @returns how many became due */
export async function expectModel(db: Db, modelId: string, version: number, signal: AbortSignal): Promise<number> {
  if ((await readSetting(db, MODEL_KEY)) === modelId) return 0
  const { rows } = await sql<{ last: number }>`select coalesce(max(id), 0) as last from photos`.execute(db)
  const last = rows[0]?.last ?? 0
  let changed = 0
  for (let from = 0; from < last; from += RANGE) {
    signal.throwIfAborted()
    const touched = await sql`
      insert into photo_steps (photo_id, step, version, lane)
      select id, 'tags', ${version}, 'tag' from photos where id > ${from} and id <= ${from + RANGE} and format is not null and removed_at is null
      on conflict (photo_id, step) do update set state = 'due', attempts = 0, reason = null, version = excluded.version
      where photo_steps.state in ('done', 'failed', 'skipped')
        and (photo_steps.model_id is distinct from ${modelId} or photo_steps.version <> excluded.version)`.execute(db)
    changed += Number(touched.numAffectedRows ?? 0)
  }
  await saveSetting(db, MODEL_KEY, modelId)
  return changed
}

/** Photos whose picture could not be embedded have nothing to compare; those that have a vector by now are due again. */
export async function settleUnembedded(db: Db, spaceId: number): Promise<void> {
  await sql`
    update photo_steps t set state = 'skipped', model_id = null, finished_at = now(),
      reason = case e.state when 'failed' then ${JSON.stringify(message('step.blocked', { step: 'embedding' }))}::jsonb
        else coalesce(e.reason, ${JSON.stringify(message('tags.no-embedding'))}::jsonb) end
    from photo_steps e
    where t.step = 'tags' and t.lane = 'tag' and t.state = 'due' and e.photo_id = t.photo_id and e.step = 'embedding'
      and e.state in ('failed', 'skipped')
      and not exists (select 1 from embeddings v where v.space_id = ${spaceId} and v.photo_id = t.photo_id)`.execute(db)
  await sql`
    update photo_steps t set state = 'due', reason = null
    where t.step = 'tags' and t.state = 'skipped'
      and exists (select 1 from embeddings v where v.space_id = ${spaceId} and v.photo_id = t.photo_id)`.execute(db)
}

/** The next photos that are due and have a vector in the space, by id. */
export async function readDueVectors(
  db: DbOrTrx,
  spaceId: number,
  after: number,
  limit: number,
): Promise<{ id: number; vector: string }[]> {
  const { rows } = await sql<{ id: number; vector: string }>`
    select t.photo_id as id, e.embedding::text as vector
    from photo_steps t join embeddings e on e.photo_id = t.photo_id and e.space_id = ${spaceId}
    where t.lane = 'tag' and t.state in ('due', 'running') and t.step = 'tags' and t.photo_id > ${after}
    order by t.photo_id limit ${limit}`.execute(db)
  return rows
}

/** Marks those still due as done. Of two workers that computed the same, one gets the photo. @returns the photos to save */
export async function finishTags(trx: Trx, photoIds: readonly number[], modelId: string, version: number, ms: number): Promise<number[]> {
  const { rows } = await sql<{ photo_id: number }>`
    update photo_steps set state = 'done', model_id = ${modelId}, version = ${version}, reason = null, attempts = 1,
      duration_ms = ${ms}, finished_at = now()
    where step = 'tags' and photo_id = any (${[...photoIds]}::integer[]) and state in ('due', 'running') returning photo_id`.execute(trx)
  return rows.map(({ photo_id }) => photo_id)
}

/** Copied: a column's bytes may start anywhere in a larger buffer. */
function toFloats(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.slice().buffer)
}
