/** @file The library’s side of the analysis process: starts it, hands it photos, watches its time, and tells when it died. */
import { type ChildProcess, fork } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { NATIVE_HEAP, SMALL_YOUNG_GENERATION } from '../../config/process-memory.ts'
import { type Message, render, message as say, textMessage } from '../../contract/messages/message.ts'
import type { StepName } from '../../contract/words.ts'
import type { Log } from '../../domain/log.ts'
import { ChildDecodes, type DecodeMemoryOfChild, estimateModelBytes, type OverMemory } from '../../media/decode-children.ts'
import { MAX_STRETCH } from '../../media/decode-timeout.ts'
import type { AnalyseRequest, AnalyserOptions, FromAnalyser, StepOutcome, ToAnalyser } from './protocol.ts'

/** Above this the process is replaced once it is idle: native heaps grow by fragmentation and do not shrink. */
const RECYCLE_RSS_BYTES = 940_000_000
/** With the built-in models at work on two photos 380 MB; more photos at once need more. */
const OWN_BYTES = 600_000_000

export type AnalysisEnd =
  | { readonly end: 'finished' }
  /** the process died or was killed; `steps` were running for this photo then */
  | { readonly end: 'died'; readonly steps: readonly StepName[]; readonly why: Message }
  /** its decode took more memory than it may, and the process was ended for it */
  | { readonly end: 'over-memory'; readonly why: Message }
  /** the process was ended for another photo: this one may be tried again at once */
  | { readonly end: 'interrupted'; readonly why: Message }
  /** the process ended before it was ready to work */
  | { readonly end: 'cannot-start'; readonly why: Message }

interface OpenRequest {
  readonly path: string
  readonly onOutcome: (step: StepName, outcome: StepOutcome) => void
  readonly resolve: (end: AnalysisEnd) => void
  readonly running: Map<StepName, Disposable>
}

export interface AnalyserDeps {
  readonly options: () => AnalyserOptions
  readonly timeoutOf: (step: StepName) => number
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly log: Log
  /** another program for the process; tests pass one with steps that crash or hang */
  readonly program?: URL
  /** the most it holds beside decodes and the models that were installed; tests pass less */
  readonly ownBytes?: number
}

/** One analysis process, started when first needed and again after a death. */
export class Analyser implements AsyncDisposable {
  readonly #deps: AnalyserDeps
  readonly #decodes: ChildDecodes
  readonly #open = new Map<number, OpenRequest>()
  #lastRequest = 0
  #child: ChildProcess | undefined
  #memory: DecodeMemoryOfChild | undefined
  #killedBecause: Message | undefined
  #over: OverMemory | undefined
  #isStale = false
  #isReady = false
  #lastWords = ''

  constructor(deps: AnalyserDeps) {
    this.#deps = deps
    this.#decodes = new ChildDecodes(() => (deps.ownBytes ?? OWN_BYTES) + estimateModels(deps.options()))
  }

  /** True while a replacement waits for the open photos: hand it no new ones. */
  get isDraining(): boolean {
    return this.#isStale && this.#open.size > 0
  }

  /** Runs the request’s steps; `onOutcome` is called as each ends. Resolves when all ended or the process died. */
  analyse(request: AnalyseRequest, onOutcome: OpenRequest['onOutcome']): Promise<AnalysisEnd> {
    const child = this.#ensureChild()
    return new Promise((resolve) => {
      const number = ++this.#lastRequest
      this.#open.set(number, { path: request.file.path, onOutcome, resolve, running: new Map() })
      child.send({ type: 'analyse', request: number, ...request } satisfies ToAnalyser)
    })
  }

  /** New options (another model) reach the process by a new process, once the open photos are through. */
  restartWhenIdle(): void {
    this.#isStale = true
    this.#replaceIfIdle()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child
    if (!child) return
    this.#killedBecause = textMessage('the library is closing')
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill('SIGKILL') // it holds nothing that is not in the ledger
    await gone
  }

