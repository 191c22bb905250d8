/** @file What runs in the background, and which processes do it. */
import { z } from 'zod'

const Count = z.number().int()

const ProcessRow = z.object({
  id: z.string(),
  host: z.string(),
  pid: Count,
  version: z.string(),
  roles: z.enum(['all', 'api', 'worker']),
  started_at: z.string(),
  heard_at: z.string().describe('its last heartbeat: one in 15 seconds, with which it says how its tasks stand'),
})

const TaskRow = z.object({
  name: z.string(),
  process: z.string().describe('id of the process that does it'),
  state: z.enum(['idle', 'running', 'waiting to retry', 'held', 'stopped']),
  reason: z.string().nullable().describe('why it is held'),
  due: Count.nullable().describe('what is left, mostly photos; null: only its work tells'),
  per_second: z.number().nullable().describe('of those, lately; of pieces of work where `due` is null'),
  seconds_left: z.number().nullable(),
  pieces: Count.describe('of work, done since the process began'),
  failures_in_a_row: Count,
  last_error: z.string().nullable().describe('null after a piece that succeeded'),
  last_run_at: z.string().nullable(),
})
export type TaskRow = z.infer<typeof TaskRow>

export const TasksReport = z.object({
  process: z.string().describe('the process that answers'),
  processes: z.array(ProcessRow),
  tasks: z.array(TaskRow).describe('what only one process does stands here once, with that process'),
})
export type TasksReport = z.infer<typeof TasksReport>
