/** @file Finding duplicates in the background, put together: look-alikes as photos come, sets after pairs, all hashes again when asked or when the threshold changed. */
import { Task } from '../../background/task.ts'
import type { DuplicatesOverview } from '../../contract/duplicates.ts'
import type { Db } from '../../db/client.ts'
import { describeError } from '../../domain/errors.ts'
import type { Log } from '../../domain/log.ts'
import { readThreshold, saveThreshold } from '../../pipeline/steps/duplicates/store.ts'
import { compareLibrary } from './compare-library.ts'
import { NearFinder } from './near-finder.ts'
import { describeLimits, findNearLimits } from './near-limits.ts'
import { SetsBuilder } from './sets-builder.ts'
import { countUncompared, keepLimits, type NearSpace } from './store-near.ts'

export interface ComparingDeps {
  readonly db: Db
  readonly log: Log
  /** PDQ distance up to which two photos are the same picture */
  readonly threshold: number
  /** the space that answers searches; null while there is none */
  readonly servingSpace: () => Promise<NearSpace | null>
  readonly lookSpace: () => Promise<NearSpace | null>
  /** see `SetsBuilder` */
  readonly quietMs?: number
}

export interface Comparing extends AsyncDisposable {
  readonly sets: SetsBuilder
  readonly near: NearFinder
  readonly tasks: readonly Task[]
  start(): void
  /** new photos, facts or decisions */
  wake(): void
  compareAgain(): void
  report(): Promise<DuplicatesOverview['compared']>
}

export function createComparing({ db, log, threshold, servingSpace, lookSpace, quietMs }: ComparingDeps): Comparing {
  const sets = new SetsBuilder(db, log, quietMs)
  const space = async () => {
    const serving = await servingSpace()
    return serving && findNearLimits(serving.name) ? serving : await lookSpace()
  }
  const near = new NearFinder({ db, log, space, onChanged: () => sets.wake() })
  const all = new Task({
    name: 'comparing all photos',
    work: async (signal) => {
      const pairs = await compareLibrary(db, threshold, signal)
      await saveThreshold(db, threshold)
      log.info({ pairs }, 'all photos were compared with each other')
      sets.wake()
    },
    log,
    failureMessage: 'comparing all photos did not finish; it is done again at the next start',
  })

  return {
    sets,
    near,
    tasks: [all, near.task, sets.task],
    wake: () => {
      near.wake()
      sets.wake()
    },
    start: () => {
      keepLimits(db, describeLimits())
        .catch((error: unknown) => log.warn({ err: describeError(error) }, 'the limits of look-alikes could not be read'))
        .finally(() => near.wake())
      sets.wake()
      readThreshold(db).then(
        (known) => {
          if (known === null) void saveThreshold(db, threshold).catch(() => {})
          else if (known !== threshold) all.wake()
        },
        (error: unknown) => log.warn({ err: describeError(error) }, 'the threshold of duplicates could not be read'),
      )
    },
    compareAgain: () => {
      // so that a kill in the middle is made good at the next start
      void saveThreshold(db, -1).then(all.wake, (error: unknown) =>
        log.error({ err: describeError(error) }, 'photos cannot be compared now'),
      )
    },
    report: async () => {
      const used = await space()
      return { space: used?.name ?? null, due: used ? await countUncompared(db, used.id) : 0, running: all.report().state === 'running' }
    },
    [Symbol.asyncDispose]: async () => {
      await all[Symbol.asyncDispose]()
      await near[Symbol.asyncDispose]()
      await sets[Symbol.asyncDispose]()
    },
  }
}
