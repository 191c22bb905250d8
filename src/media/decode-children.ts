/**
 * @file Memory for decodes in child processes: each asks for its share through the channel to its parent, and the parent watches what the
 * process really takes. A header is the word of a stranger, and a codec may err: what takes more than its share is ended.
 */
import type { ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DecodeBudget, getDecodeMemory, setDecodeMemory } from './decode-memory.ts'

/** A child wants `bytes` (0: it gives its share back); to it: the share is granted, or, with id 0, how much there is in all. */
interface Message {
  readonly type: 'decode-memory'
  readonly id: number
  readonly bytes: number
  readonly owner?: number | undefined
}

const isOurs = (message: unknown): message is Message =>
  typeof message === 'object' && message !== null && (message as { type?: unknown }).type === 'decode-memory'

/** In a child process whose parent calls `ChildDecodes.serve`: shares come from there. Call it before anything is decoded. */
export function askParentForDecodeMemory(): void {
  const waiting = new Map<number, () => void>()
  const tell = (message: Omit<Message, 'type'>) => void process.send?.({ type: 'decode-memory', ...message } satisfies Message)
  let lastId = 0
  process.on('message', (message: unknown) => {
    if (!isOurs(message)) return
    if (message.id === 0) setDecodeMemory({ bytes: message.bytes, take })
    else waiting.get(message.id)?.()
  })

  async function take(bytes: number, signal: AbortSignal, owner?: number): Promise<Disposable> {
    signal.throwIfAborted()
    const id = ++lastId
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const abort = () => {
      tell({ id, bytes: 0 })
      reject(signal.reason)
    }
    signal.addEventListener('abort', abort, { once: true })
    waiting.set(id, resolve)
    tell({ id, bytes, owner })
    try {
      await promise
    } finally {
      waiting.delete(id)
      signal.removeEventListener('abort', abort)
    }
    return { [Symbol.dispose]: () => tell({ id, bytes: 0 }) }
  }
}

/** What the parent of a child that decodes has to do with its memory. */
export interface DecodeMemoryOfChild {
  /** As `setTimeout`, but the time in which the child only waits for memory does not count. */
  limit(ms: number, onOver: () => void): Disposable
}

/** A process took more memory than its decodes may, and must be ended. */
export interface OverMemory {
  /** whose decode it was; null: one of several. In the next process they come one at a time, so that it shows */
  readonly owner: number | null
  /** for a person */
  readonly why: string
}

interface Wish {
  readonly ending: AbortController
  readonly owner: number | undefined
  readonly bytes: number
  share?: Disposable
}

/** A decoder fills a gigabyte in half a second. */
const LOOK_MS = 50
/** Estimates are rounded up already; this is for what the process does besides. */
const SPARE = 50_000_000
/** A process that needs more than its share is given so much at a time. */
const GROWTH = 50_000_000

/** The decodes of a process that is started again when it ended: its shares of this process’s budget, and what it really takes. */
export class ChildDecodes {
  readonly #ownBytes: () => number
  /** one at a time */
  readonly #turns = new DecodeBudget(1)
  /** decodes that were at work when a process took too much, and not yet again since */
  #suspects = 0

  /** @param ownBytes the most that the process holds beside decodes, its models loaded: what it takes up to there is nobody’s fault */
  constructor(ownBytes: () => number) {
    this.#ownBytes = ownBytes
  }