  #ensureChild(): ChildProcess {
    if (this.#child) return this.#child
    const child = fork(this.#deps.program ?? new URL('./child.ts', import.meta.url), {
      serialization: 'advanced',
      env: { ...this.#deps.environment, ...NATIVE_HEAP },
      execArgv: ['--disable-warning=ExperimentalWarning', SMALL_YOUNG_GENERATION],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    standBack(child)
    this.#memory = this.#decodes.serve(child, (over) => {
      if (this.#child === child) this.#over = over
      child.kill('SIGKILL')
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#lastWords = chunk.toString().slice(0, 2000)
      this.#deps.log.debug({ analyser: child.pid, text: this.#lastWords }, 'analyser says')
    })
    child.on('message', (message: FromAnalyser) => this.#onMessage(message))
    child.once('exit', (code, signal) => this.#onExit(child, code, signal))
    child.on('error', (error) => this.#deps.log.error({ err: error.message }, 'analyser could not be reached'))
    child.send({ type: 'configure', options: this.#deps.options() } satisfies ToAnalyser)
    this.#child = child
    this.#isReady = false
    this.#lastWords = ''
    this.#isStale = false
    this.#killedBecause = undefined
    this.#over = undefined
    return child
  }

  #onMessage(message: FromAnalyser): void {
    if (message.type === 'ready') {
      this.#isReady = true
      return
    }
    const open = this.#open.get(message.request)
    if (!open) return
    if (message.type === 'step-started') {
      // each may be the one that waits for the picture
      const limitMs = this.#deps.timeoutOf(message.step) + this.#deps.options().decodeTimeoutMs * MAX_STRETCH
      const giveUp = () => this.#kill(say('analysis.timed-out', { step: message.step, seconds: Math.round(limitMs / 1000) }))
      if (this.#memory) open.running.set(message.step, this.#memory.limit(limitMs, giveUp))
    } else if (message.type === 'step-finished') {
      open.running.get(message.step)?.[Symbol.dispose]()
      open.running.delete(message.step)
      open.onOutcome(message.step, message.outcome)
    } else if (message.type === 'finished') {
      this.#open.delete(message.request)
      open.resolve({ end: 'finished' })
      if (message.rssBytes > RECYCLE_RSS_BYTES || message.isRunaway) this.#isStale = true
      this.#replaceIfIdle()
    }
  }

  #replaceIfIdle(): void {
    if (!this.#isStale || this.#open.size > 0 || !this.#child) return
    const child = this.#child
    this.#child = undefined
    // it holds nothing that is not in the ledger, and a polite end would wait for a thread that is busy with a picture given up
    child.kill('SIGKILL')
  }

  #kill(why: Message): void {
    this.#killedBecause = why
    this.#child?.kill('SIGKILL')
  }

  #onExit(child: ChildProcess, code: number | null, signal: NodeJS.Signals | null): void {
    // one that was replaced has no photos; those that are open are with the next
    if (this.#child !== child) return
    this.#child = undefined
    const over = this.#killedBecause === undefined ? this.#over : undefined
    const why = (over && textMessage(over.why)) ?? this.#killedBecause ?? say('analysis.ended', { how: signal ?? `exit code ${code}` })
    if (this.#open.size > 0)
      this.#deps.log.warn({ code, signal, why: render(why), files: [...this.#open.values()].map(({ path }) => path) }, 'analyser died')
    for (const [request, open] of [...this.#open]) {
      this.#open.delete(request)
      for (const timer of open.running.values()) timer[Symbol.dispose]()
      if (over) open.resolve({ end: over.owner === request ? 'over-memory' : 'interrupted', why })
      else if (this.#isReady) open.resolve({ end: 'died', steps: [...open.running.keys()], why })
      else open.resolve({ end: 'cannot-start', why: textMessage(`${render(why)}; ${this.#lastWords}`.slice(0, 500)) })
    }
  }
}

/** Bytes of the models that were installed; the built-in ones are part of the process. */
function estimateModels({ models }: AnalyserOptions): number {
  const places = [models.embedding, ...Object.values(models.chosen)]
  return places.reduce(
    (sum, place) => sum + (place && typeof place === 'object' && 'folder' in place ? estimateModelBytes(place.folder) : 0),
    0,
  )
}

/**
 * Analysis takes every core for hours; whoever searches meanwhile goes first. Right after the fork, so that the threads it will start inherit it.
 */
function standBack(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // ended already, or not allowed here: it works all the same
  }
}
