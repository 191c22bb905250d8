/** @file What was chosen and measured, as settings in the database: the model of each task, and what runs cost on this computer. */

import { sql } from 'kysely'
import { z } from 'zod'
import type { ModelTask } from '../../contract/words.ts'
import type { DbOrTrx } from '../../db/client.ts'
import { saveSetting } from '../../db/settings.ts'
import { isKept } from '../../db/visible.ts'

/** `active`: answers now; `next`: fills its space (embedding only); `previous`: answered before. Names; absent: nothing was chosen yet. */
export type Role = 'active' | 'next' | 'previous'
export interface Choices {
  readonly active?: string | undefined
  readonly next?: string | undefined
  readonly previous?: string | undefined
}

const Choice = z.object({ name: z.string().nullable() })
const keyOf = (role: Role, task: ModelTask) => `${role}_${task}`

export async function readChoices(db: DbOrTrx, task: ModelTask): Promise<Choices> {
  const roles = ['active', 'next', 'previous'] as const
  const rows = await db
    .selectFrom('settings')
    .select(['key', 'value'])
    .where(
      'key',
      'in',
      roles.map((role) => keyOf(role, task)),
    )
    .execute()
  const nameOf = (role: Role) => Choice.safeParse(rows.find(({ key }) => key === keyOf(role, task))?.value).data?.name ?? undefined
  return { active: nameOf('active'), next: nameOf('next'), previous: nameOf('previous') }
}

/** Only the roles that are given; null takes a choice back. */
export async function saveChoices(db: DbOrTrx, task: ModelTask, choices: Readonly<Partial<Record<Role, string | null>>>): Promise<void> {
  for (const [role, name] of Object.entries(choices)) await saveSetting(db, keyOf(role as Role, task), { name })
}

const Speed = z.object({
  ms_per_picture: z.number(),
  threads: z.number().int().nullable(),
  /** pictures in a run; null: measured before batches were */
  batch: z.number().int().nullable().default(null),
  /** as `DEVICE` said */
  device: z.string(),
  at: z.string(),
})
/** What ran fastest on one computer, warm. */
export type Speed = z.infer<typeof Speed>

/** @param machine what tells this computer’s processor from others */
export async function readSpeeds(db: DbOrTrx, machine: string): Promise<Map<string, Speed>> {
  const prefix = `speed/${machine}/`
  const rows = await db.selectFrom('settings').select(['key', 'value']).where('key', 'like', 'speed/%').execute()
  return new Map(
    rows.flatMap(({ key, value }) => {
      const speed = key.startsWith(prefix) ? Speed.safeParse(value).data : undefined
      return speed ? [[key.slice(prefix.length), speed] as const] : []
    }),
  )
}

/** @param model its name and content, so another revision is measured anew */
export async function saveSpeed(db: DbOrTrx, machine: string, model: string, speed: Speed): Promise<void> {
  await saveSetting(db, `speed/${machine}/${model}`, speed)
}

export interface StepTime {
  /** median, milliseconds: the first photos of a start wait for the model to load */
  readonly ms: number
  readonly photos: number
}

/** What steps took lately, by `<step> <model id or nothing>`: enough photos for a median, few enough to be read at every look. */
const RECENT_PHOTOS = 500
/** Fewer tell how long the models took to load, not how long a photo takes. */
const MIN_TIMED_PHOTOS = 20

export async function readStepTimes(db: DbOrTrx): Promise<Map<string, StepTime>> {
  const { rows } = await sql<{ step: string; model_id: string | null; ms: number; photos: string | number }>`
    select s.step, s.model_id, percentile_cont(0.5) within group (order by s.duration_ms)::float8 as ms, count(*) as photos from photo_steps s
    where s.photo_id in (select id from photos order by id desc limit ${RECENT_PHOTOS}) and s.state = 'done' and s.duration_ms is not null
    group by s.step, s.model_id having count(*) >= ${MIN_TIMED_PHOTOS}`.execute(db)
  return new Map(
    rows.map(({ step, model_id, ms, photos }) => [stepTimeKey(step, model_id), { ms: Math.round(ms), photos: Number(photos) }]),
  )
}

export const stepTimeKey = (step: string, modelId: string | null): string => `${step} ${modelId ?? ''}`

export interface TextSpace {
  readonly id: number
  readonly name: string
}

/**
 * The spaces of these names that hold vectors, fullest first. One that holds product pictures only is filled for those and knows nothing of
 * the library’s other photos: it is left out where there are such.
 */
export async function listFilledSpaces(db: DbOrTrx, names: readonly string[]): Promise<TextSpace[]> {
  if (names.length === 0) return []
  const isProduct = (photo: string) => sql`exists (select 1 from product_pictures pp where pp.photo_id = ${sql.ref(photo)})`
  const { rows } = await sql<TextSpace>`
    select s.id, s.name from spaces s join embeddings e on e.space_id = s.id
    where s.name in (${sql.join(names)}) and s.has_text
    group by s.id, s.name
    having count(*) filter (where not ${isProduct('e.photo_id')}) > 0
      or not exists (select 1 from photos p where ${isKept('p')} and not ${isProduct('p.id')})
    order by count(*) filter (where not ${isProduct('e.photo_id')}) desc, count(*) desc`.execute(db)
  return rows
}

export async function findFilledSpace(db: DbOrTrx, name: string): Promise<TextSpace | undefined> {
  return db
    .selectFrom('spaces')
    .select(['id', 'name'])
    .where('name', '=', name)
    .where(({ exists, selectFrom }) =>
      exists(selectFrom('embeddings').select('embeddings.photo_id').whereRef('embeddings.space_id', '=', 'spaces.id').limit(1)),
    )
    .executeTakeFirst()
}
