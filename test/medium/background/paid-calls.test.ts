/** @file Calls to models outside by two processes: one budget, one rate, one breaker; what is lost with a process is charged once and not sent again by itself. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dayOf } from '../../../src/background/budget.ts'
import { PaidCalls } from '../../../src/background/paid-calls.ts'
import { concludeCalls, takeTurn } from '../../../src/background/store-paid-calls.ts'
import { beat, insertProcess } from '../../../src/background/store-processes.ts'
import { message } from '../../../src/contract/messages/message.ts'
import { openDatabase } from '../../../src/db/client.ts'
import { CallGate, type CallLimits, createToday } from '../../../src/describe/call-gate.ts'
import { chargeLost, subjectOf } from '../../../src/describe/lost-calls.ts'
import { readDayUsage } from '../../../src/describe/store-usage.ts'
import { silentLog } from '../../../src/domain/log.ts'
import type { Describer } from '../../../src/models/ports/describer.ts'
import { createFakeDescriber, type FakeDescriberOptions } from '../../../src/models/providers/fake/index.ts'
import { ProviderFailure } from '../../../src/models/providers/provider-failure.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'

let open: TestDatabase
/** as another process has it: connections of its own where there is a server */
let other: Pick<TestDatabase, 'db' | typeof Symbol.asyncDispose>
beforeAll(async () => {
  open = await openTestDatabase()
  const { db, dataDir, databaseUrl } = open
  other = databaseUrl === undefined ? { db, [Symbol.asyncDispose]: async () => {} } : await openDatabase({ dataDir, databaseUrl })
})
afterAll(async () => {
  await other[Symbol.asyncDispose]()
  await open[Symbol.asyncDispose]()
})

const NONE: CallLimits = { concurrency: 4, perMinute: null, tokensPerDay: null, costPerDay: null }
const PICTURE = { jpeg: new Uint8Array([1]), width: 1, height: 1 }
const COST = 0.1
const never: Describer['describe'] = () => new Promise(() => {})
const USAGE = { inputTokens: 100, outputTokens: 50, cost: { amount: COST, currency: 'USD' }, calls: 1 }
const start = Date.UTC(2026, 10, 22, 12)
let now = start
beforeEach(async () => {
  now = start
  await truncateAll(open.db)
  for (const id of ['a', 'b'])
    await insertProcess(open.db, { id, host: 'h', pid: 1, place: id, version: '1', roles: 'all' }, { aliveMs: 60_000, isAlone: false })
})

/** One process with its gate, and how often it asked the model. */
function enter(id: 'a' | 'b', fake: FakeDescriberOptions = {}, limits: Partial<CallLimits> = {}, describe?: Describer['describe']) {
  const db = id === 'a' ? open.db : other.db
  const real = createFakeDescriber({ answer: () => ({ usage: USAGE }), ...fake })
  const asked: string[] = []
  const describer: Describer = {
    ...real,
    isPaid: true,
    describe: (picture, options) => {
      asked.push(options?.callId ?? '')
      return (describe ?? real.describe)(picture, options)
    },
  }
  const paid = new PaidCalls({
    ...{ db, kind: 'describe', processId: id, charge: chargeLost('facts'), log: silentLog, now: () => now },
    breakerPace: { firstPauseMs: 1000, longestPauseMs: 1000, configurationPauseMs: 1000 },
  })
  const today = createToday('facts', () => now)
  const gate = new CallGate({
    purpose: 'facts',
    describer,
    limits: () => ({ ...NONE, ...limits }),
    paid,
    today,
    language: 'english',
    now: () => now,
  })
  const call = (photoId: number, signal = new AbortController().signal) => gate.call(subjectOf(photoId), PICTURE, signal)
  return { gate, paid, asked, call }
}
const usage = () => readDayUsage(open.db, dayOf(now), 'facts')
const calls = () => open.db.selectFrom('paid_calls').select(['subject', 'state', 'process']).execute()

