/** @file Measures models in use on a computer that has not measured them: after a move, with other cores, on another device. One at a time, when nothing else runs. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { CatalogueModel } from '../../contract/library.ts'
import { describeError } from '../../domain/errors.ts'

/** A measurement beside analysis would find the wrong number of threads. */
const LOOK_MS = 60_000

export interface KeepMeasuredDeps {
  /** names of models in use that lack a measurement */
  readonly unmeasured: () => readonly string[]
  readonly measure: (name: string) => Promise<CatalogueModel>
  readonly isBusy: () => boolean
  readonly log: (level: 'info' | 'warn', event: string, facts: Readonly<Record<string, unknown>>) => void
  readonly signal: AbortSignal
  /** tests: shorter pauses */
  readonly lookMs?: number
}

/** Ends with the signal. A model that cannot be measured is left alone until the next start. */
export async function keepMeasured({ unmeasured, measure, isBusy, log, signal, lookMs = LOOK_MS }: KeepMeasuredDeps): Promise<void> {
  const givenUp = new Set<string>()
  while (await pause(lookMs, signal)) {
    const name = isBusy() ? undefined : unmeasured().find((one) => !givenUp.has(one))
    if (name === undefined) continue
    givenUp.add(name)
    try {
      const { ms_per_picture, threads, batch } = await measure(name)
      log('info', 'model.measured', { model: name, msPerPicture: ms_per_picture, threads, batch })
    } catch (error) {
      if (!signal.aborted) log('warn', 'model.measured', { model: name, reason: describeError(error) })
    }
  }
}

/** @returns false when the signal ended it */
const pause = (ms: number, signal: AbortSignal): Promise<boolean> => sleep(ms, true, { signal, ref: false }).catch(() => false)
