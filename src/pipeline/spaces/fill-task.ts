/** @file The task that fills a space with vectors: looked at now and then, and again soon after trouble. */
import { Task, type TaskSpec } from '../../background/task.ts'

/** Looked at again this often even when nobody woke it. */
const LOOK_AGAIN_MS = 30_000
/** After trouble (the database, a process that cannot start). */
const TROUBLE_PAUSE_MS = 5000

export const createFillTask = (spec: Pick<TaskSpec, 'name' | 'work' | 'log' | 'outages'>): Task =>
  new Task({
    ...spec,
    failureMessage: 'Filling the embedding space failed; will retry',
    everyMs: LOOK_AGAIN_MS,
    retryMs: TROUBLE_PAUSE_MS,
  })
