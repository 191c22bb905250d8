/** @file Counts over the whole library: states, steps, index. Short reads each; callers keep the answer (`keep-read.ts`). */
import { sql } from 'kysely'
import type { Health, Stats } from '../contract/library.ts'
import {
  DUPLICATE_KINDS,
  type DuplicateKind,
  PHOTO_STATES,
  type PhotoFormat,
  type PhotoState,
  STEP_NAMES,
  type StepName,
} from '../contract/words.ts'
import type { DbOrTrx } from '../db/client.ts'
import { isAllowed, isAllowedId, isInTrash, isReadable, isShown, isShownId } from '../db/visible.ts'
import type { Visibility } from '../domain/visibility.ts'
import { readInRanges } from './store-ranges.ts'

type StepStats = Stats['steps'][StepName]

/** Each class of times is so much wider than the one before: a percentile is told to within half of it, without sorting a million rows. */
const CLASS_GROWTH = 1.05
const MOST_FREQUENT = 20

interface StepRow {
  readonly step: StepName
  readonly model: string | null
  readonly state: 'done' | 'failed' | 'skipped'
  readonly class: number | null
  readonly count: string | number
  readonly sum_ms: number | null
}

/** What is counted of a step or of a model in it. */
class Times {
  readonly stats: StepStats = { done: 0, failed: 0, skipped: 0, mean_ms: null, p95_ms: null, success_rate: null }
  readonly #classes = new Map<number, number>()
  #sumMs = 0
  #timed = 0

  add(row: StepRow): void {
    const count = Number(row.count)
    this.stats[row.state] += count
    if (row.state !== 'done' || row.class === null) return
    this.#sumMs += row.sum_ms ?? 0
    this.#timed += count
    this.#classes.set(row.class, (this.#classes.get(row.class) ?? 0) + count)
  }

  close(): StepStats {
    const { done, failed } = this.stats
    let left = this.#timed * 0.95
    let last: number | undefined
    for (const [one, count] of [...this.#classes].sort(([a], [b]) => a - b)) {
      if (left <= 0) break
      last = one
      left -= count
    }
    return {
      ...this.stats,
      mean_ms: this.#timed === 0 ? null : round(this.#sumMs / this.#timed),
      p95_ms: last === undefined ? null : round(CLASS_GROWTH ** (last + 0.5)),
      success_rate: done + failed === 0 ? null : done / (done + failed),
    }
  }
}

const round = (ms: number): number => Math.round(ms * 10) / 10

/** Every state and step is there, also with nothing in it. */
export async function readStats(
  db: DbOrTrx,
  sees: Visibility,
  categories: () => Promise<readonly { name: string; count: number }[]>,
): Promise<Stats> {
  const states = Object.fromEntries(PHOTO_STATES.map((state) => [state, 0])) as Record<PhotoState, number>
  const byState = await sql<{ state: PhotoState; count: string | number }>`
    select state, count(*) as count from photos where ${isShown(sees, 'photos')} group by state`.execute(db)
  let total = 0
  for (const row of byState.rows) {
    states[row.state] = Number(row.count)
    if (row.state !== 'failed') total += Number(row.count)
  }
  return {
    total,
    states,
    ...(await readTimes(db, sees)),
    ...(await readSizes(db, sees)),
    growth: await readGrowth(db, sees),
    ...(await readFrequent(db, sees)),
    categories: (await categories())
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count || a.name.localeCompare(b.name))
      .slice(0, MOST_FREQUENT)
      .map(({ name, count }) => ({ category: name, photos: count })),
  }
}

async function readTimes(db: DbOrTrx, sees: Visibility): Promise<Pick<Stats, 'steps' | 'models'>> {
  const steps = new Map(STEP_NAMES.map((step) => [step, new Times()]))
  const models = new Map<string, { step: StepName; model: string; times: Times }>()
  await readInRanges(
    db,
    (from, to) =>
      sql<StepRow>`
        select step, model_id as model, state, floor(ln(greatest(duration_ms, 0.1)) / ln(${sql.lit(CLASS_GROWTH)}))::int as class,
          count(*) as count, sum(duration_ms)::float8 as sum_ms
        from photo_steps where photo_id between ${from} and ${to} and state in ('done', 'failed', 'skipped') and ${isAllowedId(sees, 'photo_id')}
        group by 1, 2, 3, 4`.execute(db),
    (row) => {
      const step = steps.get(row.step)
      if (!step) return // a step of a newer or older version of the program
      step.add(row)
      if (row.model === null) return
      const key = `${row.step} ${row.model}`
      const model = models.get(key) ?? { step: row.step, model: row.model, times: new Times() }
      models.set(key, model)
      model.times.add(row)
    },
  )
  return {
    steps: Object.fromEntries([...steps].map(([name, times]) => [name, times.close()])) as Record<StepName, StepStats>,
    models: [...models.values()]
      .map(({ step, model, times }) => ({ step, model, ...times.close() }))
      .sort((a, b) => b.done - a.done || a.model.localeCompare(b.model)),
  }
}

