/** @file Describing as the edges see it: what runs and what leaves, switching it on and off, pausing, runs over chosen photos. */
import type { z } from 'zod'
import type { DescribeEstimate, DescribeReport, DescribeRunRequest, DescriberReport, DescribeUse } from '../contract/describe.ts'
import type { Db } from '../db/client.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { Describer } from '../models/describer.ts'
import type { Hold, LaneStatus } from '../pipeline/lane.ts'
import type { ExpectedStep } from '../pipeline/reconcile-ledger.ts'
import { description } from '../pipeline/steps/description/step.ts'
import type { BreakerPace } from './breaker.ts'
import { CallGate } from './call-gate.ts'
import { type Choice, type ChoiceSettings, type Limits, mergeChoice, type StoredChoice, withoutUndefined } from './choice.ts'
import type { ActiveDescriber } from './describe-worker.ts'
import { saidWhatLeaves } from './say-what-leaves.ts'
import { readChoice, saveChoice } from './store-choice.ts'
import { countDescribed, forgetOwed, oweDescriptions, selectPhotos } from './store-owed.ts'
import { addToRun, endAllRuns, insertRun, readLastRun } from './store-runs.ts'
import { type Means, readMeans } from './store-usage.ts'
import { UsageBook } from './usage-book.ts'

export interface DescribeServiceDeps {
  readonly db: Db
  readonly settings: ChoiceSettings
  /** @throws FototecaError when the name is unknown, ProviderFailure when something has to be set first */
  readonly openDescriber: (choice: string) => Describer
  readonly available: () => readonly DescriberReport[]
  readonly language: string
  readonly log: Log
  /** the lane: its state, a wake-up, an end to its open calls */
  readonly lane: {
    status(): LaneStatus
    wake(): void
    interrupt(): Promise<void>
    due(): Promise<number>
    perSecond(): number | null
  }
  /** the ledger has to be brought in line: another describer, or another choice of photos */
  readonly onChanged: () => void
  /** describers a comparison works with, which must stay open */
  readonly inUse: () => readonly string[]
  readonly now?: () => number
  readonly breakerPace?: BreakerPace
}

export type DescribeService = Awaited<ReturnType<typeof createDescribeService>>

const PAUSED: Hold = { state: 'paused', reason: 'paused by you', untilMs: null }
const OFF: Hold = { state: 'off', reason: 'no describer is switched on', untilMs: null }
/** Photos made due per transaction, so that searches get their turn between. */
const LEDGER_BATCH = 1000

/** What the ledger calls a describer: its prompt belongs to it, so that a changed prompt is another one. */
const modelIdOf = (describer: Describer): string => `${describer.info.id}+${describer.promptVersion}`

