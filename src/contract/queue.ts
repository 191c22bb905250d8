/** @file The queue: processes, what waits, what runs, what failed, by lane and step. */
import { z } from 'zod'
import { GpuReport } from './gpu.ts'
import { LaneReport, Upgrade } from './library.ts'
import { LANES, PHOTO_STATES, STEP_NAMES } from './words.ts'

const Count = z.number().int()

const StepCounts = z.object({ waiting: Count, running: Count, failed: Count })

export const PAUSABLE_LANES = ['analyse', 'describe'] as const
export const QueueName = z.object({ lane: z.enum(PAUSABLE_LANES) })

export const QueueLane = LaneReport.extend({
  can_pause: z.boolean().describe('`POST /api/queue/{lane}/pause` takes it'),
  paused: z.boolean().describe('a person paused it'),
  per_second: z.number().nullable().describe('photos finished per second over the last minute, by this process'),
  seconds_left: z.number().nullable(),
  steps: z.array(StepCounts.extend({ step: z.enum(STEP_NAMES) })),
})
export type QueueLane = z.infer<typeof QueueLane>

export const QueueReport = z.object({
  processes: z.array(
    z.object({
      host: z.string(),
      pid: Count,
      roles: z.string(),
      version: z.string(),
      started_at: z.string(),
      photos: Count.describe('that it works on'),
      is_this: z.boolean().describe('it answers this request'),
    }),
  ),
  queues: z.array(QueueLane),
  running: z.array(
    z.object({
      id: Count.describe('of the photo'),
      filename: z.string(),
      lane: z.enum(LANES),
      state: z.enum(PHOTO_STATES),
      pid: Count.nullable(),
      seconds: z.number().nullable().describe('since it was taken'),
    }),
  ),
  upgrade: Upgrade,
  gpus: GpuReport,
})
export type QueueReport = z.infer<typeof QueueReport>
