/** @file A lane: takes due photos from the ledger and works on a few at a time, until nothing is due; woken when something is. */
import { type PieceEnd, Task } from '../background/task.ts'
import type { Db } from '../db/client.ts'
import { LeaseLost } from '../db/fence.ts'
import { describeError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { NO_OUTAGES, type Outages } from '../domain/outage.ts'
import { type ClaimedPhoto, claimPhotos, countDue, type LeasedLane, recoverOwnLeases, releasePhoto } from './lease-ledger.ts'
import { logStates } from './ledger.ts'

/** A lane looks at the ledger this often even when nobody woke it: photos that another process brought in or gave back. */
const LOOK_AGAIN_MS = 30_000
/** After the database refused work: wait before trying again. */
const TROUBLE_PAUSE_MS = 5_000
const MIN_SLEEP_MS = 20
/** Longest wait of a timer; longer holds are looked at again then. */
const MAX_SLEEP_MS = 3_600_000

/**
 * How the work on a photo ended: `done`; `postponed`, it was given back and the lane goes on with others; `againMs`, the same, and
 * it may be taken again then; `died`, the process that worked on it ended (it is due again, or its guilty step failed);
 * a pause, nothing can be worked on for now.
 */
export type WorkEnd = 'done' | 'postponed' | 'died' | { readonly againMs: number } | { readonly pauseMs: number; readonly reason: string }

/** Why a lane begins nothing new. What is open goes on. */
export interface Hold {
  readonly state: 'off' | 'paused'
  /** for a person */
  readonly reason: string
  /** when the lane looks again by itself; null: when it is woken */
  readonly untilMs: number | null
}

/** What a lane does with a photo. Disposing it ends open work at once. */
export interface LaneWorker extends AsyncDisposable {
  /** true where a photo can end the process that works on it; those that did are tried alone */
  readonly canDie: boolean
  /** photos that may be open at the same time, now */
  room(): number
  hold?(nowMs: number): Hold | null
  /** Leaves the photo released. @param isAlone no other photo is open in the lane: this one was open when a process died */
  work(photo: ClaimedPhoto, isAlone: boolean): Promise<WorkEnd>
}

export interface LaneDeps {
  readonly db: Db
  readonly log: Log
  readonly lane: LeasedLane
  readonly owner: string
  readonly worker: LaneWorker
  /** during one nothing new is begun, and what it interrupted is due again afterwards */
  readonly outages?: Outages | undefined
  /** called when a photo left the lane with nothing due */
  readonly onPhotoDone: (photo: ClaimedPhoto) => void
  /** nothing is due and nothing open */
  /** a photo was taken or given back */
  readonly onMoved?: () => void
  readonly onIdle?: () => void
}

export interface LaneStatus {
  readonly state: 'idle' | 'working' | 'paused' | 'off'
  readonly reason: string | null
  readonly workingOn: readonly { id: number; filename: string }[]
}

/** Works until closed. Closing ends at once: open photos go back to due. */
export class LaneRunner implements AsyncDisposable {
  readonly #deps: LaneDeps
  readonly #outages: Outages
  readonly #working = new Map<number, { photo: ClaimedPhoto; done: Promise<void> }>()
  /** photos that were open when the working process died; each is tried alone */
  readonly #suspects = new Set<number>()
  readonly task: Task
  #pause: Hold | null = null
  #pausedAtMs = 0
  /** an outage interrupted work: whatever is leased and not open is to be given back */
  #mustRecover = false

  constructor(deps: LaneDeps) {
    this.#deps = deps
    this.#outages = deps.outages ?? NO_OUTAGES
    this.task = new Task({
      name: `lane ${deps.lane}`,
      due: () => countDue(deps.db, deps.lane),
      isBusy: () => this.#working.size > 0,
      work: () => this.#takeOrWait(),
      log: deps.log,
      failureMessage: 'the lane could not read the ledger; it will try again',
      everyMs: LOOK_AGAIN_MS,
      retryMs: TROUBLE_PAUSE_MS,
    })
  }

  start(): void {
    this.task.start()
  }

  /** Something may be due, or a hold may be over. */
  readonly wake = (): void => this.task.wake()

  status(): LaneStatus {
    const workingOn = [...this.#working.values()].map(({ photo }) => ({ id: photo.id, filename: photo.filename }))
    const hold = this.#hold()
    return { state: hold?.state ?? (workingOn.length > 0 ? 'working' : 'idle'), reason: hold?.reason ?? null, workingOn }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const taking = this.task[Symbol.asyncDispose]()
    await this.#deps.worker[Symbol.asyncDispose]()
    await taking
    await Promise.allSettled([...this.#working.values()].map(({ done }) => done))
    await this.#recover().catch(async (error: unknown) => {
      if (!(await this.#outages.judge(error))) throw error
      this.#deps.log.warn({ err: describeError(error) }, 'open photos could not be given back; they are at the next start')
    })
  }

  async #recover(): Promise<void> {
    const { db, lane, owner } = this.#deps
    await recoverOwnLeases(db, { lane, owner }, [...this.#working.keys()], this.#deps.log)
    this.#mustRecover = false
  }

  #hold(): Hold | null {
    const now = Date.now()
    // a clock that was set back would lengthen the pause by as much; what it was for is found out again
    if (this.#pause && ((this.#pause.untilMs ?? 0) <= now || now < this.#pausedAtMs)) this.#pause = null
    const outage = this.#outages.current()
    if (outage) return { state: 'paused', reason: outage.reason, untilMs: now + LOOK_AGAIN_MS } // woken when it is over
    return this.#pause ?? this.#deps.worker.hold?.(now) ?? null
  }

  async #takeOrWait(): Promise<PieceEnd> {
    const hold = this.#hold()
    if (hold?.untilMs) return { held: hold.reason, forMs: Math.min(MAX_SLEEP_MS, Math.max(MIN_SLEEP_MS, hold.untilMs - Date.now())) }
    try {
      if (hold === null && this.#mustRecover) await this.#recover()
      if (hold === null && (await this.#takeMore()) > 0) return true
    } catch (error) {
      // what was taken may be ours though its answer was lost
      if (await this.#outages.judge(error)) this.#mustRecover = true
      throw error
    }
    if (this.#working.size === 0) this.#deps.onIdle?.()
    return hold === null ? false : { held: hold.reason }
  }

  /** A photo that was open during a death (now or in an earlier life) gets the process to itself. */
  #isSuspect(photo: ClaimedPhoto): boolean {
    return this.#deps.worker.canDie && (photo.crashes > 0 || this.#suspects.has(photo.id))
  }

  async #takeMore(): Promise<number> {
    const free = this.#hasSuspect() ? 0 : this.#deps.worker.room() - this.#working.size
    if (free <= 0) return 0
    const { db, lane, owner, log } = this.#deps
    const claimed = await claimPhotos(db, lane, owner, free, log)
    let taken = 0
    for (const photo of claimed) {
      // others took this process’s leases back while it works on the photo (the clock was set ahead, or the database did not answer for long)
      if (this.#working.has(photo.id)) {
        this.wake()
        continue
      }
      const mustWait = this.task.signal.aborted || (this.#isSuspect(photo) && this.#working.size > 0) || this.#hasSuspect()
      if (mustWait)
        logStates(log, await db.transaction().execute((trx) => releasePhoto(trx, photo.id, { lane, owner }, { isAttempt: false })))
      else {
        this.#begin(photo)
        taken++
      }
    }
    return taken
  }

  #hasSuspect(): boolean {
    return [...this.#working.values()].some(({ photo }) => this.#isSuspect(photo))
  }

  #begin(photo: ClaimedPhoto): void {
    const done = this.#deps.worker
      .work(photo, this.#isSuspect(photo))
      .then((end) => {
        if (end === 'died') this.#suspects.add(photo.id)
        else if (end === 'done') {
          this.#suspects.delete(photo.id)
          this.#deps.onPhotoDone(photo)
        } else if (end === 'postponed') return
        else if ('againMs' in end) setTimeout(() => this.wake(), end.againMs).unref()
        else {
          this.#pausedAtMs = Date.now()
          this.#pause = { state: 'paused', reason: end.reason, untilMs: this.#pausedAtMs + end.pauseMs }
        }
      })
      .catch(async (error: unknown) => {
        if (error instanceof LeaseLost) return this.#deps.log.warn({ photo_id: photo.id }, `${error.message}; nothing more was saved here`)
        if (await this.#outages.judge(error)) this.#mustRecover = true
        this.#deps.log.error({ photo_id: photo.id, err: describeError(error) }, 'a photo could not be worked on')
      })
      .finally(() => {
        this.#working.delete(photo.id)
        this.#deps.onMoved?.()
        this.wake()
      })
    this.#working.set(photo.id, { photo, done })
    this.#deps.onMoved?.()
  }
}