async function readSizes(db: DbOrTrx, sees: Visibility): Promise<Pick<Stats, 'formats' | 'storage'>> {
  const { rows } = await sql<{ format: PhotoFormat | null; trashed: boolean; photos: string | number; bytes: string | number }>`
    select format, ${isInTrash('photos')} as trashed, count(*) as photos, coalesce(sum(bytes), 0) as bytes
    from photos where removed_at is null and ${isAllowed(sees, 'photos')} group by 1, 2 order by 3 desc, 1`.execute(db)
  const sum = (trashed: boolean) => rows.reduce((bytes, row) => bytes + (row.trashed === trashed ? Number(row.bytes) : 0), 0)
  const renditions = await sql<{
    bytes: string | number
  }>`select coalesce(sum(bytes), 0) as bytes from photo_renditions where ${isAllowedId(sees, 'photo_id')}`.execute(db)
  return {
    formats: rows.flatMap(({ format, trashed, photos, bytes }) =>
      format === null || trashed ? [] : [{ format, photos: Number(photos), bytes: Number(bytes) }],
    ),
    storage: { originals_bytes: sum(false), renditions_bytes: Number(renditions.rows[0]?.bytes ?? 0), trash_bytes: sum(true) },
  }
}

async function readGrowth(db: DbOrTrx, sees: Visibility): Promise<Stats['growth']> {
  const { rows } = await sql<{ month: string; added: string | number }>`
    select to_char(created_at at time zone 'UTC', 'YYYY-MM') as month, count(*) as added
    from photos where ${isShown(sees, 'photos')} and ${isReadable('photos')} group by 1 order by 1`.execute(db)
  let total = 0
  return rows.map(({ month, added }) => {
    total += Number(added)
    return { month, added: Number(added), total }
  })
}

async function readFrequent(db: DbOrTrx, sees: Visibility): Promise<Pick<Stats, 'tags' | 'duplicates' | 'faces'>> {
  const tags = await sql<{ tag: string; photos: string | number }>`
    select tag, count(distinct photo_id) as photos from photo_tags where ${isShownId(sees, 'photo_id')}
    group by tag order by 2 desc, 1 limit ${sql.lit(MOST_FREQUENT)}`.execute(db)
  const sets = await sql<{ kind: DuplicateKind; sets: string | number; photos: string | number }>`
    select kind, count(distinct id) as sets, count(photo_id) as photos
    from duplicate_sets left join duplicate_members on set_id = id and ${isShownId(sees, 'photo_id')}
    where ${isAllowedId(sees, 'representative_id')} ${sees.allowed === null ? sql`` : sql`and photo_id is not null`} group by kind`.execute(
    db,
  )
  const faces = await sql<Record<keyof Stats['faces'], string | number>>`
    select count(*) as faces, count(*) filter (where p.name is not null) as named,
      count(distinct p.id) filter (where p.name is not null) as people, count(distinct photo_id) as photos
    from faces left join people p on p.id = person_id where ${isShownId(sees, 'photo_id')}`.execute(db)
  const [face] = faces.rows
  return {
    tags: tags.rows.map(({ tag, photos }) => ({ tag, photos: Number(photos) })),
    duplicates: DUPLICATE_KINDS.map((kind) => {
      const row = sets.rows.find((one) => one.kind === kind)
      return { kind, sets: Number(row?.sets ?? 0), photos: Number(row?.photos ?? 0) }
    }),
    faces: {
      faces: Number(face?.faces ?? 0),
      named: Number(face?.named ?? 0),
      people: Number(face?.people ?? 0),
      photos: Number(face?.photos ?? 0),
    },
  }
}

/** What can be searched, for `/health`. */
export async function readIndexCounts(db: DbOrTrx, sees: Visibility): Promise<Health['index']> {
  const counts = await sql<{ photos: string | number; with_text: string | number; faces: string | number }>`
    select (select count(*) from photos where ${isShown(sees, 'photos')} and ${isReadable('photos')}) as photos,
           (select count(*) from ocr_texts where text <> '' and ${isAllowedId(sees, 'photo_id')}) as with_text,
           (select count(*) from faces where ${isAllowedId(sees, 'photo_id')}) as faces`.execute(db)
  const spaces = await sql<{ name: string; width: number; has_text: boolean; vectors: string | number }>`
    select name, width, has_text,
           (select count(*) from embeddings where embeddings.space_id = spaces.id and ${isAllowedId(sees, 'embeddings.photo_id')}) as vectors
    from spaces order by id`.execute(db)
  const row = counts.rows[0]
  return {
    photos: Number(row?.photos ?? 0),
    with_text: Number(row?.with_text ?? 0),
    faces: Number(row?.faces ?? 0),
    spaces: spaces.rows.map((space) => ({ ...space, vectors: Number(space.vectors) })),
  }
}
