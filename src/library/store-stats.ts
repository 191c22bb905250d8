/** @file Counts over the whole library: states, steps, index. Short reads each; callers keep the answer (`keep-read.ts`). */
import { sql } from 'kysely'
import type { Health, Stats } from '../contract/library.ts'
import { PHOTO_STATES, type PhotoState, STEP_NAMES, type StepName } from '../contract/words.ts'
import type { DbOrTrx } from '../db/client.ts'
import { readInRanges } from './store-ranges.ts'
import { isReadable, isShown } from './store-shown.ts'

type StepStats = Stats['steps'][StepName]

interface StepRow {
  readonly step: StepName
  readonly state: 'done' | 'failed' | 'skipped'
  readonly count: string | number
  readonly sum_ms: number | null
}

/** Every state and step is there, also with nothing in it. */
export async function readStats(db: DbOrTrx): Promise<Stats> {
  const states = Object.fromEntries(PHOTO_STATES.map((state) => [state, 0])) as Record<PhotoState, number>
  const steps = Object.fromEntries(
    STEP_NAMES.map((step) => [step, { done: 0, failed: 0, skipped: 0, mean_ms: null, success_rate: null }]),
  ) as Record<StepName, StepStats>

  const byState = await sql<{ state: PhotoState; count: string | number }>`
    select state, count(*) as count from photos where trashed_at is null group by state`.execute(db)
  let total = 0
  for (const row of byState.rows) {
    states[row.state] = Number(row.count)
    if (row.state !== 'failed') total += Number(row.count)
  }

  const sums = new Map<StepName, number>()
  await readInRanges(
    db,
    (from, to) =>
      sql<StepRow>`
        select step, state, count(*) as count, sum(duration_ms)::float8 as sum_ms from photo_steps
        where photo_id between ${from} and ${to} and state in ('done', 'failed', 'skipped') group by step, state`.execute(db),
    (row) => {
      const step = steps[row.step]
      if (!step) return // a step of a newer or older version of the program
      step[row.state] += Number(row.count)
      if (row.state === 'done') sums.set(row.step, (sums.get(row.step) ?? 0) + (row.sum_ms ?? 0))
    },
  )
  for (const [name, sum] of sums) {
    const step = steps[name]
    step.mean_ms = step.done === 0 ? null : Math.round((sum / step.done) * 10) / 10
  }
  for (const step of Object.values(steps)) {
    const tried = step.done + step.failed
    step.success_rate = tried === 0 ? null : step.done / tried
  }
  return { total, states, steps }
}

/** What can be searched, for `/health`. */
export async function readIndexCounts(db: DbOrTrx): Promise<Health['index']> {
  const counts = await sql<{ photos: string | number; with_text: string | number; faces: string | number }>`
    select (select count(*) from photos where ${isShown('photos')} and ${isReadable('photos')}) as photos,
           (select count(*) from ocr_texts where text <> '') as with_text,
           (select count(*) from faces) as faces`.execute(db)
  const spaces = await sql<{ name: string; width: number; has_text: boolean; vectors: string | number }>`
    select name, width, has_text,
           (select count(*) from embeddings where embeddings.space_id = spaces.id) as vectors
    from spaces order by id`.execute(db)
  const row = counts.rows[0]
  return {
    photos: Number(row?.photos ?? 0),
    with_text: Number(row?.with_text ?? 0),
    faces: Number(row?.faces ?? 0),
    spaces: spaces.rows.map((space) => ({ ...space, vectors: Number(space.vectors) })),
  }
}
