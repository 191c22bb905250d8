/** @file Makes what is due, one image after another; waits where the maker wants it, stops and goes on where it was, also after a kill. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import { dayOf, endOfDay } from '../background/budget.ts'
import { type CallEnd, PaidCalls } from '../background/paid-calls.ts'
import { concludeCalls, type PaidCall } from '../background/store-paid-calls.ts'
import { type PieceEnd, Task } from '../background/task.ts'
import type { LaneReport } from '../contract/library.ts'
import { message, render } from '../contract/messages/message.ts'
import type { Db, Trx } from '../db/client.ts'
import { currentFence } from '../db/fence.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { NO_OUTAGES, type Outages } from '../domain/outage.ts'
import type { ImageWish, MadeImage } from '../models/ports/image-maker.ts'
import { ProviderFailure } from '../models/providers/provider-failure.ts'
import { SCENE_ENDING, sceneKey } from '../storage/keys.ts'
import { type MakeDeps, makeOne } from './make-one.ts'
import { findRunSpent, type SceneMeans } from './run-budget.ts'
import {
  addScene,
  type ClaimedImage,
  claimImage,
  countDueImages,
  endFinished,
  giveBack,
  listDueFiles,
  readScenes,
  saveFailed,
  saveMade,
  takeBackInterrupted,
} from './store.ts'
import { chargeLostScene, countRunScene, countSpent, readRunBudget, readSceneMeans, stopForBudget } from './store-budget.ts'
import { listToStore, saveNotStored, saveStored } from './store-copies.ts'
import { IMAGE_TYPES } from './types.ts'

/** A failure that may pass is tried so often before the image counts as failed; outages of the maker do not count. */
const TRIES = 3
const TRY_AGAIN_MS = 2000
const MIN_WAIT_MS = 100
/** What is made without a maker, also while that one is not to be asked. */
const OWN_PIXELS = IMAGE_TYPES.flatMap(({ number, way }) => (way === 'scene' ? [] : [number]))

/** A store that did not answer is asked again. */
const STORE_AGAIN_MS = 30_000

/** A made picture for the store of its run. @returns id of the product picture */
export type PutInStore = (made: {
  readonly store: string
  readonly photoId: number
  readonly sourceId: number | null
  readonly kind: string
  readonly madeBy: string
  readonly filename: string
}) => Promise<number>

export interface LaneDeps extends Omit<MakeDeps, 'askMaker'> {
  /** whose calls these are */
  readonly processId: string
  /** what one scene costs where the maker does not tell */
  readonly pricePerScene: number | null
  readonly putInStore: PutInStore
  readonly db: Db
  readonly scenesPerDay: number
  readonly outages?: Outages
  readonly log: Log
}

/** The maker is not asked just now; the image waits. */
class Postponed extends Error {
  readonly untilMs: number
  constructor(reason: string, untilMs: number) {
    super(reason)
    this.untilMs = untilMs
  }
}

/** The run may not ask for another scene. */
class RunSpent extends Error {}

export class GenerationLane implements AsyncDisposable {
  readonly #deps: LaneDeps
  readonly #paid: PaidCalls
  readonly task: Task
  #current: { readonly id: number; readonly runId: number; readonly stop: AbortController } | undefined
  /** no scene is asked for until then */
  #held: { readonly reason: string; readonly sinceMs: number; readonly untilMs: number; readonly resets: number } | null = null
  #mustTakeBack = false
  /** of the lease under which it worked last */
  #token: number | undefined
  #storeAgain: NodeJS.Timeout | undefined

  constructor(deps: LaneDeps) {
    this.#deps = deps
    this.#paid = new PaidCalls({ ...deps, kind: 'generate', charge: (trx, call) => this.#chargeLost(trx, call) })
    this.task = new Task({
      name: 'lane generate',
      due: () => countDueImages(deps.db),
      work: () => this.#makeNext(),
      log: deps.log,
      failureMessage: 'generation could not go on; it will be tried again',
      retryMs: TRY_AGAIN_MS,
      outages: deps.outages,
    })
  }

  start(): void {
    this.#mustTakeBack = true
    this.wake()
  }

