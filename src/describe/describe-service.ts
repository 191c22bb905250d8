/** @file Describing for one purpose as the edges see it: what runs and what leaves, switching it on and off, pausing, runs over chosen photos. */

import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import type { BreakerPace } from '../background/breaker.ts'
import type { Relay } from '../background/relay.ts'
import type { DescribeEstimate, DescribeReport, DescribeRunRequest, DescribeUse } from '../contract/describe.ts'
import { message } from '../contract/messages/message.ts'
import { PURPOSES, type Purpose } from '../contract/words.ts'
import type { Db, Trx } from '../db/client.ts'
import { mayBeSeen } from '../db/visible.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { Visibility } from '../domain/visibility.ts'
import type { Describer } from '../models/ports/describer.ts'
import type { Hold, LaneStatus } from '../pipeline/lane.ts'
import { endPostponements } from '../pipeline/lease-ledger.ts'
import type { ExpectedStep } from '../pipeline/reconcile-ledger.ts'
import { switchTo } from '../pipeline/steps/description/store.ts'
import type { Available } from './available.ts'
import { type Choice, type ChoiceSettings, mergeChoice, type StoredChoice, withoutUndefined } from './choice.ts'
import { reportDescribing, sayWhatLeaves } from './describe-report.ts'
import { openGates } from './gates.ts'
import { planRun, startRun } from './start-run.ts'
import { readChoice, saveChoice } from './store-choice.ts'
import { forgetOwed, STEP_OF } from './store-owed.ts'
import { endAllRuns, readLastRun } from './store-runs.ts'

export interface DescribeServiceDeps {
  readonly db: Db
  readonly purpose: Purpose
  readonly settings: ChoiceSettings
  /** whose calls these are */
  readonly processId: string
  /** @throws FototecaError when the name is unknown, ProviderFailure when something has to be set first */
  readonly openDescriber: (choice: string) => Describer
  readonly available: Available
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
  /** other processes use what is chosen here */
  readonly relay?: Pick<Relay, 'tell' | 'on'>
  readonly refreshSearchDocument: (trx: Trx, photoId: number) => Promise<void>
  /** describers a comparison works with, which must stay open */
  readonly inUse: () => readonly string[]
  readonly now?: () => number
  readonly breakerPace?: BreakerPace
}

export type DescribeService = Awaited<ReturnType<typeof createDescribeService>>

const PAUSED: Hold = { state: 'paused', reason: 'paused by you', untilMs: null }
const OFF: Hold = { state: 'off', reason: 'no describer is switched on', untilMs: null }

