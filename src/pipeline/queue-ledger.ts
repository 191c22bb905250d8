/** @file The queue as the ledger has it: processes, what is waiting, running and failed of each step, and queues a person paused. */
import { sql } from 'kysely'
import type { QueueReport } from '../contract/queue.ts'
import { PAUSABLE_LANES } from '../contract/queue.ts'
import { type Lane, type PhotoState, STEP_NAMES, type StepName } from '../contract/words.ts'
import type { DbOrTrx } from '../db/client.ts'
import { readSetting, saveSetting } from '../db/settings.ts'

const PAUSE_KEY = 'paused_queues'
/** photos that are open at once, over all processes, are few */
const MAX_RUNNING = 200

export type PausableLane = (typeof PAUSABLE_LANES)[number]

export async function readPausedQueues(db: DbOrTrx): Promise<Set<PausableLane>> {
  const saved = await readSetting(db, PAUSE_KEY)
  return new Set(PAUSABLE_LANES.filter((lane) => Array.isArray(saved) && saved.includes(lane)))
}

export const savePausedQueues = (db: DbOrTrx, lanes: ReadonlySet<PausableLane>): Promise<void> => saveSetting(db, PAUSE_KEY, [...lanes])

export interface StepCount {
  readonly step: StepName
  readonly waiting: number
  readonly running: number
  readonly failed: number
}

/** Read from the index of step and state alone: what is done is not looked at. */
export async function countSteps(db: DbOrTrx): Promise<StepCount[]> {
  const { rows } = await sql<{ step: StepName; state: 'due' | 'running' | 'failed'; count: string | number }>`
    select step, state, count(*) as count from photo_steps
    where step in (${sql.join([...STEP_NAMES])}) and state in ('due', 'running', 'failed') group by step, state`.execute(db)
  const count = (step: StepName, state: string) => Number(rows.find((row) => row.step === step && row.state === state)?.count ?? 0)
  return STEP_NAMES.map((step) => ({
    step,
    waiting: count(step, 'due'),
    running: count(step, 'running'),
    failed: count(step, 'failed'),
  }))
}

/** @param self id of the process that asks */
export async function readProcesses(db: DbOrTrx, self: string): Promise<QueueReport['processes']> {
  const { rows } = await sql<{
    id: string
    host: string
    pid: number
    roles: string
    version: string
    started_at: Date
    photos: string | number
  }>`
    select id, host, pid, roles, version, started_at, (select count(*) from photo_leases l where l.owner = p.id) as photos
    from processes p where until > now() order by started_at, id`.execute(db)
  return rows.map(({ id, started_at, photos, ...row }) => ({
    ...row,
    started_at: started_at.toISOString(),
    photos: Number(photos),
    is_this: id === self,
  }))
}

export async function readRunning(db: DbOrTrx): Promise<QueueReport['running']> {
  const { rows } = await sql<{
    id: number
    filename: string
    lane: Lane
    state: PhotoState
    pid: number | null
    seconds: number | null
  }>`
    select f.id, f.filename, l.lane, f.state, p.pid,
      (select extract(epoch from now() - min(s.started_at))::float8 from photo_steps s
       where s.photo_id = l.photo_id and s.lane = l.lane and s.state = 'running') as seconds
    from photo_leases l join photos f on f.id = l.photo_id left join processes p on p.id = l.owner
    where l.owner is not null order by seconds desc nulls last, f.id limit ${sql.lit(MAX_RUNNING)}`.execute(db)
  return rows.map((row) => ({ ...row, seconds: row.seconds === null ? null : Math.max(0, Math.round(row.seconds * 10) / 10) }))
}
