/**
 * @file The lane `people`: puts new faces to the people they show, in a thread of its own and short transactions.
 * What is due is in the rows (`faces.is_placed`), so it resumes after a crash; what persons said stands over it.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { z } from 'zod'
import { Task } from '../../background/task.ts'
import type { LaneReport } from '../../contract/library.ts'
import type { Db } from '../../db/client.ts'
import type { Log } from '../../domain/log.ts'
import type { Outages } from '../../domain/outage.ts'
import { findFaceLimits, toDistance } from '../../models/vision/face-limits.ts'
import { WorkerModel } from '../../models/workers/worker-model.ts'
import {
  addClusters,
  countDuePhotos,
  countFaces,
  isAnewWanted,
  type ModelToPlace,
  markPlaced,
  readFacePage,
  readLast,
  readNamedPeople,
  removeEmptyClusters,
  saveLast,
  saveMoved,
  saveQuestions,
  setAnewWanted,
} from './store-assignment.ts'
import type { AssignmentReport, AssignmentRequest, FacePage } from './worker.ts'

/** Faces per read: 1.4 MB of vectors at width 512. */
const PAGE = 500
/** Faces per transaction: other queries get their turn between. */
const BATCH = 200
/** After the last photo came: photos arrive in crowds. */
const SETTLE_MS = 2000
/** Between two passes at least so many times what the last one took: it reads all faces of the model again. */
const REST = 5
/** … and so long: a pass over a few faces costs the start of its thread. */
const REST_LEAST_MS = 6000
const TROUBLE_PAUSE_MS = 30_000
/** When there are so many times the faces there were, clusters nobody spoke about are made anew: more faces tell people better apart. */
const GROWTH = 2

export interface FaceAssignerDeps {
  readonly db: Db
  /** names came or went: search documents are due */
  readonly onPlaced: () => void
  readonly outages?: Outages
  readonly log: Log
  /** tests: the pause before a pass; no other then */
  readonly settleMs?: number
}

export class FaceAssigner implements AsyncDisposable {
  readonly #deps: FaceAssignerDeps
  readonly task: Task

  constructor(deps: FaceAssignerDeps) {
    const { settleMs, log, outages } = deps
    this.#deps = deps
    this.task = new Task({
      name: 'people',
      due: () => countDuePhotos(deps.db),
      work: (signal) => this.#pass(signal),
      log,
      failureMessage: 'Assigning faces failed; will retry',
      failureLevel: 'warn',
      settleMs: settleMs ?? SETTLE_MS,
      restMs: (tookMs) => Math.max(settleMs === undefined ? REST_LEAST_MS : 0, REST * tookMs),
      retryMs: TROUBLE_PAUSE_MS,
      outages,
    })
  }

  /** Faces, or what persons said of them, may have changed. Returns at once. */
  wake(): void {
    this.task.wake()
  }

  /** Clusters that nobody said anything about are dissolved and made anew; also after a restart. */
  async anew(): Promise<void> {
    await setAnewWanted(this.#deps.db, true)
    this.task.runNow()
  }

  async lane(): Promise<z.infer<typeof LaneReport>> {
    const due = await countDuePhotos(this.#deps.db)
    const { state, lastError } = this.task.report()
    if (lastError !== null) return { lane: 'people', state: 'paused', due, reason: `Assigning faces failed: ${lastError}` }
    return { lane: 'people', state: state === 'running' ? 'working' : 'idle', due, reason: null }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.task[Symbol.asyncDispose]()
  }

  async #pass(signal: AbortSignal): Promise<void> {
    const { db } = this.#deps
    const isWanted = await isAnewWanted(db)
    const last = { ...(await readLast(db)) }
    for (const model of await countFaces(db)) {
      signal.throwIfAborted()
      const isAnew = isWanted || model.faces >= (last[model.modelId] ?? 1) * GROWTH
      if (!isAnew && model.due === 0) continue
      await this.#place(model, isAnew)
      if (!isAnew) continue
      last[model.modelId] = model.faces
      await saveLast(db, last)
    }
    if (isWanted) await setAnewWanted(db, false)
    await removeEmptyClusters(db)
  }

  async #place({ modelId, faces, due }: ModelToPlace, isAnew: boolean): Promise<void> {
    const { db, log } = this.#deps
    const { signal } = this.task
    const startedAt = performance.now()
    const read: number[] = []
    const report = await this.#ask(modelId, isAnew, read)
    // clusters are made with their first faces: nobody sees one without any
    const ids = new Map<number, number>()
    const moved = [...report.moved].sort((a, b) => a.person - b.person)
    for (let from = 0; from < moved.length; from += BATCH) {
      const some = moved.slice(from, from + BATCH)
      await db.transaction().execute(async (trx) => {
        const fresh = [...new Set(some.map(({ person }) => person).filter((person) => person < 0 && !ids.has(person)))]
        for (const [index, id] of (await addClusters(trx, fresh.length)).entries()) ids.set(fresh[index] ?? 0, id)
        await saveMoved(
          trx,
          some.map((face) => ({ ...face, person: ids.get(face.person) ?? face.person })),
        )
      })
      signal.throwIfAborted()
      await nextTurn()
    }
    const { metric } = findFaceLimits(modelId)
    const questions = report.questions.map(({ square, ...question }) => ({
      ...question,
      other: question.other === null ? null : (ids.get(question.other) ?? question.other),
      person: ids.get(question.person) ?? question.person,
      distance: toDistance(metric, square),
    }))
    await db.transaction().execute((trx) => saveQuestions(trx, questions, isAnew))
    for (let from = 0; from < read.length; from += PAGE)
      await db.transaction().execute((trx) => markPlaced(trx, modelId, read.slice(from, from + PAGE)))
    log.info(
      {
        model: modelId,
        faces,
        due,
        moved: moved.length,
        clusters: report.fresh,
        anew: isAnew,
        ms: Math.round(performance.now() - startedAt),
      },
      'faces were put to people',
    )
    this.#deps.onPlaced()
  }

  /** The thread lives for one pass: 50,000 faces of width 512 are 100 MB. @param read gets the ids of all faces looked at */
  async #ask(modelId: string, isAnew: boolean, read: number[]): Promise<AssignmentReport> {
    const { db } = this.#deps
    const { signal } = this.task
    // a thread that is ended within a matrix product takes the process along: it is asked to stop, and waited for
    const stop = new Int32Array(new SharedArrayBuffer(4))
    const onAbort = () => Atomics.store(stop, 0, 1)
    signal.addEventListener('abort', onAbort, { once: true })
    using _ = { [Symbol.dispose]: () => signal.removeEventListener('abort', onAbort) }
    await using thread = new WorkerModel(new URL('./worker.ts', import.meta.url), stop)
    for (let after = 0; ; ) {
      signal.throwIfAborted()
      const found = await readFacePage(db, modelId, after, PAGE)
      if (!found) break
      await thread.call('add', [found.page satisfies FacePage])
      read.push(...found.page.ids)
      after = found.last
    }
    const request: AssignmentRequest = { modelId, isAnew, named: await readNamedPeople(db) }
    signal.throwIfAborted()
    return await thread.call<AssignmentReport>('place', [request])
  }
}
