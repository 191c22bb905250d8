/**
 * @file Looks at a picture that is not in the library, or at a part of one that is, for a search by it: its vectors, and nothing is
 * kept. In a process of its own, so that a hostile picture takes no analysis with it; the process ends when nobody has searched so for a while.
 */
import { render, textMessage } from '../contract/messages/message.ts'
import type { StepName } from '../contract/words.ts'
import { FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { Analyser } from './analyser/client.ts'
import type { AnalyserOptions, StepOutcome } from './analyser/protocol.ts'
import type { PictureFile } from './step.ts'
import type { PhotoEmbedding } from './steps/embedding/store.ts'
import type { Look } from './steps/look/look-at.ts'

/** Loading the model again costs a second or more; keeping it costs its memory. */
const IDLE_MS = 120_000
/** Pictures looked at at once; the others wait. */
const AT_ONCE = 2

export interface LookedAt {
  /** of the built-in space */
  readonly look: Float32Array
  /** of the image model’s space; null where there is none, or it could not be asked */
  readonly own: { readonly space: string; readonly vector: Float32Array } | null
}

export interface QueryImageEmbedderDeps {
  readonly options: () => AnalyserOptions
  readonly timeoutOf: (step: StepName) => number
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly log: Log
}

export class QueryImageEmbedder implements AsyncDisposable {
  readonly #analyser: Analyser
  readonly #waiting: (() => void)[] = []
  #open = 0
  #idle: NodeJS.Timeout | undefined

  constructor(deps: QueryImageEmbedderDeps) {
    this.#analyser = new Analyser(deps)
  }

  /** @throws FototecaError `unreadable_picture`, with the reason; `unavailable` when the process cannot start */
  async look(file: PictureFile): Promise<LookedAt> {
    if (this.#open >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#open += 1
    clearTimeout(this.#idle)
    try {
      return await this.#look(file)
    } finally {
      this.#open -= 1
      this.#waiting.shift()?.()
      if (this.#open === 0) this.#idle = setTimeout(() => this.#analyser.restartWhenIdle(), IDLE_MS).unref()
    }
  }

  /** Another model: the next picture is looked at by a new process. */
  onModelsChanged(): void {
    this.#analyser.restartWhenIdle()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#idle)
    await this.#analyser[Symbol.asyncDispose]()
  }

  async #look(file: PictureFile): Promise<LookedAt> {
    const outcomes = new Map<StepName, StepOutcome>()
    const ended = await this.#analyser.analyse({ file, steps: ['look', 'embedding'], isSequential: false }, (step, outcome) =>
      outcomes.set(step, outcome),
    )
    if (ended.end === 'interrupted') return await this.#look(file)
    if (ended.end === 'over-memory') throw new FototecaError('too_large', ended.why)
    if (ended.end === 'cannot-start') throw new FototecaError('unavailable', `the picture could not be looked at: ${render(ended.why)}`)
    const [look, embedding] = [outcomes.get('look'), outcomes.get('embedding')]
    if (look?.state !== 'done') {
      const why = look?.state === 'failed' ? look.reason : ended.end === 'died' ? ended.why : textMessage('it could not be looked at')
      throw new FototecaError('unreadable_picture', why)
    }
    const own = embedding?.state === 'done' ? (embedding.result as PhotoEmbedding) : null
    return { look: (look.result as Look).vector, own: own && { space: own.space.name, vector: own.vector } }
  }
}
