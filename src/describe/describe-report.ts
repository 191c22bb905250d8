/** @file Describing in words and figures: what is on, what leaves this machine, what waits, what was spent. Reads only. */
import type { DescribeReport, DescriberReport } from '../contract/describe.ts'
import type { Db } from '../db/client.ts'
import type { Hold, LaneStatus } from '../pipeline/lane.ts'
import type { Choice } from './choice.ts'
import type { Gates } from './gates.ts'
import { saidWhatLeaves } from './say-what-leaves.ts'
import { countDescribed } from './store-owed.ts'
import { readLastRun } from './store-runs.ts'

export interface ReportDeps {
  readonly db: Db
  readonly gates: Gates
  readonly choice: () => Choice
  readonly hold: () => Hold | null
  readonly available: () => readonly DescriberReport[]
  readonly lane: { status(): LaneStatus; due(): Promise<number>; perSecond(): number | null }
  readonly now: () => number
}

/** What leaves this machine, in words. */
export function sayWhatLeaves(gates: Gates, choice: Choice): string {
  const active = gates.active()
  return saidWhatLeaves(active?.gate.describer ?? null, active?.maxSide ?? choice.limits.preview_px)
}

export async function reportDescribing({ db, gates, lane, now, ...deps }: ReportDeps): Promise<DescribeReport> {
  const active = gates.active()
  const choice = deps.choice()
  const [due, described, run] = await Promise.all([lane.due(), countDescribed(db, active?.modelId ?? null), readLastRun(db)])
  const status = lane.status()
  const perSecond = lane.perSecond()
  const until = (deps.hold() ?? active?.gate.hold(now()))?.untilMs ?? null
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
    leaves: sayWhatLeaves(gates, choice),
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
    today: gates.today(),
    run,
    available: [...deps.available()],
  }
}