export async function createDescribeService(deps: DescribeServiceDeps) {
  const { db, log, lane, purpose } = deps
  const now = deps.now ?? Date.now
  let stored: StoredChoice = await readChoice(db, purpose)
  let choice: Choice = mergeChoice(deps.settings, stored)
  let isChanging = false
  const gates = await openGates({ ...deps, now, choice: () => choice })
  const { active } = gates

  const hold = (): Hold | null => {
    if (choice.describer === null) return OFF
    if (isChanging) return { state: 'paused', reason: 'the choice is being changed', untilMs: null }
    const problem = gates.problem()
    if (problem !== null) return { state: 'paused', reason: problem, untilMs: null }
    return choice.paused ? PAUSED : null
  }

  const apply = (next: StoredChoice) => {
    stored = next
    choice = mergeChoice(deps.settings, stored)
  }

  const remember = async (next: StoredChoice) => {
    await saveChoice(db, purpose, next)
    apply(next)
    deps.relay?.tell('describer')
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

  const report = () => reportDescribing({ ...deps, gates, hold, now, choice: () => choice })

  /** What another process chose. */
  const reload = async () => {
    const next = await readChoice(db, purpose)
    await gates.refresh()
    if (isDeepStrictEqual(next, stored)) return lane.wake()
    await change(async () => {
      apply(next)
      gates.closeIdle()
      gates.activate()
      await active()?.gate.refresh()
    })
    deps.onChanged()
  }
  deps.relay?.on('describer', () => {
    reload().catch((error: unknown) => log.warn({ err: describeError(error) }, 'which describer was chosen could not be read'))
  })

  gates.activate()
  return {
    report,
    hold,
    active,
    describers: () => [active(), gates.second()].filter((one) => one !== null),
    describerOf: gates.describerOf,
    gateOf: gates.gateOf,
    closeIdle: gates.closeIdle,
    previewPx: () => choice.limits.preview_px,
    notice: gates.problem,
    leaves: () => sayWhatLeaves(gates, choice),
    /** whether new photos owe a description */
    isOn: () => choice.describer !== null,
    /** What the ledger is held to for all photos; null where only new ones are asked for. */
    expected: (): ExpectedStep | null => {
      const modelId = active()?.modelId
      // of a split, one describer is as good as the other
      return modelId !== undefined && choice.photos === 'all' && choice.split === null ? { step: STEP_OF[purpose], modelId } : null
    },

    /** @throws FototecaError `conflict` where the configuration fixes it, `not_found` for an unknown describer, or what is missing for it */
    async use(request: z.infer<typeof DescribeUse>): Promise<DescribeReport> {
      refuseFixed(choice, request)
      const name = request.describer
      if (typeof name === 'string') await gates.check(name)
      const { split } = request
      if (split) {
        if (purpose !== 'facts') throw new FototecaError('invalid', message('describe.split-facts'))
        if (split.describer === (name === undefined ? choice.describer : name))
          throw new FototecaError('invalid', message('describe.split-same'))
        await gates.check(split.describer)
      }
      const before = choice
      await change(async () => {
        await remember({
          describer: name === undefined ? stored.describer : name,
          photos: request.photos ?? stored.photos,
          paused: name === undefined ? stored.paused : false,
          split: split === undefined ? (name === null ? null : stored.split) : split,
          limits: { ...stored.limits, ...withoutUndefined(request.limits ?? {}) },
        })
        const isOther = choice.describer !== before.describer
        // what waited for the describer before is not sent to the new one unless all photos are asked for
        if (isOther && choice.photos === 'new') await forgetWaiting()
        gates.closeIdle()
        gates.activate()
        await active()?.gate.reset()
        await gates.second()?.gate.reset()
        await endPostponements(db, PURPOSES[purpose].lane)
      })
      log.info({ purpose, describer: choice.describer, photos: choice.photos }, 'the choice for descriptions changed')
      deps.onChanged()
      return report()
    },

    ask: deps.available.ask,

    /** Uses what another describer said of the photo. @throws FototecaError `not_found` */
    async switchTo(sees: Visibility, photoId: number, saidBy: string): Promise<void> {
      const isThere = await mayBeSeen(db, sees, photoId)
      const used =
        isThere &&
        (await db.transaction().execute(async (trx) => {
          if (!(await switchTo(trx, photoId, saidBy))) return false
          await deps.refreshSearchDocument(trx, photoId)
          return true
        }))
      if (!used) throw new FototecaError('not_found', message('description.none', { by: saidBy }))
    },

    async pause(): Promise<DescribeReport> {
      await change(() => remember({ ...stored, paused: true }))
      return report()
    },

    /** Goes on, at once: an open circuit and what was put off are tried anew, a describer that could not be opened is opened again. */
    async resume(): Promise<DescribeReport> {
      await remember({ ...stored, paused: false })
      if (gates.problem() !== null || gates.secondProblem() !== null) {
        gates.activate()
        if (active()) deps.onChanged()
      }
      await active()?.gate.reset()
      await gates.second()?.gate.reset()
      deps.relay?.tell('describer')
      await endPostponements(db, PURPOSES[purpose].lane)
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
    async run(sees: Visibility, request: z.infer<typeof DescribeRunRequest>): Promise<DescribeEstimate> {
      const chosen = active()
      if (!chosen) throw new FototecaError('conflict', gates.problem() ?? 'no describer is switched on; choose one first')
      const { photoIds, estimate } = await planRun(db, sees, purpose, request, chosen, choice.limits)
      if (request.dry_run || photoIds.length === 0) return { ...estimate, run: null }
      isChanging = true // nothing of it begins before all of it is there
      try {
        const run = { purpose, describer: chosen.gate.describer.info.id, maxTokens: request.max_tokens, maxCost: request.max_cost }
        await startRun(db, run, photoIds)
      } finally {
        isChanging = false
        lane.wake()
      }
      return { ...estimate, run: await readLastRun(db, purpose) }
    },

    [Symbol.asyncDispose]: () => gates[Symbol.asyncDispose](),
  }

  async function forgetWaiting(): Promise<void> {
    await db.transaction().execute(async (trx) => {
      await endAllRuns(trx, purpose)
      await forgetOwed(trx, purpose)
    })
  }
}

function refuseFixed(choice: Choice, request: z.infer<typeof DescribeUse>): void {
  const asked = { describer: request.describer, photos: request.photos, ...request.limits } as Record<string, unknown>
  const now = { describer: choice.describer, photos: choice.photos, ...choice.limits } as Record<string, unknown>
  const refused = choice.fixed.filter((name) => asked[name] !== undefined && asked[name] !== now[name])
  if (refused.length > 0)
    throw new FototecaError('conflict', `the configuration fixes ${refused.join(', ')}; change it there, or remove the setting`)
}
