/** @file The handlers of `contract/routes/queue.ts`. */
import type { QueueReport } from '../../contract/queue.ts'
import { PAUSABLE_LANES } from '../../contract/queue.ts'
import type { QUEUE_ROUTES } from '../../contract/routes/queue.ts'
import type { HandlersOf } from '../handler.ts'
import type { Services } from '../services.ts'

async function readQueue({ pipeline, gpus }: Services): Promise<QueueReport> {
  const [{ processes, running, upgrade, paused, rates, steps }, lanes, gpu] = await Promise.all([
    pipeline.queue(),
    pipeline.lanes(),
    gpus(),
  ])
  return {
    processes,
    running,
    upgrade,
    gpus: gpu,
    queues: lanes.map((lane) => {
      const rate = rates.get(lane.lane) ?? null
      return {
        ...lane,
        can_pause: (PAUSABLE_LANES as readonly string[]).includes(lane.lane),
        paused: (paused as ReadonlySet<string>).has(lane.lane),
        per_second: rate,
        seconds_left: lane.due === 0 ? 0 : rate ? lane.due / rate : null,
        steps: steps.get(lane.lane) ?? [],
      }
    }),
  }
}

export const queueHandlers = {
  getQueue: ({ services }) => readQueue(services),
  pauseQueue: async ({ params, services }) => {
    await services.pipeline.pauseQueue(params.lane, true)
    return await readQueue(services)
  },
  resumeQueue: async ({ params, services }) => {
    await services.pipeline.pauseQueue(params.lane, false)
    return await readQueue(services)
  },
} satisfies HandlersOf<typeof QUEUE_ROUTES>
