/**
 * @file The check of all files: reads every original, thumbnail, and preview against its hash, a photo after the other, slowly, and goes on
 * where it was after a pause, a kill, or an outage. It begins by itself when the last one is long enough ago.
 */

import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { CheckReport, FileProblem, PassCounts, VerifyReport } from '../contract/verify.ts'
import { onlyAllowed } from '../db/visible.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { EVERY_PHOTO, type Visibility } from '../domain/visibility.ts'
import { toPhotoCard } from '../library/photo-card.ts'
import { type CheckDeps, type CheckedPhoto, checkPhoto, InterruptedByOutage } from './check-photo.ts'
import {
  countPhotosAfter,
  countProblems,
  listProblemPhotos,
  listProblems,
  type Pass,
  readFirstPhotoTime,
  readNextPhotos,
  readPhotoToCheck,
  readVerifyState,
  saveVerifyState,
  type VerifyState,
} from './store-checks.ts'
import { Throttle } from './throttle.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** Commands that open the library for a moment are over by then. */
const FIRST_LOOK_MS = 60_000
const LOOK_EVERY_MS = 60 * 60 * 1000
/** Photos read from the database at once. */
const BATCH = 50
/** What a kill costs: so much is read again. */
const SAVE_EVERY_MS = 2000
const BUSY_WAIT_MS = 3000
const TROUBLE_WAIT_MS = 5000
const RATE_WINDOW_MS = 10_000
const MAX_READINGS = 10_000

const NO_COUNTS: PassCounts = { photos: 0, files: 0, renditions: 0, bytes: 0, found: 0, renewed: 0, changed: 0, skipped: 0 }

export interface VerifierDeps extends CheckDeps {
  /** days between the end of a pass and the next; 0: none begins by itself */
  readonly everyDays: number
  /** 0: as fast as it goes */
  readonly mbPerSecond: number
  /** photos are being analysed: a pass that nobody asked for waits */
  readonly isBusy: () => boolean
  readonly log: Log
}

export interface Verify {
  report(sees?: Visibility): Promise<VerifyReport>
  /** Begins a pass, or goes on with the one that is under way. */
  begin(options: { readonly mbPerSecond?: number | undefined }): Promise<VerifyReport>
  pause(): Promise<VerifyReport>
  problems(sees: Visibility, page: { readonly skip: number; readonly limit: number }): Promise<{ problems: FileProblem[]; total: number }>
  /** Reads the files of these photos now, or of all that have a problem. @throws FototecaError `not_found` */
  check(sees: Visibility, ids: readonly number[] | undefined, signal?: AbortSignal): Promise<CheckReport>
  /** Why no original of this photo can be given out: what is wrong with it is noted by that. */
  explain(photoId: number): Promise<FototecaError>
  /** One of its renditions is not as it was written: it is made anew. @returns why it cannot be shown now */
  reportRendition(photoId: number): Promise<FototecaError>
}

