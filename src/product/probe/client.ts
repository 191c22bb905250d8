/** @file The library’s side of the probe process: starts it when it is needed, watches its time, lets it go when nobody asks any more. */
import { type ChildProcess, fork } from 'node:child_process'
import { NATIVE_HEAP } from '../../config/process-memory.ts'
import { type ErrorCode, FototecaError } from '../../domain/errors.ts'
import { ChildDecodes, type DecodeMemoryOfChild, estimateModelBytes, type OverMemory } from '../../media/decode-children.ts'
import type { FromProbe, MendTask, Probed, ProbeOptions, ProbeRequest, ToProbe } from './protocol.ts'

/** Loading the weights of a large model is part of the first answer. */
const LIMIT_MS = 120_000
/** The process holds an embedding model; between sellers’ sessions its memory is worth more elsewhere. */
const IDLE_MS = 120_000
/** Beside the embedding model: pictures just decoded, and what is measured of them. */
const OWN_BYTES = 250_000_000

export interface Probe extends AsyncDisposable {
  /** @throws FototecaError as `decodePicture`; `too_large` when the decode takes more memory than it may; `unreadable_picture` when the picture ends the process; `timed_out` */
  ask(request: ProbeRequest): Promise<Probed>
  /** @returns a JPEG @throws FototecaError as `ask`; `invalid` where the mend cannot be done */
  mend(task: MendTask): Promise<Uint8Array>
  /** Another embedding model: the next picture starts a process with it. */
  restart(): void
}

export interface ProbeDeps {
  readonly options: () => ProbeOptions
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly idleMs?: number
  /** the most it holds beside decodes and the embedding model; tests pass less */
  readonly ownBytes?: number
}

interface Waiting {
  readonly make: (id: number) => ToProbe
  readonly resolve: (answer: FromProbe) => void
  readonly reject: (error: FototecaError) => void
  readonly timer: Disposable
}

interface Running {
  readonly child: ChildProcess
  readonly memory: DecodeMemoryOfChild
  readonly waiting: Map<number, Waiting>
  over?: OverMemory
}

export function createProbe({ options, environment, idleMs = IDLE_MS, ownBytes = OWN_BYTES }: ProbeDeps): Probe {
  let running: Running | undefined
  let idle: NodeJS.Timeout | undefined
  let count = 0
  const all = new Set<Running>()
  const decodes = new ChildDecodes(() => {
    const { embedding } = options()
    return ownBytes + (embedding ? estimateModelBytes(embedding.folder) : 0)
  })

  const settle = (own: Running, id: number): Waiting | undefined => {
    const waiting = own.waiting.get(id)
    own.waiting.delete(id)
    waiting?.timer[Symbol.dispose]()
    if (own.waiting.size === 0) {
      if (own !== running) own.child.kill('SIGKILL')
      else idle = setTimeout(stop, idleMs).unref()
    }
    return waiting
  }
  const stop = () => {
    const own = running
    running = undefined
    if (own?.waiting.size === 0) own.child.kill('SIGKILL') // it holds nothing
  }
  const start = (): Running => {
    const child = fork(new URL('./child.ts', import.meta.url), {
      serialization: 'advanced',
      env: { ...environment, ...NATIVE_HEAP },
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    const memory = decodes.serve(child, (over) => {
      own.over = over
      child.kill('SIGKILL')
    })
    const own: Running = { child, memory, waiting: new Map() }
    all.add(own)
    child.on('message', (message: FromProbe) => {
      if (!('id' in message) || !['probed', 'mended', 'failed'].includes(message.type)) return // for the memory of decodes
      const waiting = settle(own, message.id)
      if (message.type === 'failed') waiting?.reject(new FototecaError(message.code as ErrorCode, message.message))
      else waiting?.resolve(message)
    })
    child.on('error', () => child.kill('SIGKILL'))
    child.once('exit', () => {
      all.delete(own)
      if (running === own) running = undefined
      if (own.over) return endFor(own, own.over)
      // which of several ended it is not known; each may be sent again
      for (const id of [...own.waiting.keys()])
        settle(own, id)?.reject(
          new FototecaError(
            'unreadable_picture',
            'the picture could not be read: the process that reads it ended. Send it again, or another copy',
          ),
        )
    })
    child.send({ type: 'configure', options: options() } satisfies ToProbe)
    return own
  }

  /** The picture that took too much is refused; the others go to the next process. */
  const endFor = (own: Running, { owner, why }: OverMemory) => {
    for (const id of [...own.waiting.keys()]) {
      const waiting = settle(own, id)
      if (id === owner) waiting?.reject(new FototecaError('too_large', why))
      else if (waiting) hand(waiting.make, waiting.resolve, waiting.reject)
    }
  }

  const hand = (make: Waiting['make'], resolve: Waiting['resolve'], reject: Waiting['reject']): void => {
    clearTimeout(idle)
    running ??= start()
    const own = running
    const id = ++count
    const giveUp = () => {
      settle(own, id)?.reject(new FototecaError('timed_out', `the picture was not read within ${LIMIT_MS / 1000} s`))
      own.child.kill('SIGKILL')
    }
    own.waiting.set(id, { make, resolve, reject, timer: own.memory.limit(LIMIT_MS, giveUp) })
    own.child.send(make(id))
  }
  const send = (make: Waiting['make']): Promise<FromProbe> => new Promise((resolve, reject) => hand(make, resolve, reject))

  return {
    async ask(request) {
      const answer = await send((id) => ({ type: 'probe', id, ...request }))
      if (answer.type !== 'probed') throw new FototecaError('internal', 'the probe answered something else')
      return answer.found
    },
    async mend(task) {
      const answer = await send((id) => ({ type: 'mend', id, ...task }))
      if (answer.type !== 'mended') throw new FototecaError('internal', 'the probe answered something else')
      return answer.jpeg
    },
    restart: stop,
    async [Symbol.asyncDispose]() {
      clearTimeout(idle)
      running = undefined
      await Promise.all(
        [...all].map(({ child }) => {
          const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
          child.kill('SIGKILL')
          return gone
        }),
      )
    },
  }
}