  /** A person wants it tried now, whatever it waits for. */
  tryNow(): void {
    this.#held = null
    const maker = this.#deps.maker()
    const reset = maker ? this.#paid.reset(maker.info.id) : Promise.resolve()
    reset
      .catch((error: unknown) => this.#deps.log.warn({ err: describeError(error) }, 'a maker’s pause could not be ended'))
      .finally(() => this.task.runNow())
  }

  /** Something may be to do. */
  wake(): void {
    this.task.wake()
  }

  /** Why no scene is asked for just now; null when nothing is in the way. Own pixels are made all the same. */
  waits(): string | null {
    if (this.#held === null) return null
    const { reason, sinceMs, untilMs } = this.#held
    const now = Date.now()
    // a clock that was set back would lengthen it by as much; what is in the way is found out again
    return sinceMs <= now && now < untilMs ? reason : null
  }

  /** Ends the image that is being made, if it belongs to this run. */
  stopRun(runId: number): void {
    if (this.#current?.runId === runId) this.#current.stop.abort()
  }

  async report(): Promise<z.infer<typeof LaneReport>> {
    const due = await countDueImages(this.#deps.db)
    const reason = due > 0 ? this.waits() : null
    return { lane: 'generate', state: reason ? 'paused' : this.task.report().state === 'running' ? 'working' : 'idle', due, reason }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#storeAgain)
    await this.task[Symbol.asyncDispose]()
  }

  /** What one scene takes, as far as earlier ones or the setting tell. */
  async means(): Promise<SceneMeans> {
    const maker = this.#deps.maker()
    if (!maker) return { tokens: null, cost: null }
    const { tokens, cost } = await readSceneMeans(this.#deps.db, maker.info.id)
    return { tokens, cost: cost ?? this.#deps.pricePerScene }
  }

  /** Files of tries that are over: half-written ones, and answers whose picture is made. */
  async #sweep(): Promise<void> {
    const { db, held } = this.#deps
    const due = new Set((await listDueFiles(db)).map(sceneKey))
    // `.new` is what an earlier version left half-written
    for await (const { key } of held.list())
      if (key.includes('.new') || (key.endsWith(SCENE_ENDING) && !due.has(key))) await held.delete(key)
  }

  /** Copies what is made into the stores of its runs; where one does not answer, the others go on. */
  async #copyToStores(): Promise<void> {
    const { db, log, putInStore } = this.#deps
    if (this.#storeAgain) return
    const unreachable = new Set<string>()
    for (const made of await listToStore(db)) {
      if (this.task.signal.aborted) return
      if (made.store === null || made.photo_id === null || unreachable.has(made.store)) continue
      try {
        const madeBy = [`generate: type ${made.image_type}`, made.model_id ?? made.cutter_id ?? ''].join(' ').trim()
        const put = {
          store: made.store,
          photoId: made.photo_id,
          sourceId: made.source_id,
          kind: made.product_type,
          madeBy,
          filename: made.filename,
        }
        await saveStored(db, made.id, await putInStore(put))
      } catch (error) {
        unreachable.add(made.store)
        await saveNotStored(db, made.id, `not in the store ${made.store} yet: ${describeError(error)}`)
        log.warn({ image: made.id, store: made.store, err: describeError(error) }, 'a made picture could not be stored; tried again')
      }
    }
    if (unreachable.size === 0) return
    this.#storeAgain = setTimeout(() => {
      this.#storeAgain = undefined
      this.wake()
    }, STORE_AGAIN_MS).unref()
  }

  async #makeNext(): Promise<PieceEnd> {
    const { db } = this.#deps
    try {
      // nothing is being made, whatever its row says: at the start, after trouble, and where another process did this before
      const token = currentFence()?.token
      if (this.#mustTakeBack || token !== this.#token) {
        await takeBackInterrupted(db)
        await this.#paid.settleLost()
        await this.#sweep()
      }
      this.#token = token
      this.#mustTakeBack = false
      await this.#copyToStores()
      if (this.#held && (await this.#resets()) !== this.#held.resets) this.#held = null // a person wants it tried, perhaps in another process
      const held = this.waits()
      const image = await claimImage(db, OWN_PIXELS, held === null)
      if (image) {
        await this.#make(image)
        return true
      }
      if (held === null || (await countDueImages(db)) === 0) return false
      return { held, forMs: Math.max(MIN_WAIT_MS, (this.#held?.untilMs ?? 0) - Date.now()) }
    } catch (error) {
      this.#mustTakeBack = true
      throw error
    }
  }

  async #make(image: ClaimedImage): Promise<void> {
    const { db, log } = this.#deps
    const stop = new AbortController()
    const signal = AbortSignal.any([stop.signal, this.task.signal])
    this.#current = { id: image.id, runId: image.generation_id, stop }
    try {
      for (let tried = 1; ; tried++) {
        try {
          const made = await makeOne({ ...this.#deps, askMaker: (...args) => this.#ask(image, ...args) }, image, signal)
          await saveMade(db, image.id, made)
          await concludeCalls(db, subjectOf(image))
          log.info(
            {
              image: image.id,
              run: image.generation_id,
              type: image.image_type,
              ms: Math.round(made.durationMs),
              held: made.review === 'held',
            },
            'made',
          )
          break
        } catch (error) {
          if (this.task.signal.aborted) return await giveBack(db, image.id, 'fototeca was stopped')
          if (signal.aborted) break // cancelled; its row says so
          const outage = await (this.#deps.outages ?? NO_OUTAGES).judge(error)
          if (outage) return await giveBack(db, image.id, outage.reason)
          if (error instanceof Postponed) {
            await giveBack(db, image.id, error.message)
            this.#held = { reason: error.message, sinceMs: Date.now(), untilMs: error.untilMs, resets: await this.#resets() }
            return
          }
          if (error instanceof RunSpent) {
            await giveBack(db, image.id, error.message)
            await stopForBudget(db, image.generation_id, error.message)
            log.info({ run: image.generation_id, reason: error.message }, 'a run stopped for its budget')
            return
          }
          if (tried < TRIES && mayPass(error)) await sleep(TRY_AGAIN_MS, undefined, { signal }).catch(() => {})
          else {
            await saveFailed(db, image.id, describeError(error))
            await concludeCalls(db, subjectOf(image)) // made again by a person, it is another one
            log.warn({ image: image.id, run: image.generation_id, err: describeError(error) }, 'could not be made')
            break
          }
        }
      }
      await this.#deps.held.delete(sceneKey(image))
      await endFinished(db)
    } finally {
      this.#current = undefined
    }
  }

  /** @throws Postponed, RunSpent, ProviderFailure of the picture’s own */
  async #ask(image: ClaimedImage, wish: ImageWish, signal: AbortSignal, save: (scene: MadeImage) => Promise<void>): Promise<MadeImage> {
    const { scenesPerDay, pricePerScene } = this.#deps
    const maker = this.#deps.maker()
    if (!maker) throw new Error('the maker was switched off')
    const model = maker.info.id
    const likely = await this.means()
    const reserved = await this.#paid.reserve({
      ...{ model, subject: subjectOf(image), isPaid: maker.isPaid, perMinute: null, concurrency: 1, likely, signal },
      budget: async (trx) => {
        const now = Date.now()
        if ((await readScenes(trx, dayOf(now))) >= scenesPerDay)
          return {
            reason: `the day’s ${scenesPerDay} scenes are used up (FOTOTECA_GENERATE_PER_DAY); it goes on at midnight UTC`,
            untilMs: endOfDay(now),
          }
        const { budget, spent } = await readRunBudget(trx, image.generation_id)
        const reason = findRunSpent(budget, spent, likely)
        if (reason !== null) throw new RunSpent(reason)
        await addScene(trx, dayOf(now))
        await countRunScene(trx, image.generation_id)
        return null
      },
    })
    if ('isLost' in reserved) throw new FototecaError('unavailable', render(message('call.unknown')))
    if ('wait' in reserved) throw new Postponed(reserved.wait.reason, reserved.wait.untilMs ?? Date.now() + TRY_AGAIN_MS)
    const { id } = reserved
    const settle = (end: CallEnd, spend: (trx: Trx) => Promise<void> = async () => {}) => this.#paid.settle(id, model, end, spend)
    let made: MadeImage
    try {
      made = await maker.makeImage(wish, { signal, callId: id })
    } catch (error) {
      if (signal.aborted) await settle({ end: 'unknown', isTaken: !this.task.signal.aborted })
      signal.throwIfAborted()
      const isProviders = error instanceof ProviderFailure && error.fault !== 'photo' && error.kind !== 'bad-answer'
      if (!isProviders) {
        await settle({ end: 'refused' })
        throw error
      }
      const { message: reason, retryAfterMs } = error
      await settle(
        error.fault === 'configuration'
          ? { end: 'misconfigured', reason }
          : { end: error.kind === 'rate-limited' ? 'limited' : 'failed', reason, retryAfterMs },
      )
      throw new Postponed(reason, this.#paid.circuit(model).untilMs ?? Date.now() + TRY_AGAIN_MS)
    }
    await save(made)
    const { tokens } = made
    const cost = made.cost ?? pricePerScene
    await settle({ end: 'answered', isTaken: true, tokens, cost }, (trx) =>
      countSpent(trx, { id: image.id, runId: image.generation_id }, tokens, cost),
    )
    return made
  }

  /** The scene itself was counted when it was asked for. */
  async #chargeLost(trx: Trx, { subject, tokens, cost }: PaidCall): Promise<void> {
    await chargeLostScene(trx, Number(subject.split(' ')[1]), tokens === null ? null : Math.round(tokens), cost)
  }

  async #resets(): Promise<number> {
    const maker = this.#deps.maker()
    return maker ? (await this.#paid.refresh(maker.info.id)).resets : 0
  }
}

/** A redo has another seed, and is asked for anew. */
const subjectOf = ({ id, seed }: Pick<ClaimedImage, 'id' | 'seed'>): string => `image ${id} ${seed}`

const mayPass = (error: unknown): boolean => error instanceof ProviderFailure && error.kind === 'bad-answer'
