/** @file Describing in words and figures: what is on, what leaves this machine, what waits, what was spent. Reads only. */

import { SETTINGS } from '../config/schema.ts'
import type { DescribeReport, DescriberReport } from '../contract/describe.ts'
import type { Purpose } from '../contract/words.ts'
import type { Db } from '../db/client.ts'
import type { Describer } from '../models/ports/describer.ts'
import type { Hold, LaneStatus } from '../pipeline/lane.ts'
import type { Available } from './available.ts'
import type { CallGate } from './call-gate.ts'
import type { Choice } from './choice.ts'
import type { Gates } from './gates.ts'
import { saidWhatLeaves } from './say-what-leaves.ts'
import { countDescribed } from './store-owed.ts'
import { readLastRun } from './store-runs.ts'
import { type Means, readMeans, sumDescriptions } from './store-usage.ts'

export interface ReportDeps {
  readonly purpose: Purpose
  readonly db: Db
  readonly gates: Gates
  readonly choice: () => Choice
  readonly hold: () => Hold | null
  readonly available: Pick<Available, 'list'>
  readonly lane: { status(): LaneStatus; due(): Promise<number>; perSecond(): number | null }
  readonly now: () => number
}

/** What leaves this machine, in words. */
export function sayWhatLeaves(gates: Gates, choice: Choice): string {
  const active = gates.active()
  const second = gates.second()
  const first = saidWhatLeaves(active?.gate.describer ?? null, active?.maxSide ?? choice.limits.preview_px)
  return second === null ? first : [...new Set([first, saidWhatLeaves(second.gate.describer, second.maxSide)])].join(' ')
}

export async function reportDescribing({ db, purpose, gates, lane, now, ...deps }: ReportDeps): Promise<DescribeReport> {
  const active = gates.active()
  const choice = deps.choice()
  await gates.refresh()
  const [due, described, run, means, available] = await Promise.all([
    lane.due(),
    countDescribed(db, purpose, active?.modelId ?? null),
    readLastRun(db, purpose),
    active ? readMeans(db, active.gate.describer.info.id, purpose) : null,
    deps.available.list(),
  ])
  const status = lane.status()
  const perSecond = lane.perSecond()
  const until = (deps.hold() ?? active?.gate.hold(now()))?.untilMs ?? null
  const describer = active?.gate.describer ?? null
  const trouble = active?.gate.trouble() ?? null
  return {
    purpose,
    on: choice.describer !== null,
    describer: choice.describer,
    model: describer && {
      id: describer.info.id,
      prompt_version: describer.promptVersion,
      form: describer.form,
      licence: describer.info.licence,
      remote: describer.isRemote,
      sends_to: [...describer.sendsTo],
      price: describer.price,
    },
    leaves: sayWhatLeaves(gates, choice),
    photos: choice.photos,
    paused: choice.paused,
    fixed: [...choice.fixed],
    limits: choice.limits,
    lane: {
      state: status.state,
      reason: status.reason,
      until: until === null ? null : new Date(until).toISOString(),
      trouble: trouble && { reason: trouble.reason, at: new Date(trouble.atMs).toISOString() },
      due,
      working_on: [...status.workingOn],
      per_minute: perSecond === null ? null : perSecond * 60,
      seconds_left: due === 0 ? 0 : perSecond ? due / perSecond : null,
    },
    cost_notice: sayUnknownCost(describer, choice.limits.cost_per_day, means),
    circuit: active?.gate.circuit().state ?? null,
    split: await reportSplit(db, gates, choice, now()),
    described,
    today: gates.today(),
    run,
    available: available.map((each) => (active && each.name === choice.describer ? asItAnswered(each, active.gate) : each)),
  }
}

async function reportSplit(db: Db, gates: Gates, choice: Choice, nowMs: number): Promise<DescribeReport['split']> {
  if (choice.split === null) return null
  const ids = [gates.active(), gates.second()].flatMap((one) => (one === null ? [] : [one.gate.describer.info.id]))
  return {
    ...choice.split,
    problem: gates.secondProblem(),
    waits: gates.second()?.gate.hold(nowMs)?.reason ?? null,
    sides: await sumDescriptions(db, ids),
  }
}

/** What its calls showed counts like having asked it, where that was later. */
function asItAnswered(report: DescriberReport, gate: CallGate): DescriberReport {
  const trouble = gate.trouble()
  const answeredMs = gate.answeredMs()
  const latest = trouble
    ? { atMs: trouble.atMs, state: 'not ready' as const, said: trouble.reason }
    : answeredMs === null
      ? null
      : { atMs: answeredMs, state: 'ready' as const, said: 'it described a picture' }
  if (latest === null || report.missing !== null) return report
  if (report.asked_at !== null && Date.parse(report.asked_at) > latest.atMs) return report
  return { ...report, state: latest.state, said: latest.said, asked_at: new Date(latest.atMs).toISOString() }
}

/** A budget that nothing counts for is worse than none: it is believed. */
function sayUnknownCost(describer: Describer | null, costPerDay: number | null, means: Means | null): string | null {
  if (describer === null || costPerDay === null || describer.price !== null || !describer.isRemote) return null
  if (means !== null && means.cost !== null) return null // its server tells
  return `no price is known for ${describer.info.name} and its server told no cost so far, so the budget of money may not hold: set ${SETTINGS.describePrices.env}=${describer.info.name}=<input>/<output>`
}
