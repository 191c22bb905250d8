/** @file The handlers of `contract/routes/queue.ts`. */
import type { QueueReport } from '../../contract/queue.ts'
import { PAUSABLE_LANES } from '../../contract/queue.ts'
import type { QUEUE_ROUTES } from '../../contract/routes/queue.ts'
import type { Visibility } from '../../domain/visibility.ts'
import type { HandlersOf } from '../handler.ts'
import type { Services } from '../services.ts'

async function readQueue(sees: Visibility, { pipeline, gpus, library }: Services): Promise<QueueReport> {
  const [{ processes, running, upgrade, paused, rates, steps }, lanes, gpu] = await Promise.all([
    pipeline.queue(),
    pipeline.lanes(),
    gpus(),
  ])
  const seen = new Set(
    (
      await library.cards(
        sees,
        running.map(({ id }) => id),
      )
    ).map(({ id }) => id),
  )
  return {
    processes,
    running: running.filter(({ id }) => seen.has(id)),
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
  getQueue: ({ actor, services }) => readQueue(actor.sees, services),
  pauseQueue: async ({ actor, params, services }) => {
    await services.pipeline.pauseQueue(params.lane, true)
    return await readQueue(actor.sees, services)
  },
  resumeQueue: async ({ actor, params, services }) => {
    await services.pipeline.pauseQueue(params.lane, false)
    return await readQueue(actor.sees, services)
  },
} satisfies HandlersOf<typeof QUEUE_ROUTES>
