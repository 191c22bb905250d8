/** @file The describers that are open for a purpose, one gate each, and which of them describes new photos. */

import type { BreakerPace } from '../background/breaker.ts'
import { PaidCalls } from '../background/paid-calls.ts'
import { PURPOSES, type Purpose } from '../contract/words.ts'
import type { Db } from '../db/client.ts'
import { describeError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { Describer } from '../models/ports/describer.ts'
import { CallGate, createToday } from './call-gate.ts'
import { type Choice, isOfSecond, type Limits } from './choice.ts'
import type { ActiveDescriber } from './describe-worker.ts'
import { chargeLost } from './lost-calls.ts'

export interface GatesDeps {
  readonly purpose: Purpose
  readonly db: Db
  readonly processId: string
  /** @throws FototecaError when the name is unknown, ProviderFailure when something has to be set first */
  readonly openDescriber: (choice: string) => Describer
  readonly choice: () => Choice
  readonly language: string
  readonly log: Log
  /** describers a comparison works with, which must stay open */
  readonly inUse: () => readonly string[]
  readonly now: () => number
  readonly breakerPace?: BreakerPace | undefined
}

/** What the ledger calls a describer: its prompt belongs to it, so that a changed prompt is another one. */
const modelIdOf = (describer: Describer): string => `${describer.info.id}+${describer.promptVersion}`

export type Gates = Awaited<ReturnType<typeof openGates>>

export async function openGates(deps: GatesDeps) {
  const { log, now, purpose } = deps
  const today = createToday(purpose, now)
  await today.refresh(deps.db)
  const paid = new PaidCalls({ ...deps, kind: PURPOSES[purpose].lane, charge: chargeLost(purpose) })
  await paid.settleLost()
  const gates = new Map<string, CallGate>()
  let active: ActiveDescriber | null = null
  let problem: string | null = null
  let second: ActiveDescriber | null = null
  let secondProblem: string | null = null

  /** One gate per describer, for the lane and for comparisons, so that both share its rate and its breaker. */
  const gateOf = (name: string): CallGate => {
    const known = gates.get(name)
    if (known) return known
    const gate = new CallGate({
      purpose,
      describer: deps.openDescriber(name),
      limits: () => toCallLimits(deps.choice().limits),
      paid,
      today,
      language: deps.language,
      now,
    })
    gates.set(name, gate)
    return gate
  }

  function open(describer: string): [ActiveDescriber, null] | [null, string] {
    try {
      const gate = gateOf(describer)
      const maxSide = Math.min(deps.choice().limits.preview_px, gate.describer.maxSide)
      return [{ gate, modelId: modelIdOf(gate.describer), maxSide }, null]
    } catch (error) {
      const reason = describeError(error)
      log.warn({ describer, reason }, 'the describer cannot be used')
      return [null, reason]
    }
  }

  return {
    gateOf,
    active: () => active,
    /** The other one of a split; null: there is none, or it cannot be used. */
    second: () => second,
    secondProblem: () => secondProblem,
    /** Who describes the photo; null: it has to wait. */
    describerOf: (photoId: number): ActiveDescriber | null => {
      const { split } = deps.choice()
      return split !== null && isOfSecond(photoId, split.share) ? second : active
    },
    /** Why the describer that was chosen cannot be used; null when it can, or when none was chosen. */
    problem: () => problem,
    today: () => today.current(),
    /** Sees what other processes met and spent. */
    async refresh(): Promise<void> {
      await today.refresh(deps.db)
      await active?.gate.refresh()
      await second?.gate.refresh()
    },
    /** Opens what was chosen. */
    activate(): void {
      const { describer, split } = deps.choice()
      ;[active, problem] = describer === null ? [null, null] : open(describer)
      ;[second, secondProblem] = describer === null || split === null ? [null, null] : open(split.describer)
    },
    /** Models of this machine hold memory: what nobody works with is closed. */
    closeIdle(): void {
      for (const [name, gate] of gates) {
        const { describer, split } = deps.choice()
        if (name === describer || name === split?.describer || deps.inUse().includes(name)) continue
        gates.delete(name)
        void Promise.resolve(gate.describer[Symbol.asyncDispose]()).catch((error: unknown) =>
          log.warn({ err: describeError(error) }, 'a describer could not be closed'),
        )
      }
    },
    /** Opens and closes a describer nobody works with, so that a choice is refused before anything changes. @throws as `openDescriber` */
    async check(name: string): Promise<void> {
      if (!gates.has(name)) await deps.openDescriber(name)[Symbol.asyncDispose]()
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await Promise.allSettled([...gates.values()].map((gate) => gate.describer[Symbol.asyncDispose]()))
    },
  }
}

const toCallLimits = (limits: Limits) => ({
  concurrency: limits.concurrency,
  perMinute: limits.per_minute,
  tokensPerDay: limits.tokens_per_day,
  costPerDay: limits.cost_per_day,
})
