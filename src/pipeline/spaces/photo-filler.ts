/**
 * @file Fills the space of the next embedding model beside the one that answers: photos that are in the library go through
 * an analysis process of their own, which can die without touching the other. What is done is in the table, so a kill loses nothing.
 */
import type { Task } from '../../background/task.ts'
import { render } from '../../contract/messages/message.ts'
import type { StepName } from '../../contract/words.ts'
import type { Db } from '../../db/client.ts'
import { ensureSpace } from '../../db/vector.ts'
import { describeError } from '../../domain/errors.ts'
import type { Log } from '../../domain/log.ts'
import { NO_OUTAGES, type Outages } from '../../domain/outage.ts'
import type { ModelInfo, Space } from '../../models/ports/capability.ts'
import { Analyser } from '../analyser/client.ts'
import type { AnalyserOptions, StepOutcome } from '../analyser/protocol.ts'
import type { LocatedOriginal, Step } from '../step.ts'
import type { PhotoEmbedding } from '../steps/embedding/store.ts'
import { replaceEmbedding } from '../steps/embedding/store.ts'
import { createFillTask } from './fill-task.ts'
import { type DuePhoto, findOwedPhotos, isPaused, type SpaceScope, saveFillFailure, savePause } from './store.ts'

/** Photos per piece of work: between two of them a pause, a drop or a switch gets its turn. */
const BATCH = 16
/** So many failures in a row, or deaths of the process, are the model’s fault and not the pictures’. */
const MAX_FAILURES_IN_A_ROW = 12
const MAX_DEATHS_IN_A_ROW = 3

export interface FillTarget {
  readonly info: ModelInfo
  readonly space: Space
}

export interface PhotoFillerDeps {
  readonly db: Db
  readonly log: Log
  /** the model whose space is to be filled now */
  readonly target: () => FillTarget | null
  /** default: all photos of the library */
  readonly scope?: SpaceScope
  /** for a process that knows this model alone */
  readonly analyserOptions: () => AnalyserOptions
  readonly timeoutOf: (step: StepName) => number
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly locate: (photoId: number) => Promise<LocatedOriginal | null>
  /** photos at once; fewer while the library analyses new ones */
  readonly room: () => number
  readonly step: Step
  readonly outages?: Outages
  /** tests: another program for the process */
  readonly program?: URL
}

export class PhotoFiller implements AsyncDisposable {
  readonly #deps: PhotoFillerDeps
  readonly task: Task
  readonly #analyser: Analyser
  /** model the process was started with */
  #loaded: string | null = null
  #failures = 0
  #deaths = 0
  /** where the round is, and what it did so far */
  #after = 0
  #settled = 0
  #isToldFull = false
  #onFull: (target: FillTarget, spaceId: number) => Promise<void> = async () => {}