  /** @param onOver kills the child; called once */
  serve(child: ChildProcess, onOver: (over: OverMemory) => void): DecodeMemoryOfChild {
    const memory = getDecodeMemory()
    const wishes = new Map<number, Wish>()
    child.send({ type: 'decode-memory', id: 0, bytes: memory.bytes } satisfies Message)
    const watch = new Watch(child.pid ?? 0, this.#ownBytes(), memory instanceof DecodeBudget ? memory : null, (mayTake) => {
      const atWork = [...wishes.values()].filter(({ share }) => share !== undefined)
      const owners = new Set(atWork.map(({ owner }) => owner))
      const [owner] = owners
      this.#suspects = owners.size > 1 ? atWork.length : 0
      onOver({ owner: owners.size === 1 ? (owner ?? null) : null, why: sayOver(mayTake) })
    })
    const forget = (id: number) => {
      const wish = wishes.get(id)
      wishes.delete(id)
      wish?.ending.abort()
      if (!wish?.share) return
      wish.share[Symbol.dispose]()
      this.#suspects = Math.max(0, this.#suspects - 1)
      watch.end(wish.bytes)
    }
    const grant = async (id: number, wish: Wish) => {
      const { signal } = wish.ending
      using shares = new DisposableStack()
      if (this.#suspects > 0) shares.use(await this.#turns.take(1, signal))
      shares.use(await memory.take(wish.bytes, signal))
      if (signal.aborted || !child.connected) return
      wish.share = shares.move()
      watch.begin(wish.bytes)
      child.send({ type: 'decode-memory', id, bytes: wish.bytes } satisfies Message)
    }
    child.on('message', (message: unknown) => {
      if (!isOurs(message)) return
      const { id, bytes, owner } = message
      if (bytes === 0) return forget(id)
      const wish: Wish = { ending: new AbortController(), owner, bytes }
      wishes.set(id, wish)
      grant(id, wish).catch(() => {}) // nobody waits for it any more
    })
    child.once('exit', () => {
      watch.stop()
      const suspects = this.#suspects
      for (const id of [...wishes.keys()]) forget(id)
      // they did not end: they were ended
      this.#suspects = suspects
    })
    return {
      limit(ms, run) {
        let timer: NodeJS.Timeout
        const start = () => {
          timer = setTimeout(() => {
            if ([...wishes.values()].some(({ share }) => share === undefined)) start()
            else run()
          }, ms)
        }
        start()
        return { [Symbol.dispose]: () => clearTimeout(timer) }
      },
    }
  }
}

const sayOver = (bytes: number): string =>
  `decoding this picture needed more memory than ${Math.round(bytes / 1_000_000)} MB, so it was ended; raise FOTOTECA_DECODE_MEMORY_MB if the picture is sound`

/** Looks at the memory of a process while it decodes, on Linux; elsewhere it sees nothing. */
class Watch {
  readonly #pid: number
  readonly #ownBytes: number
  readonly #budget: DecodeBudget | null
  readonly #onOver: (mayTake: number) => void
  #timer: NodeJS.Timeout | undefined
  /** held when no decode was at work */
  #base = 0
  #shares = 0
  /** beyond the shares */
  #more = 0
  #grown = new DisposableStack()

  constructor(pid: number, ownBytes: number, budget: DecodeBudget | null, onOver: (mayTake: number) => void) {
    this.#pid = pid
    this.#ownBytes = ownBytes
    this.#budget = budget
    this.#onOver = onOver
  }

  begin(bytes: number): void {
    this.#shares += bytes
    if (this.#timer) return
    this.#base = readHeldBytes(this.#pid) ?? 0
    this.#timer = setInterval(() => this.#look(), LOOK_MS)
  }

  end(bytes: number): void {
    this.#shares -= bytes
    if (this.#shares <= 0) this.stop()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#shares = this.#more = 0
    this.#grown.dispose()
    this.#grown = new DisposableStack()
  }

  #look(): void {
    const held = readHeldBytes(this.#pid)
    if (held === null) return
    const mayTake = this.#shares + this.#more
    const over = held - (Math.max(this.#base, this.#ownBytes) + mayTake + SPARE)
    if (over <= 0) return
    const more = this.#budget?.grow(over + GROWTH)
    if (more) {
      this.#grown.use(more)
      this.#more += over + GROWTH
      return
    }
    clearInterval(this.#timer)
    this.#onOver(mayTake)
  }
}

/** Memory of a process that no file stands behind: what decoders allocate, and models, but neither programs nor mapped files. */
function readHeldBytes(pid: number): number | null {
  try {
    const [, resident = 0, shared = 0] = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ').map(Number)
    return (resident - shared) * PAGE
  } catch {
    return null
  }
}

/** Of the kernel: 4 KiB on x86 and nearly all of ARM. Where pages are larger, too little is seen, and nothing is ended that need not be. */
const PAGE = 4096

/** An opened model and the memory of its first runs take up to three times its files. */
const WEIGHTS_IN_MEMORY = 3

/** Bytes that a model of this folder may hold once it is loaded. */
export function estimateModelBytes(folder: string): number {
  try {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    return WEIGHTS_IN_MEMORY * files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
  } catch {
    return 0 // it is gone: loading it says so
  }
}
