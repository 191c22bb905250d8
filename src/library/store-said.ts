/** @file What is said of one photo that a person may change: titles, captions, rating, tags, categories, each with who said it and when. */
import { sql } from 'kysely'
import type { PhotoDetail } from '../contract/photo.ts'
import type { DbOrTrx } from '../db/client.ts'
import type { SingleField } from '../db/tables/edits.ts'
import { DOCUMENT_TAG } from '../domain/text-coverage.ts'
import { toIso } from './photo-card.ts'

type Saying = Pick<
  PhotoDetail,
  | 'version'
  | 'sayers'
  | 'title'
  | 'caption'
  | 'alt_text'
  | 'rating'
  | 'favourite'
  | 'tags'
  | 'removed_tags'
  | 'categories'
  | 'removed_categories'
>

export async function readSaid(db: DbOrTrx, id: number): Promise<Saying> {
  const sayers = await readSayers(db, id)
  const [version, single, tags, categories] = await Promise.all([
    readVersion(db, id),
    readSingle(db, id, sayers),
    readTags(db, id, sayers),
    readCategories(db, id),
  ])
  return { version, sayers: [...sayers.values()], ...single, ...tags, ...categories }
}

/** The newest edit that changed the photo; 0 before the first. */
export async function readVersion(db: DbOrTrx, id: number): Promise<number> {
  const row = await db
    .selectFrom('edit_changes')
    .select((e) => e.fn.max('edit_id').as('version'))
    .where('photo_id', '=', id)
    .executeTakeFirst()
  return row?.version ?? 0
}

type Sayer = PhotoDetail['sayers'][number]

/** Models, the file and persons that said something of a photo, by the name that facts carry. */
async function readSayers(db: DbOrTrx, id: number): Promise<ReadonlyMap<string, Sayer>> {
  const steps = await db
    .selectFrom('photo_steps')
    .select(['step', 'model_id', 'finished_at'])
    .where('photo_id', '=', id)
    .where('state', '=', 'done')
    .execute()
  const descriptions = await db
    .selectFrom('descriptions')
    .select(['said_by', 'models', 'prompt_version', 'created_at'])
    .where('photo_id', '=', id)
    .execute()
  const decided = await db
    .selectFrom('decisions')
    .select((e) => e.fn.max('decided_at').as('at'))
    .where('photo_id', '=', id)
    .executeTakeFirst()
  return new Map([
    ...steps.flatMap(({ step, model_id, finished_at }) => {
      const sayer = step === 'metadata' ? 'file' : model_id
      return sayer === null ? [] : [[sayer, { ...nameOf(sayer), said_at: toIso(finished_at) }] as const]
    }),
    ...descriptions.map(({ said_by, models, prompt_version, created_at }) => {
      const known = nameOf(said_by)
      return [said_by, { ...known, version: models.join(' + ') || known.version, prompt_version, said_at: toIso(created_at) }] as const
    }),
    ...(decided?.at ? [['person', { ...nameOf('person'), said_at: toIso(decided.at) }] as const] : []),
  ])
}

/** `<provider>/<name>@<version>`; the ledger’s name of a describer has its prompt behind it. */
function nameOf(saidBy: string): Omit<Sayer, 'said_at'> {
  const found = /^[^/]+\/(?<name>.+)@(?<version>[^@]+)$/.exec(saidBy)?.groups
  return { said_by: saidBy, name: found?.name ?? saidBy, version: found?.version ?? null, prompt_version: null }
}

