/** @file What runs in the background of this library, in all its processes: each task with its state, what is left, and how long it takes. (ADR 74) */
import type { TaskRow, TasksReport } from '../contract/tasks.ts'
import type { Db } from '../db/client.ts'
import { listLeases } from './store-leases.ts'
import { isAlive } from './store-processes.ts'
import { ELSEWHERE, type Task } from './task.ts'

type Said = Omit<TaskRow, 'process' | 'due' | 'per_second' | 'seconds_left'> & { readonly pieces_per_second: number | null }

/** The tasks of this process. */
export class TaskList {
  readonly #tasks = new Set<Task>()

  add(task: Task): void {
    this.#tasks.add(task)
  }

  find(name: string): Task | undefined {
    return [...this.#tasks].find((task) => task.report().name === name)
  }

  /** What other processes get to know with each heartbeat: nothing is counted for it. */
  say(): Said[] {
    return [...this.#tasks].map((task) => {
      const { name, state, reason, lastRunAt, pieces, piecesPerSecond, failuresInARow, lastError } = task.report()
      return {
        ...{ name, state, reason, pieces, pieces_per_second: piecesPerSecond, failures_in_a_row: failuresInARow, last_error: lastError },
        last_run_at: lastRunAt?.toISOString() ?? null,
      }
    })
  }
}

/** @param self id of this process */
export async function reportTasks(db: Db, self: string, tasks: TaskList): Promise<TasksReport> {
  const [processes, leases] = await Promise.all([
    db
      .selectFrom('processes')
      .select(['id', 'host', 'pid', 'version', 'roles', 'started_at', 'heard_at', 'tasks'])
      .where(isAlive('processes.id'))
      .orderBy('started_at')
      .execute(),
    listLeases(db),
  ])
  const said: (Said & { readonly process: string })[] = processes.flatMap(({ id, tasks: others }) =>
    (id === self ? tasks.say() : (others as unknown as Said[])).map((row) => ({ ...row, process: id })),
  )
  const owners = new Map(leases.filter(({ isHeld }) => isHeld).map(({ name, owner }) => [name, owner]))
  // of what only one process does: who does it says how it goes
  const shown = said.filter(({ name, process, reason }) => (owners.has(name) ? owners.get(name) === process : reason !== ELSEWHERE))
  const names = new Set(shown.map(({ name }) => name))
  const waiting = said.filter(({ name, process }) => process === self && !names.has(name))
  return {
    process: self,
    processes: processes.map(({ tasks: _, started_at, heard_at, ...row }) => ({
      ...row,
      roles: row.roles as TasksReport['processes'][number]['roles'],
      started_at: started_at.toISOString(),
      heard_at: (row.id === self ? new Date() : heard_at).toISOString(),
    })),
    tasks: await Promise.all(
      [...shown, ...waiting].map(async ({ pieces_per_second, ...row }) => {
        const left = (await tasks.find(row.name)?.left()) ?? { due: null, perSecond: null, secondsLeft: null }
        return { ...row, due: left.due, per_second: left.perSecond ?? pieces_per_second, seconds_left: left.secondsLeft }
      }),
    ),
  }
}
