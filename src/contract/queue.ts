/** @file The queue: processes, what waits, what runs, what failed, by lane and step. */
import { z } from 'zod'
import { GpuReport } from './gpu.ts'
import { LaneReport, Upgrade } from './library.ts'
import { LANES, PHOTO_STATES, STEP_NAMES } from './words.ts'

const Count = z.number().int()

const StepCounts = z.object({ waiting: Count, running: Count, failed: Count })

export const PAUSABLE_LANES = ['analyse', 'describe', 'inspire'] as const
export const QueueName = z.object({ lane: z.enum(PAUSABLE_LANES) })

export const QueueLane = LaneReport.extend({
  can_pause: z.boolean().describe('true: `POST /api/queue/{lane}/pause` accepts it'),
  paused: z.boolean().describe('true: paused by a person'),
  per_second: z.number().nullable().describe('photos finished per second by this process over the last minute; null: none'),
  seconds_left: z.number().nullable().describe('estimated seconds left; null: not known yet'),
  steps: z.array(StepCounts.extend({ step: z.enum(STEP_NAMES) })),
})
export type QueueLane = z.infer<typeof QueueLane>

export const QueueReport = z.object({
  processes: z.array(
    z.object({
      host: z.string().describe('host name'),
      pid: Count.describe('process id of the operating system'),
      roles: z.string(),
      version: z.string(),
      started_at: z.string().describe('when it started (ISO 8601)'),
      photos: Count.describe('photos in progress'),
      is_this: z.boolean().describe('true: the process that answers this request'),
    }),
  ),
  queues: z.array(QueueLane),
  running: z.array(
    z.object({
      id: Count.describe('id of the photo'),
      filename: z.string().describe('original file name'),
      lane: z.enum(LANES),
      state: z.enum(PHOTO_STATES),
      pid: Count.nullable().describe('process id of the operating system'),
      seconds: z.number().nullable().describe('seconds since its work started'),
    }),
  ),
  upgrade: Upgrade,
  gpus: GpuReport,
})
export type QueueReport = z.infer<typeof QueueReport>
