/**
 * @file As `worker-model.ts`, in a process of its own: for work that opens strangers’ files, whose memory and whose end must not be the
 * library’s. Its decodes take their share of the memory from the library’s budget.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { writeCompiledCode } from '../../config/compiled-code.ts'
import { NATIVE_HEAP, SMALL_YOUNG_GENERATION } from '../../config/process-memory.ts'
import { type ErrorCode, FototecaError } from '../../domain/errors.ts'
import { askParentForDecodeMemory, ChildDecodes, type OverMemory } from '../../media/decode-children.ts'

/** Then the process is let go; a later call starts another. */
const IDLE_MS = 120_000

type ToProcess =
  | { readonly type: 'configure'; readonly data: unknown }
  | { readonly type: 'call'; readonly id: number; readonly method: string; readonly args: readonly unknown[] }
interface Answer {
  readonly type: 'answer'
  readonly id: number
  readonly value?: unknown
  readonly error?: { readonly message: string; readonly stack: string | undefined; readonly code?: ErrorCode }
}
interface Open {
  readonly method: string
  readonly args: readonly unknown[]
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

export interface ProcessModelOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** for a person: what ended */
  readonly name: string
  /** the most it holds beside decodes, its models loaded */
  readonly ownBytes: number
}

/**
 * Calls are answered in order; a dead process fails its open calls and is started again at the next call. One whose decode takes more
 * memory than it may is ended, and fails the call it was at; the others are made again.
 */
export class ProcessModel implements AsyncDisposable {
  readonly #file: URL
  readonly #data: unknown
  readonly #options: ProcessModelOptions
  /** in order: the process is at the first; one that nobody waits for any more stays until it is answered */
  readonly #open = new Map<number, Open>()
  readonly #decodes: ChildDecodes
  #child: ChildProcess | undefined
  #idle: NodeJS.Timeout | undefined
  #nextId = 1
  #isClosed = false

  /** @param file the program, which calls `serveProcess`; @param data handed to it as its only argument (structured clone) */
  constructor(file: URL, data: unknown, options: ProcessModelOptions) {
    this.#file = file
    this.#data = data
    this.#options = options
    this.#decodes = new ChildDecodes(() => options.ownBytes)
  }

  /** @throws FototecaError `too_large` when a decode takes more memory than it may; `model_failed` when the process ends, or the error thrown there (its code kept); the abort reason */
  async call<T>(method: string, args: readonly unknown[], { signal }: { signal?: AbortSignal | undefined } = {}): Promise<T> {
    if (this.#isClosed) throw new FototecaError('unavailable', `${this.#options.name} was closed`)
    signal?.throwIfAborted()
    clearTimeout(this.#idle)
    const child = this.#ensureChild()
    const id = this.#nextId++
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const abort = () => reject(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    this.#open.set(id, { method, args, resolve: (value) => resolve(value as T), reject })
    child.send({ type: 'call', id, method, args } satisfies ToProcess)
    try {
      return await promise
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  /** Takes an answered call off the list. */
  #settle(id: number): Open | undefined {
    const open = this.#open.get(id)
    this.#open.delete(id)
    if (this.#open.size === 0) this.#idle = setTimeout(() => this.#letGo(), IDLE_MS).unref()
    return open
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#idle)
    const child = this.#child
    this.#failAll(new FototecaError('unavailable', `${this.#options.name} was closed`))
    if (!child) return
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    this.#letGo()
    await gone
  }

  #letGo(): void {
    const child = this.#child
    this.#child = undefined
    child?.kill('SIGKILL') // it holds nothing
  }

  #ensureChild(): ChildProcess {
    if (this.#child) return this.#child
    const child = fork(this.#file, {
      serialization: 'advanced',
      env: { ...this.#options.environment, ...NATIVE_HEAP },
      execArgv: ['--disable-warning=ExperimentalWarning', SMALL_YOUNG_GENERATION],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    let over: OverMemory | undefined
    this.#decodes.serve(child, (found) => {
      over = found
      child.kill('SIGKILL')
    })
    child.on('message', (message: Answer) => {
      if (message.type !== 'answer') return // for the memory of decodes
      const open = this.#settle(message.id)
      if (!message.error) return open?.resolve(message.value)
      const error = new FototecaError(message.error.code ?? 'model_failed', message.error.message)
      if (message.error.stack) error.stack = message.error.stack
      open?.reject(error)
    })
    child.on('error', () => child.kill('SIGKILL'))
    child.once('exit', () => {
      if (this.#child !== child) return
      this.#child = undefined
      if (over) this.#goOnAfter(over)
      else this.#failAll(new FototecaError('model_failed', `${this.#options.name} ended unexpectedly`))
    })
    child.send({ type: 'configure', data: this.#data } satisfies ToProcess)
    this.#child = child
    return child
  }

  #goOnAfter({ why }: OverMemory): void {
    const [guilty] = this.#open.keys()
    if (guilty !== undefined) this.#settle(guilty)?.reject(new FototecaError('too_large', why))
    if (this.#open.size === 0) return
    const child = this.#ensureChild()
    for (const [id, { method, args }] of this.#open) child.send({ type: 'call', id, method, args } satisfies ToProcess)
  }

  #failAll(error: FototecaError): void {
    for (const open of [...this.#open.values()]) open.reject(error)
    this.#open.clear()
  }
}

/** The process’s side. `load` is called once, at the first call, with the data given to `ProcessModel`. Calls run one after another. */
export function serveProcess<Data>(
  // biome-ignore lint/suspicious/noExplicitAny: the table's argument types are stated by the program that passes it
  load: (data: Data) => Promise<Record<string, (...args: any[]) => Promise<unknown>>>,
): void {
  askParentForDecodeMemory()
  let data: unknown
  let methods: ReturnType<typeof load> | undefined
  let queue: Promise<void> = Promise.resolve()
  const answer = async ({ id, method, args }: Extract<ToProcess, { type: 'call' }>): Promise<Answer> => {
    try {
      methods ??= load(data as Data)
      const run = (await methods)[method]
      if (!run) throw new Error(`there is no method ${method}`)
      return { type: 'answer', id, value: await run(...args) }
    } catch (error) {
      const { message, stack } = error instanceof Error ? error : new Error(String(error))
      return { type: 'answer', id, error: { message, stack, ...(error instanceof FototecaError ? { code: error.code } : {}) } }
    }
  }
  process.on('message', (message: ToProcess) => {
    if (message.type === 'configure') data = message.data
    else if (message.type === 'call')
      queue = queue.then(async () => {
        process.send?.(await answer(message))
        writeCompiledCode()
      })
  })
  // the library is gone: nobody waits for an answer
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
}