describe('two processes', () => {
  it.each([0.05, 1, 1.05])('spend one budget of %d together, also with many calls at once', async (costPerDay) => {
    // of one model: the first call of another one may be the one too many, since nobody knows what it will take
    const both = [enter('a', { name: 'one' }, { costPerDay }), enter('b', { name: 'one' }, { costPerDay })]
    const fits = Math.max(1, Math.floor(costPerDay / COST + 1e-9)) // nobody knows what the first will take
    let next = 1
    const work = async ({ call }: ReturnType<typeof enter>) => {
      // each photo until it is done, or nothing more may be spent
      for (let photo = next++; photo <= 30; photo = next++)
        for (;;) {
          const said = await call(photo)
          if (
            said.end === 'done' ||
            (said.end === 'postponed' && said.reason.includes('a day is spent') && (await calls()).every(({ state }) => state !== 'sent'))
          )
            break
        }
    }
    await Promise.all([...both, ...both, ...both].map(work))
    expect(both.flatMap(({ asked }) => asked)).toHaveLength(fits)
    expect(await usage()).toMatchObject({ calls: fits, failures: 0, cost: expect.closeTo(fits * COST, 6) })
    expect(both.every(({ asked }) => asked.length < fits || fits === 1)).toBe(true)
  })

  it('the first call of all tells what one takes: while it is open no other begins', async () => {
    const go = Promise.withResolvers<void>()
    const real = createFakeDescriber({ answer: () => ({ usage: USAGE }) })
    const a = enter('a', {}, { costPerDay: 1 }, (...args) => go.promise.then(() => real.describe(...args)))
    const b = enter('b', {}, { costPerDay: 1 })
    const first = a.call(1)
    await expect.poll(() => a.asked.length).toBe(1)
    expect(a.gate.room()).toBe(1)
    expect(await b.call(2)).toMatchObject({ end: 'postponed', reason: expect.stringContaining('first call') })
    go.resolve()
    expect((await first).end).toBe('done')
    expect((await b.call(2)).end).toBe('done')
    expect(b.gate.room()).toBe(4)
  })

  it('keep one rate: calls get turns one pace apart, whoever asks; a turn far away, from a clock that was set back, is not waited for', async () => {
    const everyMs = 100_000
    const turns = await Promise.all(Array.from({ length: 8 }, (_, i) => takeTurn(i % 2 ? open.db : other.db, 'm', everyMs, 4)))
    expect(turns.map((ms) => Math.round(ms / everyMs)).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    await open.db
      .updateTable('paid_models')
      .set({ next_start: new Date(Date.now() + 365 * 86_400_000) })
      .execute()
    expect(await takeTurn(open.db, 'm', everyMs, 4)).toBeLessThanOrEqual(8 * everyMs)
  })

  it('see one breaker: what one opened stops the other, one call of both tries again, a person’s wish counts for both', async () => {
    let isDown = true
    const go = Promise.withResolvers<void>()
    const real = createFakeDescriber()
    const describe: Describer['describe'] = async (...args) => {
      if (isDown) throw new ProviderFailure('unavailable', 'answers 500')
      await go.promise
      return real.describe(...args)
    }
    const [a, b] = [enter('a', {}, {}, describe), enter('b', {}, {}, describe)]
    for (let photo = 1; photo <= 5; photo++) await a.call(photo)
    expect(a.gate.circuit()).toMatchObject({ state: 'open', reason: 'answers 500', untilMs: start + 1000 })
    expect(await b.call(6)).toEqual({ end: 'postponed', reason: 'answers 500' })
    expect(b.asked).toEqual([])
    expect(b.gate.circuit()).toEqual(a.gate.circuit())
    now += 1000
    isDown = false
    const trial = a.call(1)
    await expect.poll(() => a.asked.length).toBe(6)
    expect(await b.call(6)).toEqual({ end: 'postponed', reason: 'one call tries whether the provider answers again' })
    // the next photo is not taken only to be put off too
    expect(b.gate.hold(Date.now())).toMatchObject({ state: 'paused', reason: expect.stringContaining('one call tries') })
    go.resolve()
    expect((await trial).end).toBe('done')
    expect((await b.call(6)).end).toBe('done')
    isDown = true
    for (let photo = 1; photo <= 5; photo++) await b.call(10 + photo)
    await a.gate.refresh()
    expect(a.gate.circuit().state).toBe('open')
    await a.gate.reset()
    await b.gate.refresh()
    expect(b.gate.circuit().state).toBe('closed')
  })

  it('a server’s Retry-After holds for both', async () => {
    const a = enter('a', { answer: () => new ProviderFailure('rate-limited', 'slow down', { retryAfterMs: 30_000 }) })
    const b = enter('b')
    expect((await a.call(1)).end).toBe('postponed')
    expect(await b.call(2)).toEqual({ end: 'postponed', reason: 'slow down' })
    now += 30_000
    expect((await b.call(2)).end).toBe('done')
  })
})

describe('a call whose process died', () => {
  it('is charged once, not sent again by itself, and again when a person asks', async () => {
    const a = enter('a', {}, { tokensPerDay: 10_000 }, never)
    void a.call(1)
    await expect.poll(() => a.asked.length).toBe(1)
    expect(await calls()).toEqual([{ subject: 'photo 1', state: 'sent', process: 'a' }])
    const b = enter('b')
    // as long as it lives nobody else settles its call
    await b.paid.settleLost()
    expect((await usage()).calls).toBe(0)
    await beat(open.db, 'a', -1)
    for (let time = 0; time < 2; time++)
      expect(await b.call(1)).toEqual({ end: 'failed', reason: message('call.unknown'), isRetryable: false })
    expect(b.asked).toEqual([])
    expect(await calls()).toEqual([{ subject: 'photo 1', state: 'unknown', process: 'a' }])
    expect(await usage()).toMatchObject({ calls: 1, failures: 1, input_tokens: 3000 })
    // others are described meanwhile
    expect((await b.call(2)).end).toBe('done')
    await concludeCalls(open.db, 'photo 1')
    expect((await b.call(1)).end).toBe('done')
    expect(new Set([...a.asked, ...b.asked]).size).toBe(3)
  })

  it('is not counted twice when the process was only slow, and its answer comes after all', async () => {
    const go = Promise.withResolvers<void>()
    const real = createFakeDescriber({ answer: () => ({ usage: USAGE }) })
    const a = enter('a', {}, {}, (...args) => go.promise.then(() => real.describe(...args)))
    const slow = a.call(1)
    await expect.poll(() => a.asked.length).toBe(1)
    await beat(open.db, 'a', -1)
    await enter('b').paid.settleLost()
    expect((await usage()).calls).toBe(1)
    go.resolve()
    expect((await slow).end).toBe('done')
    expect((await usage()).calls).toBe(1)
  })

  it('counts against the budget of the others while it is open', async () => {
    const a = enter('a', {}, { costPerDay: 0.25 })
    expect((await a.call(1)).end).toBe('done')
    await a.paid.reserve({
      ...{ model: 'fake/fake@1', subject: 'photo 2', isPaid: true, perMinute: null, concurrency: 1, likely: { tokens: null, cost: null } },
      ...{ budget: async () => null, signal: new AbortController().signal },
    })
    expect(await enter('b', {}, { costPerDay: 0.25 }).call(3)).toMatchObject({
      end: 'postponed',
      reason: expect.stringContaining('0.25 a day is spent'),
    })
  })

  it('an answer that could not be saved is not asked for again', async () => {
    const a = enter('a')
    const first = await a.call(1)
    expect(await a.call(1)).toEqual(first)
    expect(a.asked).toHaveLength(1)
    expect(await calls()).toEqual([{ subject: 'photo 1', state: 'answered', process: 'a' }])
    // the process died before it was saved: nobody has the answer any more
    await beat(open.db, 'a', -1)
    expect(await enter('b').call(1)).toMatchObject({ end: 'failed', reason: message('call.unknown') })
    expect((await usage()).calls).toBe(1)
  })
})
