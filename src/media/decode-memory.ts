/**
 * @file The memory that decodes may take together: each waits for its share before it begins, oldest first, and one that needs more than
 * all of it is refused. One budget for the library and all processes it starts; a child asks through its channel.
 */
import type { ChildProcess } from 'node:child_process'
import { totalmem } from 'node:os'
import { FototecaError } from '../domain/errors.ts'

/** Where shares of memory come from. */
export interface DecodeMemory {
  /** all of it; nothing that takes more is decoded */
  readonly bytes: number
  /** @throws the abort reason while it waits */
  take(bytes: number, signal: AbortSignal): Promise<Disposable>
}

interface Waiting {
  readonly bytes: number
  readonly grant: () => void
}

/** The budget itself. First come, first served: a large picture is not overtaken for ever by small ones. */
export class DecodeBudget implements DecodeMemory {
  readonly bytes: number
  #taken = 0
  #queue: Waiting[] = []

  constructor(bytes: number) {
    this.bytes = bytes
  }

  /** bytes given out now */
  get taken(): number {
    return this.#taken
  }

  async take(bytes: number, signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted()
    const share = Math.min(bytes, this.bytes)
    if (this.#queue.length > 0 || this.#taken + share > this.bytes) await this.#wait(share, signal)
    else this.#taken += share
    let isGiven = true
    return {
      [Symbol.dispose]: () => {
        if (!isGiven) return
        isGiven = false
        this.#taken -= share
        this.#serve()
      },
    }
  }

  #wait(bytes: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const waiting = { bytes, grant: resolve }
    const abort = () => {
      this.#queue = this.#queue.filter((one) => one !== waiting)
      reject(signal.reason)
      this.#serve()
    }
    signal.addEventListener('abort', abort, { once: true })
    this.#queue.push(waiting)
    return promise.finally(() => signal.removeEventListener('abort', abort))
  }

  #serve(): void {
    for (let [next] = this.#queue; next && this.#taken + next.bytes <= this.bytes; [next] = this.#queue) {
      this.#queue.shift()
      this.#taken += next.bytes
      next.grant()
    }
  }
}

/** Of the machine’s or the container’s memory: 600 MB of 4 GiB. */
const SHARE_OF_MACHINE = 0.14
const MIN_BYTES = 300_000_000
const MAX_BYTES = 4_000_000_000

/** What decodes may take on this machine unless told otherwise. */
export function defaultDecodeBytes(machine = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)): number {
  return Math.min(MAX_BYTES, Math.max(MIN_BYTES, Math.round(machine * SHARE_OF_MACHINE)))
}

/** Memory is one for a process, so its budget is too. */
let own: DecodeMemory | undefined

/** The budget that decodes of this process take their share from. */
export function getDecodeMemory(): DecodeMemory {
  own ??= new DecodeBudget(defaultDecodeBytes())
  return own
}

export function setDecodeMemory(memory: DecodeMemory): void {
  own = memory
}

/**
 * Waits for so much memory. @param name of the format, for a person
 * @throws FototecaError `too_large` for a picture that would take more than all decodes may; the abort reason while it waits
 */
export async function takeDecodeMemory(bytes: number, name: string, signal: AbortSignal): Promise<Disposable> {
  const memory = getDecodeMemory()
  const inMb = (value: number) => Math.ceil(value / 1_000_000)
  if (bytes > memory.bytes)
    throw new FototecaError(
      'too_large',
      `decoding this ${name} would take about ${inMb(bytes)} MB of memory; all decodes together may take ${inMb(memory.bytes)} MB (setting FOTOTECA_DECODE_MEMORY_MB)`,
    )
  return memory.take(bytes, signal)
}

/** A child wants `bytes` (0: it gives its share back); to it: the share is granted, or, with id 0, how much there is in all. */
interface Message {
  readonly type: 'decode-memory'
  readonly id: number
  readonly bytes: number
}

const isOurs = (message: unknown): message is Message =>
  typeof message === 'object' && message !== null && (message as { type?: unknown }).type === 'decode-memory'

/** In a child process whose parent calls `serveDecodeMemory`: shares come from there. Call it before anything is decoded. */
export function askParentForDecodeMemory(): void {
  const waiting = new Map<number, () => void>()
  const tell = (id: number, bytes: number) => void process.send?.({ type: 'decode-memory', id, bytes } satisfies Message)
  let lastId = 0
  process.on('message', (message: unknown) => {
    if (!isOurs(message)) return
    if (message.id === 0) setDecodeMemory({ bytes: message.bytes, take })
    else waiting.get(message.id)?.()
  })

  async function take(bytes: number, signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted()
    const id = ++lastId
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const abort = () => {
      tell(id, 0)
      reject(signal.reason)
    }
    signal.addEventListener('abort', abort, { once: true })
    waiting.set(id, resolve)
    tell(id, bytes)
    try {
      await promise
    } finally {
      waiting.delete(id)
      signal.removeEventListener('abort', abort)
    }
    return { [Symbol.dispose]: () => tell(id, 0) }
  }
}

/** What the parent of a child that decodes has to do with its memory. */
export interface DecodeMemoryOfChild {
  /** As `setTimeout`, but the time in which the child only waits for memory does not count. */
  limit(ms: number, onOver: () => void): Disposable
}

/** Gives a child shares of this process’s budget, and takes them back when it ends. */
export function serveDecodeMemory(child: ChildProcess): DecodeMemoryOfChild {
  const memory = getDecodeMemory()
  child.send({ type: 'decode-memory', id: 0, bytes: memory.bytes } satisfies Message)
  const wishes = new Map<number, { readonly ending: AbortController; share?: Disposable }>()
  const forget = (id: number) => {
    const wish = wishes.get(id)
    wishes.delete(id)
    wish?.ending.abort()
    wish?.share?.[Symbol.dispose]()
  }
  child.on('message', (message: unknown) => {
    if (!isOurs(message)) return
    const { id, bytes } = message
    if (bytes === 0) return forget(id)
    const wish: { readonly ending: AbortController; share?: Disposable } = { ending: new AbortController() }
    wishes.set(id, wish)
    memory.take(bytes, wish.ending.signal).then(
      (share) => {
        wish.share = share
        if (wish.ending.signal.aborted) share[Symbol.dispose]()
        else if (child.connected) child.send({ type: 'decode-memory', id, bytes } satisfies Message)
      },
      () => {},
    )
  })
  child.once('exit', () => {
    for (const id of [...wishes.keys()]) forget(id)
  })
  return {
    limit(ms, onOver) {
      let timer: NodeJS.Timeout
      const start = () => {
        timer = setTimeout(() => {
          if ([...wishes.values()].some(({ share }) => share === undefined)) start()
          else onOver()
        }, ms)
      }
      start()
      return { [Symbol.dispose]: () => clearTimeout(timer) }
    },
  }
}
