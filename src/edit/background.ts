/** @file Works through what edits left to do: their photos, changed categories, search documents. All of it is rows, so it resumes after a crash. */
import { Task } from '../background/task.ts'
import type { Db } from '../db/client.ts'
import { continueDocuments } from '../document/store.ts'
import type { Log } from '../domain/log.ts'
import { continueEdits } from './edits.ts'
import { Pace } from './pace.ts'
import { continueCategories } from './store-categories.ts'

const RETRY_MS = 5000

export interface PacedWork {
  /** One transaction over at most so many photos. @returns how many; 0: there was nothing to do */
  readonly work: (db: Db, photos: number) => Promise<number>
  /** photos per transaction */
  readonly least: number
  readonly most: number
}

/** In the order a person notices them. */
export const WORK: readonly PacedWork[] = [
  { work: continueEdits, least: 20, most: 2000 },
  { work: continueCategories, least: 500, most: 20_000 },
  { work: continueDocuments, least: 10, most: 500 },
]

/** @param more other work of the same kind, done last; false: nothing was to do */
export function createEditsTask(db: Db, log: Log, more: readonly (() => Promise<boolean>)[] = []): Task {
  const paced = WORK.map(({ work, ...limits }) => ({ work, pace: new Pace(limits) }))
  const step = async (): Promise<boolean> => {
    for (const { work, pace } of paced) if ((await pace.run((photos) => work(db, photos))) > 0) return true
    for (const work of more) if (await work()) return true
    return false
  }
  return new Task({ name: 'edits', work: step, log, failureMessage: 'edits could not be worked through; trying again', retryMs: RETRY_MS })
}
