/** @file A lane: takes due photos from the ledger and works on a few at a time, until nothing is due; woken when something is. */
import type { Lane } from '../contract/words.ts'
import type { Db } from '../db/client.ts'
import { describeError } from '../domain/errors.ts'
import { type AnalysePhotoDeps, analysePhoto } from './analyse-photo.ts'
import { type ClaimedPhoto, claimPhotos, LEASE_MS, recoverLeases, releasePhoto, renewLeases } from './ledger.ts'

/** A lane looks at the ledger this often even when nobody woke it: photos whose lease another process lost. */
const LOOK_AGAIN_MS = 30_000
/** After the database refused work: wait before trying again. */
const TROUBLE_PAUSE_MS = 5_000

export interface LaneDeps extends AnalysePhotoDeps {
  readonly lane: Lane
  readonly owner: string
  /** photos worked on at the same time */
  readonly concurrency: number
  /** called when a photo left the lane with nothing due */
  readonly onPhotoDone: (photo: ClaimedPhoto) => void
}

export interface LaneStatus {
  readonly state: 'idle' | 'working' | 'paused'
  readonly reason: string | null
  readonly workingOn: readonly { id: number; filename: string }[]
}

/** Works until closed. Closing ends at once: open photos go back to due. */
export class LaneRunner implements AsyncDisposable {
  readonly #deps: LaneDeps
  readonly #working = new Map<number, { photo: ClaimedPhoto; done: Promise<void> }>()
  /** photos that were open when the analysis process died; each is tried alone */
  readonly #suspects = new Set<number>()
  #isClosed = false
  #pausedBecause: string | null = null
  #wake: (() => void) | undefined
  #isWoken = false
  #loop: Promise<void> | undefined
  #heartbeat: NodeJS.Timeout | undefined

  constructor(deps: LaneDeps) {
    this.#deps = deps
  }

  start(): void {
    this.#heartbeat = setInterval(() => {
      renewLeases(this.#deps.db, this.#deps.owner, [...this.#working.keys()]).catch((error: unknown) =>
        this.#deps.log.warn({ err: describeError(error) }, 'leases could not be renewed'),
      )
    }, LEASE_MS / 4)
    this.#heartbeat.unref()
    this.#loop = this.#run()
  }

  /** Something may be due. */
  wake(): void {
    this.#isWoken = true
    this.#wake?.()
  }

  pause(reason: string): void {
    this.#pausedBecause = reason
  }

  resume(): void {
    this.#pausedBecause = null
    this.wake()
  }

  status(): LaneStatus {
    const workingOn = [...this.#working.values()].map(({ photo }) => ({ id: photo.id, filename: photo.filename }))
    const state = this.#pausedBecause !== null ? 'paused' : workingOn.length > 0 ? 'working' : 'idle'
    return { state, reason: this.#pausedBecause, workingOn }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#heartbeat)
    this.wake()
    await this.#deps.analyser[Symbol.asyncDispose]()
    await this.#loop
    await Promise.allSettled([...this.#working.values()].map(({ done }) => done))
    await recoverLeases(this.#deps.db, this.#deps.owner)
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      try {
        const taken = this.#pausedBecause === null ? await this.#takeMore() : 0
        if (taken === 0) await this.#sleep(this.#working.size > 0 ? Number.POSITIVE_INFINITY : LOOK_AGAIN_MS)
      } catch (error) {
        this.#deps.log.error({ err: describeError(error) }, 'the lane could not read the ledger; it will try again')
        await this.#sleep(TROUBLE_PAUSE_MS)
      }
    }
  }

  /** A photo that was open during a death (now or in an earlier life) gets the process to itself. */
  #isSuspect(photo: ClaimedPhoto): boolean {
    return photo.crashes > 0 || this.#suspects.has(photo.id)
  }

  async #takeMore(): Promise<number> {
    const alone = [...this.#working.values()].some(({ photo }) => this.#isSuspect(photo))
    const free = alone || this.#deps.analyser.isDraining ? 0 : this.#deps.concurrency - this.#working.size
    if (free <= 0) return 0
    const claimed = await claimPhotos(this.#deps.db as Db, this.#deps.lane, this.#deps.owner, free)
    let taken = 0
    for (const photo of claimed) {
      const mustWait = this.#isClosed || (this.#isSuspect(photo) && this.#working.size > 0) || this.#hasSuspect()
      if (mustWait) await this.#deps.db.transaction().execute((trx) => releasePhoto(trx, photo.id, { hasCrashed: false, isAttempt: false }))
      else {
        this.#begin(photo)
        taken++
      }
    }
    return taken
  }

  /** A process that cannot even start is not the photos’ fault: wait, say so, try again. */
  #pauseFor(reason: string): void {
    if (this.#isClosed || this.#pausedBecause !== null) return
    this.pause(reason)
    setTimeout(() => this.resume(), TROUBLE_PAUSE_MS).unref()
  }

  #hasSuspect(): boolean {
    return [...this.#working.values()].some(({ photo }) => this.#isSuspect(photo))
  }

  #begin(photo: ClaimedPhoto): void {
    const isAlone = this.#isSuspect(photo)
    const done = analysePhoto(this.#deps, photo, isAlone)
      .then((end) => {
        if (end === 'died') this.#suspects.add(photo.id)
        else if (end === 'done') {
          this.#suspects.delete(photo.id)
          this.#deps.onPhotoDone(photo)
        } else if (end !== 'postponed') this.#pauseFor(end.cannotStart)
      })
      .catch((error: unknown) => {
        this.#deps.log.error({ photo_id: photo.id, err: describeError(error) }, 'a photo could not be worked on')
      })
      .finally(() => {
        this.#working.delete(photo.id)
        this.wake()
      })
    this.#working.set(photo.id, { photo, done })
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#isClosed) return
    // a call that came while the ledger was read must not be lost
    if (!this.#isWoken) await this.#waitForWake(ms)
    this.#isWoken = false
  }

  async #waitForWake(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = Number.isFinite(ms) ? setTimeout(resolve, ms) : undefined
      timer?.unref()
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = undefined
  }
}