  constructor(deps: PhotoFillerDeps) {
    this.#deps = deps
    this.task = createFillTask({
      name: deps.scope === 'products' ? 'vectors of product pictures' : 'vectors of the next model',
      work: () => this.#fill(),
      log: deps.log,
      outages: deps.outages,
    })
    this.#analyser = new Analyser({
      options: deps.analyserOptions,
      timeoutOf: deps.timeoutOf,
      environment: deps.environment,
      log: deps.log,
      ...(deps.program ? { program: deps.program } : {}),
    })
  }

  start(): void {
    this.task.start()
  }

  wake(): void {
    this.task.wake()
  }

  /** `act` is called when nothing is owed any more; it has the turn. */
  whenFull(act: (target: FillTarget, spaceId: number) => Promise<void>): void {
    this.#onFull = act
  }

  /** Runs `act` while no photo is being embedded. */
  exclusive<T>(act: () => Promise<T>): Promise<T> {
    return this.task.exclusive(act)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closing = this.task[Symbol.asyncDispose]()
    await this.#analyser[Symbol.asyncDispose]() // it holds nothing that is not in the table
    await closing
  }

  async #fill(): Promise<boolean> {
    const { db, target } = this.#deps
    const wanted = target()
    if (this.#loaded !== (wanted?.info.id ?? null)) {
      this.#analyser.restartWhenIdle() // nothing is open between two pieces of work
      this.#loaded = wanted?.info.id ?? null
      this.#failures = this.#deaths = this.#after = this.#settled = 0
      this.#isToldFull = false
    }
    if (wanted === null) return false
    const spaceId = await ensureSpace(db, wanted.space, wanted.info.id)
    if (await isPaused(db, spaceId)) return false
    const photos = await findOwedPhotos(db, spaceId, this.#deps.scope ?? 'library', this.#after, BATCH)
    if (photos.length > 0) {
      await this.#embed(photos, wanted, spaceId)
      return !this.task.signal.aborted
    }
    // the end of a round: photos that came or failed meanwhile have their turn; a round that did nothing leaves none
    const [isOver, settled] = [this.#settled === 0, this.#settled]
    this.#after = this.#settled = 0
    if (!isOver) return settled > 0
    if (!this.#isToldFull) this.#deps.log.info({ space: wanted.space.name }, 'a space is full')
    this.#isToldFull = true
    await this.#onFull(wanted, spaceId)
    return false
  }

  /** Ends early when someone waits for the turn. */
  async #embed(photos: readonly DuePhoto[], target: FillTarget, spaceId: number): Promise<void> {
    const waiting = [...photos]
    const work = async () => {
      for (let photo = waiting.shift(); photo !== undefined; photo = waiting.shift()) {
        if (this.task.mustYield || (this.#failures + this.#deaths > 0 && (await isPaused(this.#deps.db, spaceId)))) {
          waiting.unshift(photo)
          return
        }
        if (await this.#embedOne(photo, target, spaceId)) this.#settled++
      }
    }
    await Promise.all(Array.from({ length: Math.max(1, this.#deps.room()) }, work))
    this.#after = waiting[0] ? Math.min(...waiting.map(({ id }) => id)) - 1 : (photos.at(-1)?.id ?? 0)
  }

  async #embedOne(photo: DuePhoto, target: FillTarget, spaceId: number): Promise<boolean> {
    const { db, step } = this.#deps
    const original = await this.#deps.locate(photo.id)
    if (!original) return false
    let outcome: StepOutcome | undefined
    const end = await original.withFile((file) =>
      this.#analyser.analyse({ file: { ...file, format: photo.format }, steps: [step.name], isSequential: true }, (_, found) => {
        outcome = found
      }),
    )
    if (this.task.signal.aborted) return false
    if (end.end === 'interrupted') return await this.#embedOne(photo, target, spaceId)
    if (end.end === 'over-memory') {
      await saveFillFailure(db, spaceId, photo.id, render(end.why), true)
      return true
    }
    if (end.end !== 'finished') {
      this.#deaths++
      if (end.end === 'died') await saveFillFailure(db, spaceId, photo.id, render(end.why), false)
      if (this.#deaths >= MAX_DEATHS_IN_A_ROW)
        await this.#stop(target, spaceId, `its process ended ${this.#deaths} times in a row: ${render(end.why)}`)
      return true
    }
    this.#deaths = 0
    if (outcome?.state === 'done') {
      const result = outcome.result as PhotoEmbedding
      try {
        await db.transaction().execute((trx) => replaceEmbedding(trx, photo.id, result, target.info.id))
        this.#failures = 0
        return true
      } catch (error) {
        if (await (this.#deps.outages ?? NO_OUTAGES).judge(error)) throw error
        await this.#failed(photo, target, spaceId, describeError(error), true)
        return true
      }
    }
    // a picture on a disk that is gone: the model has no part in it
    if ((await (this.#deps.outages ?? NO_OUTAGES).check()).length > 0) return false
    const reason = outcome ? render(outcome.reason) : 'nothing was answered'
    await this.#failed(photo, target, spaceId, reason, outcome?.state !== 'failed' || !outcome.isRetryable)
    return true
  }

  async #failed(photo: DuePhoto, target: FillTarget, spaceId: number, reason: string, isFinal: boolean): Promise<void> {
    this.#failures++
    await saveFillFailure(this.#deps.db, spaceId, photo.id, reason, isFinal)
    if (this.#failures >= MAX_FAILURES_IN_A_ROW)
      await this.#stop(target, spaceId, `${this.#failures} photos in a row failed, the last: ${reason}`)
  }

  async #stop({ info }: FillTarget, spaceId: number, why: string): Promise<void> {
    this.#failures = this.#deaths = 0
    this.#deps.log.warn({ model: info.id, why }, 'a space is not filled on')
    await savePause(this.#deps.db, spaceId, `${info.name} does not work: ${why}`)
  }
}
