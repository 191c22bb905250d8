/** @file Edits and what they changed: begun, worked through in batches of photos, each batch one transaction, read back for undo. */

import { type RawBuilder, sql } from 'kysely'
import type { EditReport } from '../contract/edits.ts'
import { type Message, render, textMessage } from '../contract/messages/message.ts'
import { toIntegers, toWords } from '../db/arrays.ts'
import { authorName } from '../db/author-name.ts'
import type { Db, DbOrTrx, Trx } from '../db/client.ts'
import type { EditArea, Target } from '../db/tables/edits.ts'
import { isAllowed, isAllowedId } from '../db/visible.ts'
import { type Actor, toAuthor } from '../domain/actor.ts'
import { EVERY_PHOTO, type Visibility } from '../domain/visibility.ts'

export interface NewEdit {
  readonly actor: Actor
  readonly summary: Message
  readonly targets: readonly Target[]
  readonly undoOf: number | null
  readonly photoIds: readonly number[]
}

const LONGEST = 500
/** Fifty tags of a hundred letters are no line of a history: of more than it holds, the beginning of the sentence is kept. */
function store(summary: Message): string {
  const sentence = render(summary)
  return JSON.stringify(sentence.length > LONGEST ? textMessage(sentence.slice(0, LONGEST)) : summary)
}

export async function insertEdit(trx: Trx, { actor, summary, targets, undoOf, photoIds }: NewEdit): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into edits (actor, summary, targets, undo_of, photo_ids, photos)
    values (${toAuthor(actor)}, ${store(summary)}::jsonb, ${JSON.stringify(targets)}::jsonb, ${undoOf}, ${toIntegers(photoIds)}, ${photoIds.length}) returning id`.execute(
    trx,
  )
  return rows[0]?.id ?? 0
}

export interface DoneEdit {
  readonly actor: Actor
  readonly area: EditArea
  readonly summary: Message
  readonly undoOf: number | null
  readonly changed: number
  readonly conflicts: number
}

/** A change that was made whole in this transaction, by those who know its area. */
export async function insertDoneEdit(trx: Trx, { actor, area, summary, undoOf, changed, conflicts }: DoneEdit): Promise<number> {
  const { id } = await trx
    .insertInto('edits')
    .values({
      actor: toAuthor(actor),
      area,
      summary: store(summary),
      targets: '[]',
      undo_of: undoOf,
      state: 'done',
      photo_ids: [],
      photos: changed,
      position: changed,
      changed,
      conflicts,
      finished_at: new Date(),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export interface RunningEdit {
  readonly id: number
  readonly actor: string
  readonly targets: readonly Target[]
  readonly undoOf: number | null
  /** the next photos, in order */
  readonly ids: readonly number[]
  readonly isLast: boolean
}

/** The oldest edit that has something to do, with its next photos; held until the transaction ends. */
export async function takeRunningEdit(trx: Trx, batch: number, onlyId?: number): Promise<RunningEdit | undefined> {
  const { rows } = await sql<RunningEdit>`
    select id, actor, targets, undo_of as "undoOf", photo_ids[position + 1 : position + ${batch}] as ids, position + ${batch} >= photos as "isLast"
    from edits where state = 'running' ${onlyId === undefined ? sql`` : sql`and id = ${onlyId}`}
    order by id limit 1 for update skip locked`.execute(trx)
  return rows[0]
}

/** Makes the decisions of an edit for these photos and notes what they replace. @returns photos that were changed, and conflicts */
export async function applyBatch(trx: Trx, edit: RunningEdit): Promise<{ changed: number[]; conflicts: number }> {
  // two edits of one photo at the same time, one after the other: what is noted as “before” is what was there
  await sql`select id from photos where id = any (${toIntegers(edit.ids)}) order by id for update`.execute(trx)
  const { rows } = await sql<{ photo_id: number; is_conflict: boolean }>`
    with wanted as (${edit.undoOf === null ? wantTargets(edit.ids, edit.targets) : wantBefore(edit.ids, edit.undoOf)}),
    noted as (
      insert into edit_changes (edit_id, photo_id, field, key, before, before_at, after)
      select ${edit.id}::integer, photo_id, field, key, value, decided_at, after from wanted where not is_conflict
      returning photo_id, field, key, after),
    gone as (
      delete from decisions d using noted n where n.after is null and (d.photo_id, d.field, d.key) = (n.photo_id, n.field, n.key)),
    made as (
      insert into decisions (photo_id, field, key, value, decided_at, actor)
      select n.photo_id, n.field, n.key, n.after, coalesce(w.after_at, now()), ${edit.actor}
      from noted n join wanted w using (photo_id, field, key) where n.after is not null
      on conflict (photo_id, field, key) do update set value = excluded.value, decided_at = excluded.decided_at, actor = excluded.actor)
    select photo_id, is_conflict from wanted`.execute(trx)
  const changed = [...new Set(rows.filter((row) => !row.is_conflict).map((row) => row.photo_id))]
  return { changed, conflicts: rows.filter((row) => row.is_conflict).length }
}

/** How many of these photos the targets would change. */
export async function countChanges(db: DbOrTrx, ids: readonly number[], targets: readonly Target[]): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(distinct photo_id)::int as count from (${wantTargets(ids, targets)}) wanted`.execute(db)
  return rows[0]?.count ?? 0
}