async function readSingle(db: DbOrTrx, id: number, sayers: ReadonlyMap<string, Sayer>): Promise<Pick<Saying, SingleField>> {
  const [machine, rows] = await Promise.all([
    db.selectFrom('machine_facts').selectAll().where('photo_id', '=', id).executeTakeFirst(),
    db
      .selectFrom('decisions')
      .select(['field', 'value', 'decided_at'])
      .where('photo_id', '=', id)
      .where('field', 'not in', ['tag', 'category'])
      .execute(),
  ])
  const decided = new Map(rows.map((row) => [row.field, row]))
  const say = <T>(field: SingleField, value: T | null, saidBy: string | null) => {
    const decision = decided.get(field)
    if (!decision) return { value, said_by: saidBy, said_at: saidBy === null ? null : (sayers.get(saidBy)?.said_at ?? null), machine: null }
    const said_at = toIso(decision.decided_at)
    return { value: decision.value as T | null, said_by: 'person', said_at, machine: { value, said_by: saidBy } }
  }
  return {
    title: say('title', machine?.title ?? null, machine?.title_said_by ?? null),
    caption: say('caption', machine?.caption ?? null, machine?.caption_said_by ?? null),
    alt_text: say('alt_text', machine?.alt_text ?? null, machine?.alt_text_said_by ?? null),
    rating: say('rating', machine?.rating ?? null, machine?.rating_said_by ?? null),
    favourite: say<boolean>('favourite', false, null),
  }
}

async function readTags(db: DbOrTrx, id: number, sayers: ReadonlyMap<string, Sayer>): Promise<Pick<Saying, 'tags' | 'removed_tags'>> {
  const [{ rows: tags }, { rows: removed }] = await Promise.all([
    sql<{
      tag: string
      confidence: number
      said_by: string
      because: string | null
      decided_at: Date | null
      categories: string[]
      broader: string[]
    }>`
      select t.tag, t.confidence, t.said_by, d.decided_at,
        case when t.tag = ${DOCUMENT_TAG} and t.said_by = o.model_id
          then format('%s words cover %s %% of the picture', o.words, round(o.coverage * 100)) end as because, array(
        select distinct c.name from tag_broader b join tag_category_mappings m on m.tag = b.broader
          join categories c on c.id = m.category_id where b.tag = t.tag order by 1) as categories,
        array(select b.broader from tag_broader b where b.tag = t.tag and b.broader <> t.tag order by 1) as broader
      from effective_tags t
      left join decisions d on d.photo_id = t.photo_id and d.field = 'tag' and d.key = t.tag and t.said_by = 'person'
      left join ocr_texts o on o.photo_id = t.photo_id
      where t.photo_id = ${id} order by t.confidence desc, t.tag, t.said_by`.execute(db),
    sql<{ tag: string; decided_at: Date; said_by: string[] }>`
      select d.key as tag, d.decided_at, array(
        select t.said_by from photo_tags t where t.photo_id = d.photo_id and t.tag = d.key order by 1) as said_by
      from decisions d where d.photo_id = ${id} and d.field = 'tag' and d.value = 'false' order by 1`.execute(db),
  ])
  return {
    tags: tags.map(({ decided_at, ...tag }) => ({ ...tag, said_at: toIso(decided_at) ?? sayers.get(tag.said_by)?.said_at ?? null })),
    removed_tags: removed.map(({ decided_at, ...tag }) => ({ ...tag, removed_at: toIso(decided_at) })),
  }
}

async function readCategories(db: DbOrTrx, id: number): Promise<Pick<Saying, 'categories' | 'removed_categories'>> {
  const [{ rows: categories }, { rows: removed }] = await Promise.all([
    sql<{ id: number; name: string; because: string[]; said_by: 'person' | 'tags' }>`
      select c.id, c.name, array(
        select distinct t.tag from effective_tags t join tag_broader b on b.tag = t.tag
          join tag_category_mappings m on m.tag = b.broader and m.category_id = c.id
        where t.photo_id = pc.photo_id order by 1) as because,
        case when d.photo_id is null then 'tags' else 'person' end as said_by
      from photo_categories pc join categories c on c.id = pc.category_id
      left join decisions d on d.photo_id = pc.photo_id and d.field = 'category' and d.key = c.id::text
      where pc.photo_id = ${id} order by c.name`.execute(db),
    sql<{ id: number; name: string; decided_at: Date }>`
      select c.id, c.name, d.decided_at from decisions d join categories c on c.id::text = d.key
      where d.photo_id = ${id} and d.field = 'category' and d.value = 'false' order by c.name`.execute(db),
  ])
  return { categories, removed_categories: removed.map(({ decided_at, ...category }) => ({ ...category, removed_at: toIso(decided_at) })) }
}
