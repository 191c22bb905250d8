/** @file This process among those that work on the library: entered at its start, heard of now and again, taken out at its end. (ADR 79) */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { TasksReport } from '../contract/tasks.ts'
import type { OpenDatabase } from '../db/client.ts'
import { withFence } from '../db/fence.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { Outages } from '../domain/outage.ts'
import type { Relay } from './relay.ts'
import { claimLease, listLeases, releaseLease } from './store-leases.ts'
import { beat, deleteProcess, deleteSilentProcesses, insertProcess, type ProcessFacts } from './store-processes.ts'
import { Task } from './task.ts'
import { reportTasks, TaskList } from './task-reports.ts'

const BEAT_MS = 15_000
/** Not heard of for so long, a process counts as gone and others take over what it held: three beats may get lost. */
const ALIVE_MS = 60_000

/** as `FOTOTECA_ROLES` */
export type Roles = 'all' | 'api' | 'worker'

export interface ProcessEntry extends AsyncDisposable {
  /** made at the start, never used again */
  readonly id: string
  /** false: it answers requests, and leaves what runs in the background to others */
  readonly isWorker: boolean
  /** From now on one process of the library does it; the others pass on what wakes theirs. Its name is the same in all of them. */
  share(task: Task): void
  /** Each process does it for itself; it is reported with the others. */
  show(...tasks: readonly Task[]): void
  /** What runs in the background, in all processes. */
  report(): Promise<TasksReport>
  /** Runs `act` where this process does what `name` says, or nobody does. @returns false: it is another’s, which is woken */
  doAlone(name: string, act: () => Promise<void>): Promise<boolean>
  /** Something with an end, which any process may do, one at a time. @throws FototecaError `unavailable` while another does it */
  holding<T>(name: string, act: () => Promise<T>): Promise<T>
}

export interface ProcessOptions {
  readonly dataDir: string
  /** nobody else is in this data folder: whoever was there before has ended */
  readonly isAlone: boolean
  readonly version: string
  readonly roles?: Roles
  readonly relay: Relay
  readonly outages?: Outages
  readonly log: Log
  readonly beatMs?: number
  readonly aliveMs?: number
}

export async function enterProcess(open: Pick<OpenDatabase, 'db' | 'engine'>, options: ProcessOptions): Promise<ProcessEntry> {
  const { db, engine } = open
  const { dataDir, isAlone, version, roles = 'all', relay, outages, log, beatMs = BEAT_MS, aliveMs = ALIVE_MS } = options
  const host = hostname()
  const facts: ProcessFacts = { id: randomUUID(), host, pid: process.pid, place: `${host}:${dataDir}`, version, roles }
  // the embedded database has one process; a beat would wake the disk for nothing
  const isOnly = engine === 'pglite'
  const isWorker = roles !== 'api'
  await insertProcess(db, facts, { aliveMs: isOnly ? null : aliveMs, isAlone })
  const tasks = new TaskList()
  const shared = new Map<string, Task>()
  /** Wakes what was done by a process that is gone; of one task alone, also what is this process’s own or was never done. */
  const wakeShared = async (asked?: string) => {
    const leases = new Map((await listLeases(db)).map((lease) => [lease.name, lease]))
    for (const [name, task] of shared) {
      const lease = leases.get(name)
      if (asked === undefined ? lease?.isHeld === false : name === asked && (!lease?.isHeld || lease.owner === facts.id)) task.wake()
    }
  }
  const claim = async (name: string) => {
    const token = await claimLease(db, name, facts.id)
    return token === null ? null : { name, token }
  }
  const heartbeat = isOnly
    ? null
    : new Task({
        name: 'heartbeat',
        async work() {
          if (!(await beat(db, facts.id, aliveMs, tasks.say()))) {
            log.warn({ process: facts.id }, 'this process was not heard of in time; others may have taken over its work')
            await insertProcess(db, facts, { aliveMs, isAlone: false })
          }
          for (const gone of await deleteSilentProcesses(db)) log.info({ ...gone }, 'a process is gone')
          await wakeShared()
        },
        log,
        failureMessage: 'the heartbeat could not be written; it is tried again',
        failureLevel: 'warn',
        everyMs: beatMs,
        retryMs: Math.ceil(beatMs / 3),
        outages,
      })
  if (heartbeat) tasks.add(heartbeat)
  heartbeat?.start()
  return {
    id: facts.id,
    isWorker,
    show(...more) {
      for (const task of more) tasks.add(task)
    },
    report: () => reportTasks(db, facts.id, tasks),
    share(task) {
      tasks.add(task)
      if (isOnly) return
      const { name } = task.report()
      const pass = () => relay.tell(`task ${name}`)
      if (!isWorker) return task.leaveToOthers(pass)
      shared.set(name, task)
      task.shareBy({ claim: () => claim(name), pass })
      relay.on(`task ${name}`, () => {
        wakeShared(name).catch((error: unknown) => log.warn({ err: describeError(error), task: name }, 'who does it could not be read'))
      })
    },
    async doAlone(name, act) {
      const fence = isOnly ? undefined : isWorker ? await claim(name) : null
      if (fence === null) relay.tell(`task ${name}`)
      else await withFence(fence ?? null, act)
      return fence !== null
    },
    async holding(name, act) {
      if (isOnly) return act()
      if ((await claimLease(db, name, facts.id)) === null) throw new FototecaError('unavailable', `another process does this now (${name})`)
      try {
        return await act()
      } finally {
        await releaseLease(db, name, facts.id).catch((error: unknown) =>
          log.warn({ err: describeError(error), name }, 'it could not be given back; others can have it when this process ends'),
        )
      }
    },
    [Symbol.asyncDispose]: async () => {
      await heartbeat?.[Symbol.asyncDispose]()
      await deleteProcess(db, facts.id).catch((error: unknown) =>
        log.warn({ err: describeError(error) }, 'this process could not be taken out of the list; it goes by itself'),
      )
    },
  }
}