export async function createDescribeService(deps: DescribeServiceDeps) {
  const { db, log, lane } = deps
  const now = deps.now ?? Date.now
  const usage = await UsageBook.open(db, now)
  let stored: StoredChoice = await readChoice(db)
  let choice: Choice = mergeChoice(deps.settings, stored)
  const gates = new Map<string, CallGate>()
  let problem: string | null = null
  let isChanging = false

  /** One gate per describer, for the lane and for comparisons, so that both share its rate and its breaker. */
  const gateOf = (name: string): CallGate => {
    const known = gates.get(name)
    if (known) return known
    const gate = new CallGate({
      describer: deps.openDescriber(name),
      limits: () => toCallLimits(choice.limits),
      usage,
      language: deps.language,
      now,
      breakerPace: deps.breakerPace,
    })
    gates.set(name, gate)
    return gate
  }

  /** Models of this machine hold memory: what nobody works with is closed. */
  const closeIdle = () => {
    for (const [name, gate] of gates) {
      if (name === choice.describer || deps.inUse().includes(name)) continue
      gates.delete(name)
      void Promise.resolve(gate.describer[Symbol.asyncDispose]()).catch((error: unknown) =>
        log.warn({ err: describeError(error) }, 'a describer could not be closed'),
      )
    }
  }

  let active: ActiveDescriber | null = null
  const activate = () => {
    active = null
    problem = null
    if (choice.describer === null) return
    try {
      const gate = gateOf(choice.describer)
      const maxSide = Math.min(choice.limits.preview_px, gate.describer.maxSide)
      active = { gate, modelId: modelIdOf(gate.describer), maxSide }
    } catch (error) {
      problem = describeError(error)
      log.warn({ describer: choice.describer, reason: problem }, 'the describer cannot be used')
    }
  }

  const hold = (): Hold | null => {
    if (choice.describer === null) return OFF
    if (isChanging) return { state: 'paused', reason: 'the choice is being changed', untilMs: null }
    if (problem !== null) return { state: 'paused', reason: problem, untilMs: null }
    return choice.paused ? PAUSED : null
  }

  const remember = async (next: StoredChoice) => {
    await saveChoice(db, next)
    stored = next
    choice = mergeChoice(deps.settings, stored)
  }

  /** Nothing runs while it is changed, and nothing that was begun under the old choice is stored under the new one. */
  const change = async (work: () => Promise<void>) => {
    isChanging = true
    try {
      await lane.interrupt()
      await work()
    } finally {
      isChanging = false
      lane.wake()
    }
  }

  const leaves = () => saidWhatLeaves(active?.gate.describer ?? null, active?.maxSide ?? choice.limits.preview_px)

  const meansNow = (): Promise<Means> =>
    active ? readMeans(db, active.gate.describer.info.id) : Promise.resolve({ tokens: null, cost: null, ms: null, currency: null })

  const report = async (): Promise<DescribeReport> => {
    const [due, described, run] = await Promise.all([lane.due(), countDescribed(db, active?.modelId ?? null), readLastRun(db)])
    const status = lane.status()
    const perSecond = lane.perSecond()
    const until = (hold() ?? active?.gate.hold(now()))?.untilMs ?? null
    const describer = active?.gate.describer ?? null
    return {
      on: choice.describer !== null,
      describer: choice.describer,
      model: describer && {
        id: describer.info.id,
        prompt_version: describer.promptVersion,
        form: describer.form,
        licence: describer.info.licence,
        remote: describer.isRemote,
        sends_to: [...describer.sendsTo],
      },
      leaves: leaves(),
      photos: choice.photos,
      paused: choice.paused,
      fixed: [...choice.fixed],
      limits: choice.limits,
      lane: {
        state: status.state,
        reason: status.reason,
        until: until === null ? null : new Date(until).toISOString(),
        due,
        working_on: [...status.workingOn],
        per_minute: perSecond === null ? null : perSecond * 60,
        seconds_left: due === 0 ? 0 : perSecond ? due / perSecond : null,
      },
      circuit: active?.gate.circuit().state ?? null,
      described,
      today: usage.today(),
      run,
      available: [...deps.available()],
    }
  }

  activate()
  return {
    report,
    hold,
    active: () => active,
    gateOf,
    closeIdle,
    previewPx: () => choice.limits.preview_px,
    /** Why the describer that was chosen cannot be used; null when it can, or when none was chosen. */
    notice: () => problem,
    /** What leaves this machine, in words. */
    leaves,
    /** whether new photos owe a description */
    isOn: () => choice.describer !== null,
    /** What the ledger is held to for all photos; null where only new ones are asked for. */
    expected: (): ExpectedStep | null => (active && choice.photos === 'all' ? { step: description, modelId: active.modelId } : null),

    /** @throws FototecaError `conflict` where the configuration fixes it, `not_found` for an unknown describer, or what is missing for it */
    async use(request: z.infer<typeof DescribeUse>): Promise<DescribeReport> {
      refuseFixed(choice, request)
      const name = request.describer
      if (typeof name === 'string' && !gates.has(name)) await deps.openDescriber(name)[Symbol.asyncDispose]() // refused before anything changes
      const before = choice
      await change(async () => {
        await remember({
          describer: name === undefined ? stored.describer : name,
          photos: request.photos ?? stored.photos,
          paused: name === undefined ? stored.paused : false,
          limits: { ...stored.limits, ...withoutUndefined(request.limits ?? {}) },
        })
        const isOther = choice.describer !== before.describer
        // what waited for the describer before is not sent to the new one unless all photos are asked for
        if (isOther && choice.photos === 'new') await forgetWaiting()
        closeIdle()
        activate()
        active?.gate.reset()
      })
      log.info({ describer: choice.describer, photos: choice.photos }, 'the choice for descriptions changed')
      deps.onChanged()
      return report()
    },

    async pause(): Promise<DescribeReport> {
      await change(() => remember({ ...stored, paused: true }))
      return report()
    },

    /** Goes on, at once: an open circuit is tried anew, a describer that could not be opened is opened again. */
    async resume(): Promise<DescribeReport> {
      await remember({ ...stored, paused: false })
      if (problem !== null) {
        activate()
        if (active) deps.onChanged()
      }
      active?.gate.reset()
      lane.wake()
      return report()
    },

    /** What waits is not owed any more; what was described stays. From now on only new photos are. */
    async cancel(): Promise<DescribeReport> {
      await change(async () => {
        if (!choice.fixed.includes('photos')) await remember({ ...stored, photos: 'new' })
        await forgetWaiting()
      })
      deps.onChanged()
      return report()
    },

    /** @throws FototecaError `conflict` when no describer is ready */
    async run(request: z.infer<typeof DescribeRunRequest>): Promise<DescribeEstimate> {
      if (!active) throw new FototecaError('conflict', problem ?? 'no describer is switched on; choose one first')
      const { describer } = active.gate
      const ids = await selectPhotos(db, request, active.modelId, request.limit)
      const means = await meansNow()
      const times = (mean: number | null) => (mean === null ? null : mean * ids.length)
      const { concurrency, per_minute } = choice.limits
      const seconds =
        means.ms === null ? null : Math.max((means.ms * ids.length) / 1000 / concurrency, per_minute ? (60 * ids.length) / per_minute : 0)
      const estimate = { photos: ids.length, seconds, tokens: times(means.tokens), cost: times(means.cost), currency: means.currency }
      if (request.dry_run || ids.length === 0) return { ...estimate, run: null }
      isChanging = true // nothing of it begins before all of it is there
      try {
        const run = { describer: describer.info.id, maxTokens: request.max_tokens, maxCost: request.max_cost }
        const runId = await db.transaction().execute((trx) => insertRun(trx, run))
        for (let at = 0; at < ids.length; at += LEDGER_BATCH)
          await db.transaction().execute(async (trx) => {
            const some = ids.slice(at, at + LEDGER_BATCH)
            await oweDescriptions(trx, some)
            await addToRun(trx, runId, some)
          })
      } finally {
        isChanging = false
        lane.wake()
      }
      return { ...estimate, run: await readLastRun(db) }
    },

    async [Symbol.asyncDispose](): Promise<void> {
      await Promise.allSettled([...gates.values()].map((gate) => gate.describer[Symbol.asyncDispose]()))
    },
  }

  async function forgetWaiting(): Promise<void> {
    await db.transaction().execute(async (trx) => {
      await endAllRuns(trx)
      await forgetOwed(trx)
    })
  }
}

const toCallLimits = (limits: Limits) => ({
  concurrency: limits.concurrency,
  perMinute: limits.per_minute,
  tokensPerDay: limits.tokens_per_day,
  costPerDay: limits.cost_per_day,
})

function refuseFixed(choice: Choice, request: z.infer<typeof DescribeUse>): void {
  const asked = { describer: request.describer, photos: request.photos, ...request.limits } as Record<string, unknown>
  const now = { describer: choice.describer, photos: choice.photos, ...choice.limits } as Record<string, unknown>
  const refused = choice.fixed.filter((name) => asked[name] !== undefined && asked[name] !== now[name])
  if (refused.length > 0)
    throw new FototecaError('conflict', `the configuration fixes ${refused.join(', ')}; change it there, or remove the setting`)
}
