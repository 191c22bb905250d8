/** @file What runs in the background, and which processes do it. */
import { z } from 'zod'

const Count = z.number().int()

const ProcessRow = z.object({
  id: z.string(),
  host: z.string().describe('host name'),
  pid: Count.describe('process id of the operating system'),
  version: z.string(),
  roles: z.enum(['all', 'api', 'worker']),
  started_at: z.string().describe('when it started (ISO 8601)'),
  heard_at: z.string().describe('last heartbeat, sent every 15 seconds with the state of its tasks'),
})

const TaskRow = z.object({
  name: z.string(),
  process: z.string().describe('id of the process that runs it'),
  state: z.enum(['idle', 'running', 'waiting to retry', 'held', 'stopped']),
  reason: z.string().nullable().describe('why it is held; null: it is not'),
  due: Count.nullable().describe('what is left, mostly photos; null: not known beforehand'),
  per_second: z.number().nullable().describe('processed per second, recently; pieces of work if `due` is null'),
  seconds_left: z.number().nullable().describe('estimated seconds left; null: not known yet'),
  pieces: Count.describe('pieces of work done since the process started'),
  failures_in_a_row: Count,
  last_error: z.string().nullable().describe('null: the last piece succeeded'),
  last_run_at: z.string().nullable(),
})
export type TaskRow = z.infer<typeof TaskRow>

export const TasksReport = z.object({
  process: z.string().describe('the process that answers'),
  processes: z.array(ProcessRow),
  tasks: z.array(TaskRow).describe('a task that only one process runs is listed once, with that process'),
})
export type TasksReport = z.infer<typeof TasksReport>