/** Rows `photo_id, field, key, value, decided_at` (what is decided), `after, after_at, is_conflict`: only what would be another decision. */
function wantTargets(ids: readonly number[], targets: readonly Target[]): RawBuilder<unknown> {
  const asked = new Set(ids)
  const all = targets.flatMap((target) =>
    'set' in target ? [{ field: target.set, key: target.key, after: target.value, photo_id: target.photo }] : [],
  )
  const sets = all.filter(({ photo_id }) => photo_id === undefined)
  const own = all.filter(({ photo_id }) => photo_id !== undefined && asked.has(photo_id))
  const resets = targets.flatMap((target) => ('reset' in target ? [target.reset] : []))
  // jsonb_to_recordset gives SQL null for a JSON null; a decision for “none” is the JSON one
  return sql`
    select t.photo_id, t.field, t.key, d.value, d.decided_at, coalesce(t.after, 'null'::jsonb) as after, null::timestamptz as after_at,
      false as is_conflict
    from (
      select p.id as photo_id, t.field, t.key, t.after from photos p
      cross join jsonb_to_recordset(${JSON.stringify(sets)}::jsonb) as t (field text, key text, after jsonb)
      where p.id = any (${toIntegers(ids)})
      union all
      select p.id, t.field, t.key, t.after from photos p
      join jsonb_to_recordset(${JSON.stringify(own)}::jsonb) as t (field text, key text, after jsonb, photo_id integer) on t.photo_id = p.id
    ) t
    left join decisions d on d.photo_id = t.photo_id and d.field = t.field and d.key = t.key
    where d.value is distinct from coalesce(t.after, 'null'::jsonb)
      and (t.field <> 'tag' or t.after = 'true' or exists (
        select 1 from effective_tags e where e.photo_id = t.photo_id and e.tag = t.key))
      and (t.field <> 'category' or t.after = 'true' or exists (
        select 1 from photo_categories c where c.photo_id = t.photo_id and c.category_id::text = t.key))
    union all
    select d.photo_id, d.field, d.key, d.value, d.decided_at, null::jsonb, null::timestamptz, false
    from decisions d where d.photo_id = any (${toIntegers(ids)}) and d.field = any (${toWords(resets)})
      and not exists (
        select 1 from jsonb_to_recordset(${JSON.stringify(sets)}::jsonb) as t (field text, key text)
        where t.field = d.field and t.key = d.key)`
}

