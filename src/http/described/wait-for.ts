/** @file Waits until what can be found out about a photo now is known. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import type { LaneReport } from '../../contract/library.ts'
import { PURPOSES, type StepName } from '../../contract/words.ts'
import type { Call } from '../handler.ts'

type Lane = z.infer<typeof LaneReport>
type Waiting = Pick<Call<'uploadA'>, 'actor' | 'reply' | 'services'>

/** One read of a few rows; a photo takes a third of a second at least. */
const LOOK_MS = 200

/**
 * Until these steps of the photo have ended, so many seconds have passed, or the client has left.
 * @param steps null: all that an answer tells of
 */
export async function waitFor(id: number, seconds: number, steps: readonly StepName[] | null, { actor, reply, services }: Waiting) {
  const deadline = performance.now() + seconds * 1000
  const off =
    seconds > 0 ? (await services.pipeline.lanes()).flatMap(({ lane, state }) => (isResting(state) ? (STEPS_OF[lane] ?? []) : [])) : []
  for (;;) {
    const standing = await services.library.standing(actor.sees, id)
    const open = (standing?.open ?? []).filter(
      (step) => !off.includes(step) && (steps?.includes(step) ?? step !== PURPOSES.inspiration.step),
    )
    const left = deadline - performance.now()
    if (open.length === 0 || left <= 0 || reply.raw.closed) return { standing, isSettled: open.length === 0 }
    await sleep(Math.min(LOOK_MS, left))
  }
}

/** Such a lane finds nothing out for now: tags by words without a model, descriptions that are paused. */
const isResting = (state: Lane['state']) => state === 'off' || state === 'paused'
const STEPS_OF: Partial<Readonly<Record<Lane['lane'], readonly StepName[]>>> = { tag: ['tags'], describe: ['description'] }
