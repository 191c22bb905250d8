/** @file Tasks: no wake-up is lost, failures wait, what is held goes on, and stopping waits for the piece in hand. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Log, silentLog } from '../domain/log.ts'
import type { Outage, Outages } from '../domain/outage.ts'
import { NO_OUTAGES } from '../domain/outage.ts'
import { type PieceEnd, Task, type TaskSpec } from './task.ts'

const SECOND = 1000
const HOUR = 3_600_000

let pieces = 0
let task: Task
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
  pieces = 0
})
afterEach(async () => {
  await task[Symbol.asyncDispose]()
  vi.useRealTimers()
})

/** Counts pieces; `ends` says how each ended, after the last one: nothing is left. */
function make(spec: Partial<TaskSpec> = {}, ends: readonly (PieceEnd | Error)[] = []): Task {
  task = new Task({
    name: 'test',
    log: silentLog,
    failureMessage: 'could not be done',
    work: async () => {
      const end = ends[pieces++]
      if (end instanceof Error) throw end
      return end
    },
    ...spec,
  })
  return task
}

/** A piece that stays open until it is told to end. */
function makeOpen(spec: Partial<TaskSpec> = {}) {
  let open = Promise.withResolvers<PieceEnd>()
  make({
    work: () => {
      pieces++
      open = Promise.withResolvers<PieceEnd>()
      return open.promise
    },
    ...spec,
  })
  return (end?: PieceEnd) => open.resolve(end)
}

