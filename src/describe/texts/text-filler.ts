/**
 * @file Embeds what photos are said to show, in batches, by a server outside, and again when the text is another. What is due is rows, so a
 * kill loses nothing; a server that is down or busy pauses the work without blaming a photo.
 */

import { Breaker, type BreakerPace, type Circuit } from '../../background/breaker.ts'
import type { PieceEnd, Task } from '../../background/task.ts'
import type { Db } from '../../db/client.ts'
import { ensureVectorIndex } from '../../db/vector.ts'
import { describeError } from '../../domain/errors.ts'
import type { Log } from '../../domain/log.ts'
import type { Outages } from '../../domain/outage.ts'
import { ProviderFailure } from '../../models/providers/provider-failure.ts'
import { chooseWidth, type TextServer } from '../../models/spaces/text-server.ts'
import { createFillTask } from '../../pipeline/spaces/fill-task.ts'
import { isPaused, saveFillFailure } from '../../pipeline/spaces/store.ts'
import {
  type DueText,
  findTextSpace,
  isGivenUp,
  listNextDue,
  makeTextSpace,
  readDueTexts,
  removeTextVectors,
  saveTextVectors,
  settleTexts,
  type TextSpaceRow,
} from './store-texts.ts'
import { digestOf, makeText } from './text-of-photo.ts'

/** Texts per call: 32 vectors of 4,096 numbers are 3 MB of JSON, and saved in a transaction that searches hardly notice. */
const BATCH = 32
/** Photos looked at per piece of work; most of them may have no text. */
const LOOK_AT = 256
/** Photos in a row without a usable answer are the model's fault. */
const MAX_BAD_IN_A_ROW = 10

export interface TextFillerDeps {
  readonly db: Db
  readonly log: Log
  readonly server: TextServer
  readonly outages?: Outages
  readonly now?: () => number
  readonly breakerPace?: BreakerPace | undefined
}

interface Wanted extends DueText {
  readonly text: string
}

export class TextFiller implements AsyncDisposable {
  readonly #deps: TextFillerDeps
  readonly #now: () => number
  readonly #breaker: Breaker
  readonly task: Task
  #space: TextSpaceRow | null = null
  #badInARow = 0
  #isWorking = false

  constructor(deps: TextFillerDeps) {
    this.#deps = deps
    this.#now = deps.now ?? Date.now
    this.#breaker = new Breaker(deps.breakerPace)
    this.task = createFillTask({
      name: 'vectors of descriptions',
      work: () => this.#fill(),
      log: deps.log,
      outages: deps.outages,
    })
  }

  start(): void {
    this.task.start()
  }

  wake(): void {
    this.task.wake()
  }

  /** A person wants it tried now. */
  reset(): void {
    this.#breaker.reset()
    this.#badInARow = 0
    this.task.runNow()
  }

  circuit(): Circuit {
    return this.#breaker.circuit(this.#now())
  }

  get isWorking(): boolean {
    return this.#isWorking
  }

  /** The space that is filled; null before the server first told how wide its vectors are. */
  async space(): Promise<TextSpaceRow | null> {
    const { db, server } = this.#deps
    this.#space ??= (await findTextSpace(db, server.info.id, server.width)) ?? null
    return this.#space
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.task[Symbol.asyncDispose]()
  }

