/** @file What descriptions may cost: the budget of a day and of a run, in tokens and money, and the rate of asking. What was stopped keeps what it has. */

import { describe, expect, it } from 'vitest'
import { EVERY_PHOTO } from '../../../src/domain/visibility.ts'
import { LONG, prepareDescribeLibrary } from '../../support/describe-library.ts'

const { database, openFake, owe, addPhotos, steps, states, descriptions, untilDone } = prepareDescribeLibrary()

describe('budget and rate', () => {
  it('stops when the day’s tokens are spent, remembers them over a restart, and goes on the next day', async () => {
    let now = Date.UTC(2026, 10, 22, 12)
    const ids = await addPhotos(5)
    const settings = { describeTokensPerDay: 450, describeConcurrency: 1 }
    const lane = await openFake({}, settings, { now: () => now })
    await owe(ids)
    lane.lane.wake()
    await expect.poll(() => lane.lane.status().reason, LONG).toContain('450 tokens a day is spent (450 used)')
    // the budget is known to be spent before the last answer is stored
    await expect.poll(async () => (await descriptions()).length, LONG).toBe(3)
    await lane[Symbol.asyncDispose]()
    const again = await openFake({}, settings, { now: () => now })
    expect(await again.service.report()).toMatchObject({ lane: { state: 'paused', until: '2026-11-23T00:00:00.000Z', due: 2 } })
    now += 86_400_000
    again.lane.wake()
    await untilDone()
    expect(await descriptions()).toHaveLength(5)
  })

  it('a budget of money counts what was estimated from tokens, and says so', async () => {
    const ids = await addPhotos(5)
    const usage = { inputTokens: 100, outputTokens: 50, cost: { amount: 0.4, currency: 'USD', isEstimated: true as const }, calls: 1 }
    const lane = await openFake({ answer: () => ({ usage }) }, { describeCostPerDay: 1, describeConcurrency: 1 })
    await owe(ids)
    lane.lane.wake()
    await expect.poll(() => lane.lane.status().reason, LONG).toContain('the budget of 1 a day is spent')
    await expect.poll(async () => (await descriptions()).length, LONG).toBe(2)
    const { today } = await lane.service.report()
    expect(today).toMatchObject({ cost: expect.closeTo(0.8, 6), estimated_cost: expect.closeTo(0.8, 6), currency: 'USD' })
    expect(await database().db.selectFrom('descriptions').select('cost_estimated').execute()).toEqual([
      { cost_estimated: true },
      { cost_estimated: true },
    ])
    const dry = await lane.service.run(EVERY_PHOTO, {
      which: 'all',
      filters: {},
      limit: null,
      max_tokens: null,
      max_cost: null,
      dry_run: true,
    })
    expect(dry.cost_estimated).toBe(true)
    expect(dry.cost).toBeCloseTo(dry.photos * 0.4, 6)
    await lane[Symbol.asyncDispose]()
    const again = await openFake({ answer: () => ({ usage }) }, { describeCostPerDay: 1 })
    // one call more may go out before it is known again what a call costs
    expect((await again.service.report()).today.estimated_cost).toBeGreaterThan(0.79)
  })

  it('says that a budget of money cannot be kept where nobody knows a price', async () => {
    await addPhotos(1)
    const lane = await openFake({ isRemote: true }, { describeCostPerDay: 1 })
    expect((await lane.service.report()).cost_notice).toMatch(/no price is known for fake.*FOTOTECA_DESCRIBE_PRICES=fake=/)
    const free = await openFake({ isRemote: true })
    expect((await free.service.report()).cost_notice).toBeNull()
  })

  it('a run describes what was chosen, tells what it will take, and stops at its own budget', async () => {
    await addPhotos(6)
    const lane = await openFake({}, { describeConcurrency: 1 })
    expect(
      await lane.service.run(EVERY_PHOTO, {
        which: 'undescribed',
        filters: {},
        limit: 2,
        max_tokens: null,
        max_cost: null,
        dry_run: false,
      }),
    ).toMatchObject({
      photos: 2,
      seconds: null,
      run: { state: 'running', photos: 2 },
    })
    await untilDone()
    expect((await lane.service.report()).run).toMatchObject({ state: 'done', done: 2, tokens: 300 })
    const dry = await lane.service.run(EVERY_PHOTO, {
      which: 'undescribed',
      filters: {},
      limit: null,
      max_tokens: null,
      max_cost: null,
      dry_run: true,
    })
    expect(dry).toMatchObject({ photos: 4, tokens: 600, run: null })
    await lane.service.run(EVERY_PHOTO, { which: 'undescribed', filters: {}, limit: null, max_tokens: 300, max_cost: null, dry_run: false })
    await expect.poll(async () => (await lane.service.report()).run?.state, LONG).toBe('budget')
    expect(await descriptions()).toHaveLength(4)
    // what was taken back is owed no more
    expect((await steps()).map((row) => row.state)).toEqual(['done', 'done', 'done', 'done'])
  })

  it('a run stopped by its money keeps what it has, says what was spent, and another one does the rest', async () => {
    await addPhotos(5)
    const usage = { inputTokens: 100, outputTokens: 50, cost: { amount: 0.4, currency: 'USD' }, calls: 1 }
    const lane = await openFake({ answer: () => ({ usage }) }, { describeConcurrency: 1 })
    const run = (max_cost: number) =>
      lane.service.run(EVERY_PHOTO, { which: 'undescribed', filters: {}, limit: null, max_tokens: null, max_cost, dry_run: false })
    await run(0.7)
    await expect.poll(async () => (await lane.service.report()).run?.state, LONG).toBe('budget')
    expect((await lane.service.report()).run).toMatchObject({
      ...{ photos: 5, done: 2, failed: 0, max_cost: 0.7, cost: expect.closeTo(0.8, 6), cost_estimated: false },
      ended_at: expect.any(String),
    })
    expect(await descriptions()).toHaveLength(2)
    expect(await states()).toEqual(['done', 'done'])
    expect(await run(5)).toMatchObject({ photos: 3, run: { state: 'running' } })
    await expect.poll(async () => (await lane.service.report()).run?.state, LONG).toBe('done')
    expect((await lane.service.report()).run).toMatchObject({ photos: 3, done: 3, cost: expect.closeTo(1.2, 6) })
    expect(await descriptions()).toHaveLength(5)
  })

  it('a run held up by the budget of the day waits, says why, and goes on the next day or with a larger budget', async () => {
    let now = Date.UTC(2026, 10, 22, 12)
    await addPhotos(6)
    const usage = { inputTokens: 100, outputTokens: 50, cost: { amount: 0.4, currency: 'USD' }, calls: 1 }
    const lane = await openFake({ answer: () => ({ usage }) }, { describeConcurrency: 1 }, { now: () => now })
    await lane.service.use({ limits: { cost_per_day: 1 } })
    await lane.service.run(EVERY_PHOTO, {
      which: 'undescribed',
      filters: {},
      limit: null,
      max_tokens: null,
      max_cost: null,
      dry_run: false,
    })
    const isHeldAfter = async (done: number) => {
      await expect.poll(async () => (await descriptions()).length, LONG).toBe(done)
      await expect.poll(() => lane.lane.status().reason, LONG).toContain('a day is spent')
      expect(await lane.service.report()).toMatchObject({
        run: { state: 'running', done, photos: 6, ended_at: null },
        lane: { state: 'paused', reason: expect.stringMatching(/budget of .* a day is spent/), due: 6 - done },
      })
      expect((await steps()).filter((row) => row.state === 'due').every((row) => row.attempts === 0)).toBe(true)
    }
    await isHeldAfter(2)
    now += 86_400_000
    lane.lane.wake()
    await isHeldAfter(4)
    await lane.service.use({ limits: { cost_per_day: 10 } })
    await untilDone()
    await expect.poll(async () => (await lane.service.report()).run, LONG).toMatchObject({ state: 'done', done: 6 })
  })
})