/** Lets what can go on without time go on: pieces give others a turn of the event loop between them. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}

async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms)
  await settle()
}

describe('waking', () => {
  test('runs piece after piece until nothing is left', async () => {
    make({}, [true, true, false]).wake()
    await settle()
    expect(pieces).toBe(3)
    expect(task.report()).toMatchObject({ name: 'test', state: 'idle', pieces: 3, failuresInARow: 0, lastError: null })
  })

  test('during a piece, it runs again afterwards, once', async () => {
    const end = makeOpen()
    task.wake()
    await settle()
    task.wake()
    task.wake()
    expect(task.report()).toMatchObject({ state: 'running', pieces: 0 })
    end()
    await settle()
    expect(pieces).toBe(2)
    end()
    await settle()
    expect(pieces).toBe(2)
    expect(task.report().state).toBe('idle')
  })

  test('many wake-ups within the settling time are one run, from the first', async () => {
    make({ settleMs: 5 * SECOND })
    for (let i = 0; i < 4; i++) {
      task.wake()
      await pass(SECOND)
    }
    expect(pieces).toBe(0)
    await pass(SECOND)
    expect(pieces).toBe(1)
    await pass(HOUR)
    expect(pieces).toBe(1)
  })

  test('a quiet time counts from the last', async () => {
    make({ quietMs: 5 * SECOND })
    for (let i = 0; i < 4; i++) {
      task.wake()
      await pass(4 * SECOND)
    }
    expect(pieces).toBe(0)
    await pass(SECOND)
    expect(pieces).toBe(1)
  })

  test('rests as its work asks, unless it is to run now', async () => {
    const end = makeOpen({ restMs: (tookMs) => tookMs * 10 })
    task.wake()
    await pass(2 * SECOND)
    end()
    await settle()
    task.wake()
    await pass(19 * SECOND)
    expect(pieces).toBe(1)
    task.runNow()
    await settle()
    expect(pieces).toBe(2)
    task.runNow()
    end()
    await settle()
    expect(pieces).toBe(3)
    end()
  })
})

describe('failures', () => {
  test('are logged and tried again after a wait that no wake-up shortens', async () => {
    const logged: unknown[] = []
    const log: Log = { ...silentLog, error: (...line) => logged.push(line) }
    make({ log, retryMs: 5 * SECOND }, [new Error('no'), new Error('still no')]).wake()
    await settle()
    expect(task.report()).toMatchObject({ state: 'waiting to retry', failuresInARow: 1, lastError: 'no' })
    task.wake()
    await pass(4 * SECOND)
    expect(pieces).toBe(1)
    await pass(SECOND)
    expect(task.report()).toMatchObject({ failuresInARow: 2, lastError: 'still no' })
    await pass(5 * SECOND)
    expect(task.report()).toMatchObject({ state: 'idle', pieces: 1, failuresInARow: 0, lastError: null })
    expect(logged).toEqual([
      [{ err: 'no' }, 'could not be done'],
      [{ err: 'still no' }, 'could not be done'],
    ])
  })

  test('without a time to try again wait for the next wake-up', async () => {
    make({}, [new Error('no')]).wake()
    await pass(HOUR)
    expect(pieces).toBe(1)
    task.wake()
    await settle()
    expect(pieces).toBe(2)
  })

  test('that the piece logged itself are tried again and not logged twice', async () => {
    const error = vi.fn()
    make({ log: { ...silentLog, error }, retryMs: SECOND }, [{ failed: 'a store does not answer' }]).wake()
    await settle()
    expect(task.report()).toMatchObject({ state: 'waiting to retry', lastError: 'a store does not answer' })
    await pass(SECOND)
    expect(pieces).toBe(2)
    expect(error).not.toHaveBeenCalled()
  })
})

describe('held', () => {
  test('by its own piece, it goes on when it is woken', async () => {
    make({}, [{ held: 'no model is installed' }]).wake()
    await pass(HOUR)
    expect(task.report()).toMatchObject({ state: 'held', reason: 'no model is installed' })
    task.wake()
    await settle()
    expect(task.report()).toMatchObject({ state: 'idle', reason: null })
    expect(pieces).toBe(2)
  })

  test('for a time, it goes on by itself', async () => {
    make({}, [{ held: 'the server is busy', forMs: 3 * SECOND }]).wake()
    await pass(2 * SECOND)
    expect(pieces).toBe(1)
    await pass(SECOND)
    expect(pieces).toBe(2)
  })

  test('during an outage, it begins nothing and says why', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    let outage: Outage | null = { code: 'disk_full', reason: 'the disk is full' }
    const outages: Outages = { ...NO_OUTAGES, current: () => outage, over: () => promise }
    make({ outages }).wake()
    await settle()
    expect(task.report()).toMatchObject({ state: 'held', reason: 'the disk is full' })
    expect(pieces).toBe(0)
    outage = null
    resolve()
    await settle()
    expect(pieces).toBe(1)
    expect(task.report().state).toBe('idle')
  })

  test('by an action that excludes it: the piece in hand is asked to end, the next waits', async () => {
    const end = makeOpen()
    task.wake()
    await settle()
    const action = Promise.withResolvers<void>()
    let isActing = false
    const excluded = task.exclusive(() => {
      isActing = true
      return action.promise
    })
    await settle()
    expect([task.mustYield, isActing]).toEqual([true, false])
    end(true)
    await settle()
    expect([pieces, isActing, task.report().state]).toEqual([1, true, 'held'])
    action.resolve()
    await excluded
    await settle()
    expect([pieces, task.mustYield]).toEqual([2, false])
    end()
  })
})

describe('by the clock', () => {
  test('runs at the start and every hour, and not before it is started', async () => {
    make({ everyMs: HOUR }).wake()
    await pass(2 * HOUR)
    expect(pieces).toBe(0)
    task.start()
    await settle()
    expect(pieces).toBe(1)
    await pass(HOUR)
    await pass(HOUR)
    expect(pieces).toBe(3)
  })

  test('a wake-up comes between, and a failure waits for the next hour', async () => {
    make({ everyMs: HOUR }, [false, new Error('no')]).start()
    await pass(HOUR / 2)
    task.wake()
    await settle()
    expect(task.report()).toMatchObject({ state: 'waiting to retry', failuresInARow: 1 })
    await pass(HOUR)
    expect(pieces).toBe(3)
  })
})

describe('stopping', () => {
  test('waits for the piece in hand and begins no other', async () => {
    const end = makeOpen()
    task.wake()
    await settle()
    task.wake()
    let isStopped = false
    const stopped = task[Symbol.asyncDispose]().then(() => {
      isStopped = true
    })
    await settle()
    expect([task.signal.aborted, isStopped, task.report().state]).toEqual([true, false, 'stopped'])
    end(true)
    await stopped
    task.wake()
    task.runNow()
    await pass(HOUR)
    expect(pieces).toBe(1)
  })

  test('ends what waits for its time, an outage, or a retry; an aborted piece is no failure', async () => {
    const error = vi.fn()
    make({
      log: { ...silentLog, error },
      work: (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    }).wake()
    await settle()
    await task[Symbol.asyncDispose]()
    expect(error).not.toHaveBeenCalled()

    const outages: Outages = {
      ...NO_OUTAGES,
      over: (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    }
    make({ outages }).wake()
    await settle()
    await task[Symbol.asyncDispose]()

    make({ settleMs: SECOND }).wake()
    await task[Symbol.asyncDispose]()
    await pass(HOUR)
    expect(pieces).toBe(0)
  })
})