  async #fill(): Promise<PieceEnd> {
    const { db } = this.#deps
    this.#isWorking = false
    if (!this.#hasRoom()) return this.#wait()
    const space = (await this.space()) ?? (await this.#makeSpace())
    if (space === null) return this.#wait()
    if (await isPaused(db, space.id)) return false
    if (await listNextDue(db, space.id)) return !this.task.signal.aborted
    const due = await readDueTexts(db, space.id, LOOK_AT)
    if (due.length === 0) {
      await ensureVectorIndex(db, space.id)
      return false
    }
    this.#isWorking = true
    const wanted = await this.#sortOut(space, due)
    for (let at = 0; at < wanted.length; at += BATCH) {
      if (this.task.mustYield) break
      if (!(await this.#embed(space, wanted.slice(at, at + BATCH)))) return this.#wait()
    }
    return !this.task.signal.aborted
  }

  /** How wide the vectors are is known from the settings, or from the first answer. */
  async #makeSpace(): Promise<TextSpaceRow | null> {
    const { db, server } = this.#deps
    const width = server.width ?? (await this.#askWidth())
    if (width === null) return null
    this.#space = await makeTextSpace(db, server.info.id, width)
    return this.#space
  }

  async #askWidth(): Promise<number | null> {
    const answer = await this.#call(
      () => this.#deps.server.embed(['a photo'], 'document', { width: null, signal: this.task.signal }),
      (failure) => this.#breaker.misconfigured(this.#now(), failure.message),
    )
    return answer === null ? null : chooseWidth(answer[0]?.length ?? 0)
  }

  /** Settles what needs no call: photos without a text, and texts that are the same as before. @returns the others */
  async #sortOut(space: TextSpaceRow, due: readonly DueText[]): Promise<Wanted[]> {
    const withText = due.map((row) => ({ ...row, text: makeText(row.captions, row.tags) }))
    const silent = withText.filter(({ text, digest }) => text === null && digest === null)
    const gone = withText.filter(({ text, digest }) => text === null && digest !== null)
    const wanted = withText.flatMap((row) => (row.text === null ? [] : [{ ...row, text: row.text }]))
    const same = wanted.filter(({ text, digest }) => digest === digestOf(text))
    const settled = [...silent, ...same].map(({ photo_id, changed_in }) => ({ photo_id, changed_in }))
    if (settled.length + gone.length > 0)
      await this.#deps.db.transaction().execute(async (trx) => {
        if (settled.length > 0) await settleTexts(trx, space.id, settled)
        if (gone.length > 0) await removeTextVectors(trx, space.id, gone)
      })
    return wanted.filter((row) => !same.includes(row))
  }

  /** Embeds and saves; a batch the server cannot take whole is halved until the guilty text is alone. @returns false when it must wait */
  async #embed(space: TextSpaceRow, wanted: readonly Wanted[]): Promise<boolean> {
    const { db, server } = this.#deps
    const texts = wanted.map(({ text }) => text)
    let failure: ProviderFailure | null = null
    const vectors = await this.#call(
      () => server.embed(texts, 'document', { width: space.width, signal: this.task.signal }),
      (one) => {
        failure = one
      },
    )
    if (vectors !== null) {
      this.#badInARow = 0
      const embedded = wanted.flatMap(({ photo_id, changed_in, text }, at) => {
        const vector = vectors[at]
        return vector ? [{ photo_id, changed_in, digest: digestOf(text), vector }] : []
      })
      await db.transaction().execute((trx) => saveTextVectors(trx, space.id, embedded))
      return true
    }
    if (failure === null) return false
    const [only] = wanted
    if (wanted.length === 1 && only) return this.#failed(space, only, failure)
    const half = wanted.length >> 1
    return (await this.#embed(space, wanted.slice(0, half))) && (await this.#embed(space, wanted.slice(half)))
  }

  async #failed(space: TextSpaceRow, row: DueText, failure: ProviderFailure): Promise<boolean> {
    const { db } = this.#deps
    await saveFillFailure(db, space.id, row.photo_id, failure.message, failure.fault === 'photo')
    if (await isGivenUp(db, space.id, row.photo_id)) await db.transaction().execute((trx) => settleTexts(trx, space.id, [row]))
    this.#badInARow++
    if (this.#badInARow < MAX_BAD_IN_A_ROW) return true
    this.#badInARow = 0
    this.#breaker.misconfigured(this.#now(), `${MAX_BAD_IN_A_ROW} texts in a row got no usable answer; the last: ${failure.message}`)
    return false
  }

  /** One call under the circuit. @returns null when nothing came; what the texts are to blame for is told to `onText` */
  async #call<T>(ask: () => Promise<T>, onText: (failure: ProviderFailure) => void = () => {}): Promise<T | null> {
    if (!this.#hasRoom()) return null
    const end = this.#breaker.begin()
    try {
      const answer = await ask()
      this.#breaker.answered()
      return answer
    } catch (error) {
      if (this.task.signal.aborted) return null
      const failure = error instanceof ProviderFailure ? error : new ProviderFailure('unavailable', describeError(error), { cause: error })
      if (failure.fault === 'photo' || failure.kind === 'bad-answer') {
        this.#breaker.answered()
        onText(failure)
        return null
      }
      if (failure.fault === 'configuration') this.#breaker.misconfigured(this.#now(), failure.message)
      else if (failure.kind === 'rate-limited') this.#breaker.limited(this.#now(), failure.message, failure.retryAfterMs)
      else this.#breaker.failed(this.#now(), failure.message, failure.retryAfterMs)
      this.#deps.log.warn({ model: this.#deps.server.info.name, reason: failure.message }, 'descriptions are not embedded just now')
      return null
    } finally {
      end()
    }
  }

  #hasRoom(): boolean {
    return this.#breaker.room(this.#now()) > 0
  }

  /** A closed circuit after one failure is tried again soon, an open one when it may be. */
  #wait(): PieceEnd {
    const { reason, untilMs } = this.circuit()
    return { held: reason ?? 'the server did not answer', forMs: Math.min(600_000, Math.max(200, (untilMs ?? 0) - this.#now())) }
  }
}
