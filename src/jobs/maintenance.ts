/** @file Housekeeping that follows the work: after every few hundred photos, and a while after the last one. */
import { Task } from '../background/task.ts'
import type { OpenDatabase } from '../db/client.ts'
import { ensureVectorIndexes, refreshStatistics } from '../db/maintenance.ts'
import type { Log } from '../domain/log.ts'

/** The planner’s picture of a growing table is good enough for this many more photos. */
const PHOTOS_BETWEEN = 1000
/** Quiet this long means the work is over for now. */
const QUIET_MS = 20_000

export class Maintenance implements AsyncDisposable {
  readonly task: Task
  #photos = 0

  constructor(open: Pick<OpenDatabase, 'db' | 'engine'>, log: Log) {
    this.task = new Task({
      name: 'housekeeping',
      work: async (signal) => {
        this.#photos = 0
        await ensureVectorIndexes(open.db, signal)
        await refreshStatistics(open, signal)
      },
      log,
      failureMessage: 'housekeeping did not finish; it will be done after the next photos',
      failureLevel: 'warn',
      quietMs: QUIET_MS,
    })
  }

  /** A photo’s analysis ended. */
  onPhotoDone(): void {
    this.#photos++
    if (this.#photos >= PHOTOS_BETWEEN) this.task.runNow()
    else this.task.wake()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.task[Symbol.asyncDispose]()
  }
}
