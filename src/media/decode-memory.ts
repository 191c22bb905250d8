/**
 * @file The memory that decodes may take together: each waits for its share before it begins, oldest first, and one that needs more than
 * all of it is refused. One budget for the library and all processes it starts; a child asks through its channel (`decode-children.ts`).
 */
import { totalmem } from 'node:os'
import { FototecaError } from '../domain/errors.ts'

/** Where shares of memory come from. */
export interface DecodeMemory {
  /** all of it; nothing that takes more is decoded */
  readonly bytes: number
  /** @param owner whose decode it is, where several share a process @throws the abort reason while it waits */
  take(bytes: number, signal: AbortSignal, owner?: number): Promise<Disposable>
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
    if (this.#queue.length === 0 && this.#taken + share <= this.bytes) return this.#give(share)
    await this.#wait(share, signal)
    return this.#makeShare(share)
  }

  /** More for a decode that is at work and takes more than was estimated: at once, before all who wait, or not at all. */
  grow(bytes: number): Disposable | null {
    if (this.#taken + bytes > this.bytes) return null
    return this.#give(bytes)
  }

  #give(bytes: number): Disposable {
    this.#taken += bytes
    return this.#makeShare(bytes)
  }

  /** of what is counted as taken already */
  #makeShare(bytes: number): Disposable {
    let isGiven = true
    return {
      [Symbol.dispose]: () => {
        if (!isGiven) return
        isGiven = false
        this.#taken -= bytes
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
export async function takeDecodeMemory(bytes: number, name: string, signal: AbortSignal, owner?: number): Promise<Disposable> {
  const memory = getDecodeMemory()
  const inMb = (value: number) => Math.ceil(value / 1_000_000)
  if (bytes > memory.bytes)
    throw new FototecaError(
      'too_large',
      `decoding this ${name} would take about ${inMb(bytes)} MB of memory; all decodes together may take ${inMb(memory.bytes)} MB (setting FOTOTECA_DECODE_MEMORY_MB)`,
    )
  return memory.take(bytes, signal, owner)
}