/** As `wantTargets`: what was decided before an edit, a conflict where something else was decided since. */
function wantBefore(ids: readonly number[], editId: number): RawBuilder<unknown> {
  return sql`
    select c.photo_id, c.field, c.key, d.value, d.decided_at, c.before as after, c.before_at as after_at,
      d.value is distinct from c.after as is_conflict
    from edit_changes c left join decisions d on d.photo_id = c.photo_id and d.field = c.field and d.key = c.key
    where c.edit_id = ${editId} and c.photo_id = any (${toIntegers(ids)})`
}

export async function advanceEdit(trx: Trx, edit: RunningEdit, changed: number, conflicts: number): Promise<void> {
  await sql`
    update edits set position = least(position + ${edit.ids.length}, photos), changed = changed + ${changed}, conflicts = conflicts + ${conflicts}
      ${edit.isLast ? sql`, state = 'done', finished_at = now(), photo_ids = '{}'` : sql``}
    where id = ${edit.id}`.execute(trx)
}

/** Photos an edit changed, in order. */
export async function readChangedPhotos(db: DbOrTrx, editId: number): Promise<number[]> {
  const { rows } = await sql<{ ids: number[] | null }>`
    select array_agg(distinct photo_id) as ids from edit_changes where edit_id = ${editId}`.execute(db)
  return rows[0]?.ids ?? []
}

interface ReportRow extends Omit<EditReport, 'made_at' | 'message' | 'summary'> {
  readonly summary: Message
  readonly made_at: Date
}

/** Where not every photo may be seen: edits of photos that are, with how many of those; of other areas only words, which tell of no photo. */
const report = (sees: Visibility) => sql`
  select e.id, ${authorName('e.actor')} as by, e.summary, e.state, e.area, ${seenOr(sees, 'photos')} as photos, ${seenOr(sees, 'position')} as looked_at,
    ${seenOr(sees, 'changed')} as changed, e.conflicts, e.undo_of, e.made_at,
    (select max(u.id) from edits u where u.undo_of = e.id) as undone_by
  from edits e where ${sees.allowed === null ? sql`true` : sql`(e.area = 'vocabulary' or (e.area = 'photos' and ${countSeen(sees)} > 0))`}`

const countSeen = (sees: Visibility) =>
  sql`(select count(distinct c.photo_id)::int from edit_changes c where c.edit_id = e.id and ${isAllowedId(sees, 'c.photo_id')})`

const seenOr = (sees: Visibility, column: 'photos' | 'position' | 'changed') =>
  sees.allowed === null
    ? sql.ref(`e.${column}`)
    : sql`case when e.area = 'photos' then ${countSeen(sees)} else ${sql.ref(`e.${column}`)} end`

const toReport = (row: ReportRow): EditReport => ({
  ...row,
  summary: render(row.summary),
  message: row.summary,
  made_at: row.made_at.toISOString(),
})

/** Newest first. */
export async function listEdits(db: DbOrTrx, sees: Visibility, skip: number, limit: number): Promise<EditReport[]> {
  const { rows } = await sql<ReportRow>`${report(sees)} order by e.id desc offset ${skip} limit ${limit}`.execute(db)
  return rows.map(toReport)
}

export async function readEdit(db: DbOrTrx, id: number, sees: Visibility = EVERY_PHOTO): Promise<EditReport | undefined> {
  const { rows } = await sql<ReportRow>`${report(sees)} and e.id = ${id}`.execute(db)
  return rows.map(toReport)[0]
}

export async function readTargets(db: DbOrTrx, id: number): Promise<readonly Target[]> {
  return (await db.selectFrom('edits').select('targets').where('id', '=', id).executeTakeFirst())?.targets ?? []
}

/** Those of these photos that exist, in order. */
export async function filterPhotos(db: Db, sees: Visibility, ids: readonly number[]): Promise<number[]> {
  const { rows } = await sql<{ ids: number[] | null }>`
    select array_agg(id order by id) as ids from photos where id = any (${toIntegers(ids)}) and ${isAllowed(sees, 'photos')}`.execute(db)
  return rows[0]?.ids ?? []
}