export class Verifier implements Verify, AsyncDisposable {
  readonly #deps: VerifierDeps
  readonly #closing = new AbortController()
  readonly #throttle: Throttle
  /** ends what is being read when the pass is paused */
  #stop = new AbortController()
  #state: VerifyState | undefined
  #running: Promise<void> | undefined
  #waitReason: string | null = null
  #readings: { readonly at: number; readonly bytes: number }[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(deps: VerifierDeps) {
    this.#deps = deps
    this.#throttle = new Throttle(() => (this.#state?.pass?.mbPerSecond ?? deps.mbPerSecond) * 1_000_000)
  }

  /** Goes on with what was under way, and looks now and then whether the next pass is due. */
  async start(): Promise<void> {
    const look = () => {
      this.#timer = setTimeout(look, LOOK_EVERY_MS).unref()
      this.#beginDue().catch((error: unknown) =>
        this.#deps.log.warn({ err: describeError(error) }, 'whether files are to be checked could not be read'),
      )
    }
    this.#timer = setTimeout(look, FIRST_LOOK_MS).unref()
    const { pass } = await this.#load()
    if (pass && !pass.isPaused) this.#run()
  }

  async report(sees: Visibility = EVERY_PHOTO): Promise<VerifyReport> {
    const { db } = this.#deps
    const { pass, last } = await this.#load()
    const { after, isAsked, isPaused, startedAt, mbPerSecond: _, ...counts } = pass ?? NO_PASS
    const isWorking = this.#running !== undefined && this.#waitReason === null
    const due = pass ? null : await this.#nextTime()
    return {
      state: pass === null ? 'idle' : isPaused ? 'paused' : isWorking ? 'working' : 'waiting',
      reason: pass === null || isPaused ? null : this.#waitReason,
      pass: pass && {
        ...counts,
        started_at: startedAt,
        asked: isAsked,
        left: await countPhotosAfter(db, after),
        bytes_per_second: isWorking ? this.#rate() : null,
      },
      last,
      next_at: due?.toISOString() ?? null,
      problems: await countProblems(db, sees),
    }
  }

  async begin({ mbPerSecond }: { readonly mbPerSecond?: number | undefined }): Promise<VerifyReport> {
    const { pass, last } = await this.#load()
    const begun = pass ?? newPass(true)
    this.#state = { pass: { ...begun, isAsked: true, isPaused: false, mbPerSecond }, last }
    await this.#save()
    this.#run()
    return this.report()
  }

  async pause(): Promise<VerifyReport> {
    const { pass, last } = await this.#load()
    if (pass) {
      this.#state = { pass: { ...pass, isPaused: true }, last }
      this.#stop.abort(new FototecaError('conflict', 'the check was paused'))
      await this.#running
      await this.#save()
    }
    return this.report()
  }

  async problems(
    sees: Visibility,
    { skip, limit }: { readonly skip: number; readonly limit: number },
  ): Promise<{ problems: FileProblem[]; total: number }> {
    const { db } = this.#deps
    const [rows, total] = [await listProblems(db, sees, skip, limit), await countProblems(db, sees)]
    const problems = rows.map(({ kind, source, path, problem, sha256, found_sha256, found_at, checked_at, ...card }) => ({
      photo: toPhotoCard(card),
      kind,
      source,
      path,
      reason: problem,
      expected_sha256: sha256,
      found_sha256,
      found_at: found_at.toISOString(),
      checked_at: checked_at.toISOString(),
    }))
    return { problems, total }
  }

  async check(sees: Visibility, asked: readonly number[] | undefined, signal?: AbortSignal): Promise<CheckReport> {
    const ids = asked && (await onlyAllowed(this.#deps.db, sees, asked))
    if (asked?.length === 1 && ids?.length === 0) throw noPhotoToCheck(asked[0] ?? 0)
    let [photos, right] = [0, 0]
    for (let after = 0; ; ) {
      const next = ids ?? (await listProblemPhotos(this.#deps.db, sees, after, BATCH))
      for (const id of next) {
        const photo = await readPhotoToCheck(this.#deps.db, id)
        if (!photo && asked?.length === 1) throw noPhotoToCheck(id)
        if (!photo) continue
        const { found } = await this.#checkNow(photo, true, signal)
        photos += 1
        if (found === 0) right += 1
      }
      after = next.at(-1) ?? after
      if (ids || next.length === 0) return { photos, right, problems: await countProblems(this.#deps.db, sees) }
    }
  }

  async explain(photoId: number): Promise<FototecaError> {
    const photo = await readPhotoToCheck(this.#deps.db, photoId)
    const known = photo?.files.some(({ problem }) => problem === 'damaged' || problem === 'unreadable')
    const checked = photo && !known ? await this.#checkNow(photo, false) : undefined
    const now = await readPhotoToCheck(this.#deps.db, photoId)
    const kinds = new Set(now?.files.map(({ problem }) => problem))
    if (kinds.has('damaged') || kinds.has('unreadable'))
      return new FototecaError(
        'damaged_file',
        `the original of photo ${photoId} is ${kinds.has('damaged') ? 'damaged' : 'unreadable'}, so it cannot be downloaded. ` +
          'Restore the file from a backup or upload the picture again, then choose “Check again” on the page Failures',
      )
    if (checked && checked.changed > 0)
      return new FototecaError(
        'conflict',
        `the original of photo ${photoId} was changed in its folder and is not indexed again yet; download it after the next scan of the folder`,
      )
    return new FototecaError(
      'not_found',
      `the original of photo ${photoId} is missing. Mount its disk, put the file back from where it was moved or from a backup, or upload the picture again`,
    )
  }

  async reportRendition(photoId: number): Promise<FototecaError> {
    if ((await this.#deps.locate(photoId)) === null) return this.explain(photoId)
    if ((await readPhotoToCheck(this.#deps.db, photoId))?.isPrepared) await this.#deps.renew(photoId)
    return new FototecaError(
      'unavailable',
      `this picture of photo ${photoId} was damaged and is being created again; try again in a moment`,
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer)
    this.#closing.abort(new FototecaError('unavailable', 'fototeca is stopping'))
    await this.#running
  }

  async #checkNow(photo: Parameters<typeof checkPhoto>[1], isWhole: boolean, signal?: AbortSignal): Promise<CheckedPhoto> {
    try {
      const either = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal
      return await checkPhoto(this.#deps, photo, { signal: either, pace: () => undefined, isWhole })
    } catch (error) {
      if (error instanceof InterruptedByOutage) throw new FototecaError('unavailable', `${error.message}. Nothing can be checked now`)
      throw error
    }
  }

  async #load(): Promise<VerifyState> {
    this.#state ??= await readVerifyState(this.#deps.db)
    return this.#state
  }

  async #save(): Promise<void> {
    if (this.#state) await saveVerifyState(this.#deps.db, this.#state)
  }

  async #beginDue(): Promise<void> {
    const { pass, last } = await this.#load()
    if (this.#running || pass?.isPaused) return
    if (!pass) {
      const due = await this.#nextTime()
      if (due === null || due.getTime() > Date.now()) return
      this.#state = { pass: newPass(false), last }
      await this.#save()
    }
    this.#run()
  }

  async #nextTime(): Promise<Date | null> {
    const { everyDays, db } = this.#deps
    if (everyDays === 0) return null
    const { last } = await this.#load()
    const from = last ? new Date(last.finished_at) : await readFirstPhotoTime(db)
    return from && new Date(from.getTime() + everyDays * DAY_MS)
  }

  #run(): void {
    // what runs already keeps the controller that ends it
    if (this.#closing.signal.aborted || this.#running) return
    this.#stop = new AbortController()
    this.#running = this.#work(AbortSignal.any([this.#closing.signal, this.#stop.signal])).finally(() => {
      this.#running = undefined
      this.#waitReason = null
      this.#readings = []
    })
  }

  async #work(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#state?.pass) {
      try {
        await this.#step(this.#state.pass, signal)
      } catch (error) {
        if (signal.aborted) return
        const outage = error instanceof InterruptedByOutage ? error.outage : await this.#deps.outages.judge(error)
        if (!outage) this.#deps.log.error({ err: describeError(error) }, 'files could not be checked; trying again')
        this.#waitReason = outage?.reason ?? describeError(error)
        await sleep(TROUBLE_WAIT_MS, undefined, { signal }).catch(() => {})
        await this.#deps.outages.over(signal).catch(() => {})
      }
    }
  }

  /** The next photos; with none left the pass is over. */
  async #step(pass: Pass, signal: AbortSignal): Promise<void> {
    const { db, log } = this.#deps
    let savedAt = performance.now()
    const photos = await readNextPhotos(db, pass.after, BATCH)
    for (const photo of photos) {
      await this.#waitForOthers(signal)
      let bytes = 0
      const pace = (read: number) => {
        bytes += read
        this.#noteReading(read)
        return this.#throttle.take(read, signal)
      }
      const counts = await checkPhoto(this.#deps, photo, { signal, pace, isWhole: true })
      if (counts.found > 0) log.error({ photo_id: photo.id }, 'the original of a photo is damaged, missing, or unreadable')
      this.#advance(photo.id, counts, bytes)
      if (performance.now() - savedAt > SAVE_EVERY_MS) {
        await this.#save()
        savedAt = performance.now()
      }
      await nextTurn()
    }
    if (photos.length === 0) this.#finish()
    await this.#save()
  }

  #advance(after: number, checked: CheckedPhoto, bytes: number): void {
    const { pass, last } = this.#state ?? { pass: null, last: null }
    if (!pass) return
    const sum = { ...pass, after, photos: pass.photos + 1, bytes: pass.bytes + bytes }
    for (const name of ['files', 'renditions', 'found', 'renewed', 'changed', 'skipped'] as const) sum[name] += checked[name]
    this.#state = { pass: sum, last }
  }

  #finish(): void {
    const pass = this.#state?.pass
    if (!pass) return
    const { after: _after, isAsked: _asked, isPaused: _paused, mbPerSecond: _rate, startedAt, ...counts } = pass
    this.#state = { pass: null, last: { ...counts, started_at: startedAt, finished_at: new Date().toISOString() } }
    this.#deps.log.info(counts, 'all files were checked')
  }

  async #waitForOthers(signal: AbortSignal): Promise<void> {
    const { outages, isBusy } = this.#deps
    this.#waitReason = outages.current()?.reason ?? null
    await outages.over(signal)
    while (!this.#state?.pass?.isAsked && isBusy()) {
      this.#waitReason = 'photos are being analysed'
      await sleep(BUSY_WAIT_MS, undefined, { signal })
    }
    this.#waitReason = null
  }

  #noteReading(bytes: number): void {
    if (this.#readings.length >= MAX_READINGS) this.#readings = this.#readings.slice(MAX_READINGS / 2)
    this.#readings.push({ at: performance.now(), bytes })
  }

  #rate(): number | null {
    const since = performance.now() - RATE_WINDOW_MS
    this.#readings = this.#readings.filter(({ at }) => at > since)
    const [first] = this.#readings
    const bytes = this.#readings.reduce((sum, reading) => sum + reading.bytes, 0)
    const seconds = first ? (performance.now() - first.at) / 1000 : 0
    return seconds < 0.5 ? null : Math.round(bytes / seconds)
  }
}

const newPass = (isAsked: boolean): Pass => ({ ...NO_COUNTS, startedAt: new Date().toISOString(), isAsked, after: 0, isPaused: false })

const NO_PASS: Pass = { ...newPass(false), startedAt: '' }

const noPhotoToCheck = (id: number) => new FototecaError('not_found', `there is no photo ${id}, or its file was refused`)
