/**
 * @file Runs a model in its own worker thread: a typed call on this side, a table of functions on the other.
 * Inference takes the thread it is started from, so no model runs anywhere else.
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { type ErrorCode, FototecaError } from '../../domain/errors.ts'
import '../onnx/no-telemetry.ts' // what runs in the thread may load onnxruntime, and this side alone can tell it to report nothing

interface Call {
  readonly id: number
  readonly method: string
  readonly args: readonly unknown[]
}
interface Answer {
  readonly id: number
  readonly value?: unknown
  readonly error?: { message: string; stack: string | undefined; code?: ErrorCode }
}

/** A model's thread. Calls are answered in order; a dead thread fails its open calls and is started again at the next call. */
export class WorkerModel implements AsyncDisposable {
  readonly #file: URL
  readonly #data: unknown
  #worker: Worker | undefined
  #nextId = 1
  #isClosed = false
  readonly #open = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>()

  /** @param file the worker's module, which calls `serveModel`; @param data handed to it as its only argument (structured clone) */
  constructor(file: URL, data: unknown) {
    this.#file = file
    this.#data = data
  }

  /**
   * Calls `method` in the thread. Arguments are structured clones; put large buffers in `transfer` only if this side is done with them.
   * @throws FototecaError `model_failed` when the thread dies, or the error thrown there (its code kept).
   */
  call<T>(
    method: string,
    args: readonly unknown[],
    options: { signal?: AbortSignal | undefined; transfer?: ArrayBuffer[] } = {},
  ): Promise<T> {
    if (this.#isClosed) return Promise.reject(new FototecaError('unavailable', 'this model was closed'))
    options.signal?.throwIfAborted()
    const worker = this.#ensureWorker()
    const id = this.#nextId++
    return new Promise<T>((resolve, reject) => {
      const onAbort = () => {
        this.#open.delete(id)
        this.#idle(worker)
        reject(options.signal?.reason)
      }
      options.signal?.addEventListener('abort', onAbort, { once: true })
      const settle = () => {
        options.signal?.removeEventListener('abort', onAbort)
        this.#open.delete(id)
        this.#idle(worker)
      }
      this.#open.set(id, {
        resolve: (value) => {
          settle()
          resolve(value as T)
        },
        reject: (error) => {
          settle()
          reject(error)
        },
      })
      worker.ref()
      worker.postMessage({ id, method, args } satisfies Call, options.transfer ?? [])
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    const worker = this.#worker
    this.#worker = undefined
    this.#failAll(new FototecaError('unavailable', 'this model was closed'))
    await worker?.terminate()
  }

  /** A thread without open calls does not keep the process alive. */
  #idle(worker: Worker): void {
    if (this.#open.size === 0) worker.unref()
  }

  #ensureWorker(): Worker {
    if (this.#worker) return this.#worker
    const worker = new Worker(this.#file, { workerData: this.#data })
    worker.on('message', (answer: Answer) => {
      const open = this.#open.get(answer.id)
      if (!open) return
      if (answer.error) {
        const error = new FototecaError(answer.error.code ?? 'model_failed', answer.error.message)
        if (answer.error.stack) error.stack = answer.error.stack
        open.reject(error)
      } else open.resolve(answer.value)
    })
    const onGone = (error: unknown) => {
      if (this.#worker !== worker) return
      this.#worker = undefined
      this.#failAll(new FototecaError('model_failed', 'the model’s thread ended unexpectedly', { cause: error }))
    }
    worker.on('error', onGone)
    worker.on('exit', onGone)
    worker.unref()
    this.#worker = worker
    return worker
  }

  #failAll(error: FototecaError): void {
    for (const open of [...this.#open.values()]) open.reject(error)
    this.#open.clear()
  }
}

/** What a worker may answer: plain values, or a value with the buffers to move instead of copy. */
export class Moved<T> {
  readonly value: T
  readonly transfer: ArrayBuffer[]
  constructor(value: T, transfer: ArrayBuffer[]) {
    this.value = value
    this.transfer = transfer
  }
}

/**
 * The worker's side. `load` is called once, at the first call (so that a thread starts cheaply), with the data given to `WorkerModel`.
 * Calls run one after another.
 */
export function serveModel<Data>(
  // biome-ignore lint/suspicious/noExplicitAny: the table's argument types are stated by the worker that passes it
  load: (data: Data) => Promise<Record<string, (...args: any[]) => Promise<unknown>>>,
): void {
  const port = parentPort
  if (isMainThread || !port) throw new Error('serveModel runs in a worker thread')
  let methods: ReturnType<typeof load> | undefined
  let queue: Promise<void> = Promise.resolve()
  port.on('message', (call: Call) => {
    queue = queue.then(async () => {
      try {
        methods ??= load(workerData as Data)
        const table = await methods.catch((error: unknown) => {
          methods = undefined // a failed load may succeed later (file arrived, memory freed)
          throw error
        })
        const method = table[call.method]
        if (!method) throw new Error(`the model has no method ${call.method}`)
        const value = await method(...call.args)
        if (value instanceof Moved) port.postMessage({ id: call.id, value: value.value } satisfies Answer, value.transfer)
        else port.postMessage({ id: call.id, value } satisfies Answer)
      } catch (error) {
        const known = error instanceof Error ? error : new Error(String(error))
        port.postMessage({
          id: call.id,
          error: { message: known.message, stack: known.stack, ...(known instanceof FototecaError ? { code: known.code } : {}) },
        } satisfies Answer)
      }
    })
  })
}
