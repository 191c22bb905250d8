/**
 * @file Two describers at once with a purpose each, over HTTP: facts by one, inspiration prompts by another, each with its queue, budget,
 * breaker, and source. Without the second one everything is as it was.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import type { DescribeReport } from '../../../src/contract/describe.ts'
import type { PhotoDetail } from '../../../src/contract/photo.ts'
import { openDescriber } from '../../../src/models/describe/open-describer.ts'
import type { DescribeLaneOptions } from '../../support/describe.ts'
import { LONG, prepareDescribeLibrary } from '../../support/describe-library.ts'
import { type FakeProvider, GOOD_ANSWER, startFakeProvider } from '../../support/fake-provider.ts'
import { openTestServer } from '../../support/http.ts'
import { drawJpeg } from '../../support/jpeg.ts'

const { database, openLane, owe, addPhotos, descriptions } = prepareDescribeLibrary()
const MOOD = 'Soft evening light over a low horizon, warm orange against blue.'
const KEY = 'sk-of-these-tests'

let qwen: FakeProvider
let gemini: FakeProvider
let server: Awaited<ReturnType<typeof openTestServer>> | undefined
beforeEach(async () => {
  qwen = await startFakeProvider()
  gemini = await startFakeProvider()
  gemini.says = () => ({ inspiration_prompt: MOOD })
})
afterEach(async () => {
  await server?.close()
  server = undefined
  for (const provider of [qwen, gemini]) await provider[Symbol.asyncDispose]()
})

const FACTS = { describe: 'qwen3-vl-8b', describeConcurrency: 1 }
const INSPIRATION = { describe: 'gemini-2.0-flash', describeConcurrency: 1 }

async function open(more: Partial<DescribeLaneOptions> = {}) {
  const config = loadConfig({
    ...{ FOTOTECA_HUGGINGFACE_URL: qwen.url, FOTOTECA_HUGGINGFACE_KEY: KEY },
    ...{ FOTOTECA_GEMINI_URL: gemini.openaiUrl, FOTOTECA_GEMINI_KEY: KEY },
  })
  const lane = await openLane({
    describers: Object.fromEntries(
      ['qwen3-vl-8b', 'gemini-2.0-flash', 'gemini-2.0-flash=gemini-3'].map((name) => [
        name,
        (purpose) => openDescriber(name, config, purpose),
      ]),
    ),
    settings: FACTS,
    inspiration: INSPIRATION,
    ...more,
  })
  await server?.close()
  server = await openTestServer(database(), {
    services: () => ({ describe: lane.services, describedLeaves: lane.leaves, comparisons: lane.comparisons }),
  })
  return lane
}

async function ask<T>(method: 'GET' | 'POST', url: string, body?: object): Promise<T> {
  const answer = await server?.inject({ method, url, ...(body ? { payload: body } : {}) })
  expect(answer?.statusCode, answer?.body).toBe(200)
  return answer?.json() as T
}
const report = (purpose: string) => ask<DescribeReport>('GET', `/api/describe?purpose=${purpose}`)
const photo = (id: number) => ask<PhotoDetail>('GET', `/api/photos/${id}`)
const oweBoth = async (ids: readonly number[]) => {
  await owe(ids)
  await owe(ids, 'inspiration')
}
const stateOf = async (step: 'description' | 'inspiration') =>
  (await database().db.selectFrom('photo_steps').select('state').where('step', '=', step).orderBy('photo_id').execute()).map(
    (row) => row.state,
  )

describe('two describers with a purpose each', () => {
  it('facts and tags come from one, the inspiration prompt from the other, each with its source, cost, and request', async () => {
    const [id = 0] = await addPhotos(1)
    gemini.usage = { prompt_tokens: 300, completion_tokens: 40, total_tokens: 340 }
    const lane = await open()
    await oweBoth([id])
    lane.wake()
    await expect.poll(async () => [await stateOf('description'), await stateOf('inspiration')], LONG).toEqual([['done'], ['done']])
    const { description, inspiration, tags } = await photo(id)
    expect(description).toMatchObject({
      description: GOOD_ANSWER.description,
      said_by: expect.stringContaining('Qwen3-VL-8B'),
      prompt_version: 'describe-1',
    })
    expect(tags.map(({ tag }) => tag)).toEqual(expect.arrayContaining(['dog', 'beach']))
    expect(new Set(tags.map(({ said_by }) => said_by)).size).toBe(1)
    expect(inspiration).toMatchObject({
      ...{ prompt: MOOD, said_by: 'gemini/gemini-2.0-flash@gemini-2.0-flash', models: ['gemini-2.0-flash'], prompt_version: 'inspire-1' },
      ...{ input_tokens: 300, output_tokens: 40, fallback_used: false },
    })
    expect([qwen.calls.length, gemini.calls.length]).toEqual([1, 1])
    const asked = JSON.stringify(gemini.calls[0]?.json)
    expect(asked).toContain('inspiration_prompt')
    expect(asked).not.toContain('primary_category')
    expect(await report('facts')).toMatchObject({ purpose: 'facts', today: { calls: 1, input_tokens: 1200 }, described: { current: 1 } })
    expect(await report('inspiration')).toMatchObject({
      purpose: 'inspiration',
      today: { calls: 1, input_tokens: 300 },
      described: { current: 1 },
    })
    const { leaves } = await ask<{ leaves: string }>('GET', '/health')
    for (const provider of [qwen, gemini]) expect(leaves).toContain(new URL(provider.url).host)
  })

  it('one that is down holds its own queue and says why; the other goes on, and nothing is lost', async () => {
    const ids = await addPhotos(4)
    gemini.misbehave = () => ({ kind: 'status', status: 503 })
    const lane = await open()
    await oweBoth(ids)
    lane.wake()
    await expect.poll(async () => (await stateOf('description')).filter((state) => state === 'done').length, LONG).toBe(4)
    await expect.poll(async () => (await report('inspiration')).circuit, LONG).not.toBe('closed')
    expect(await report('facts')).toMatchObject({ circuit: 'closed', lane: { due: 0, trouble: null }, today: { failures: 0 } })
    expect(await report('inspiration')).toMatchObject({ lane: { due: 4, trouble: { reason: expect.any(String) } } })
    // what the other one said of it serves meanwhile
    expect((await photo(ids[0] ?? 0)).inspiration).toMatchObject({
      prompt: GOOD_ANSWER.inspiration_prompt,
      said_by: expect.stringContaining('Qwen'),
    })
    gemini.misbehave = null
    await ask('POST', '/api/describe/resume?purpose=inspiration')
    await expect.poll(async () => (await stateOf('inspiration')).filter((state) => state === 'done').length, LONG).toBe(4)
    expect((await photo(ids[0] ?? 0)).inspiration).toMatchObject({ prompt: MOOD })
    expect(qwen.calls).toHaveLength(4)
  })

  it('the budget of one is spent, the other has its own', async () => {
    const ids = await addPhotos(4)
    gemini.usage = { prompt_tokens: 90, completion_tokens: 10, total_tokens: 100 }
    const lane = await open({ inspiration: { ...INSPIRATION, describeTokensPerDay: 200 } })
    await oweBoth(ids)
    lane.wake()
    await expect.poll(async () => (await stateOf('description')).filter((state) => state === 'done').length, LONG).toBe(4)
    await expect.poll(async () => (await report('inspiration')).lane.reason, LONG).toContain('200 tokens a day is spent')
    await expect.poll(async () => (await stateOf('inspiration')).filter((state) => state === 'done').length, LONG).toBe(2)
    expect(await report('inspiration')).toMatchObject({ today: { calls: 2, input_tokens: 180 }, lane: { state: 'paused', due: 2 } })
    expect(await report('facts')).toMatchObject({ today: { calls: 4, input_tokens: 4800 }, lane: { state: 'idle', reason: null } })
    expect(gemini.calls).toHaveLength(2)
  })

  it('is paused, cancelled, and run by purpose', async () => {
    const ids = await addPhotos(2)
    const lane = await open()
    await ask('POST', '/api/describe/pause?purpose=inspiration')
    await oweBoth(ids)
    lane.wake()
    await expect.poll(async () => (await stateOf('description')).filter((state) => state === 'done').length, LONG).toBe(2)
    expect(await report('inspiration')).toMatchObject({ paused: true, lane: { state: 'paused', due: 2 } })
    await ask('POST', '/api/describe/cancel?purpose=inspiration')
    expect([await stateOf('description'), await stateOf('inspiration')]).toEqual([['done', 'done'], []])
    await ask('POST', '/api/describe/resume?purpose=inspiration')
    expect(await ask('POST', '/api/describe/run?purpose=inspiration', { which: 'undescribed', limit: 1 })).toMatchObject({
      photos: 1,
      run: { photos: 1 },
    })
    await expect.poll(async () => (await report('inspiration')).run?.state, LONG).toBe('done')
    expect(await report('inspiration')).toMatchObject({ run: { done: 1 }, described: { any: 1 } })
    expect((await report('facts')).run).toBeNull()
    const refused = await server?.inject({ method: 'GET', url: '/api/describe?purpose=poetry' })
    expect(refused?.statusCode).toBe(422)
  })

  it('another model for inspiration makes that alone due; the old prompts serve until it has answered', async () => {
    const ids = await addPhotos(2)
    const lane = await open({ settings: { ...FACTS, describePhotos: 'all' }, inspiration: { describeConcurrency: 1 } })
    await ask('POST', '/api/describe/use?purpose=inspiration', { describer: 'gemini-2.0-flash', photos: 'all' })
    await oweBoth(ids)
    lane.wake()
    await expect
      .poll(async () => [await stateOf('description'), await stateOf('inspiration')], LONG)
      .toEqual([
        ['done', 'done'],
        ['done', 'done'],
      ])
    await lane.settled()
    const before = await descriptions()
    gemini.misbehave = () => ({ kind: 'silence' })
    await ask('POST', '/api/describe/use?purpose=inspiration', { describer: 'gemini-2.0-flash=gemini-3' })
    await lane.settled()
    await expect.poll(async () => gemini.calls.length, LONG).toBe(3)
    expect(await stateOf('description')).toEqual(['done', 'done'])
    expect((await stateOf('inspiration')).sort()).toEqual(['due', 'running'])
    expect((await photo(ids[0] ?? 0)).inspiration).toMatchObject({ prompt: MOOD, models: ['gemini-2.0-flash'] })
    gemini.misbehave = null
    gemini.says = () => ({ inspiration_prompt: 'Another mood.' })
    // the silent call counts as spent and its photo waits for a person: it may be billed
    await ask('POST', '/api/describe/pause?purpose=inspiration')
    await ask('POST', '/api/describe/resume?purpose=inspiration')
    await expect.poll(() => stateOf('inspiration'), LONG).toEqual(['done', 'done'])
    expect((await photo(ids[0] ?? 0)).inspiration).toMatchObject({ prompt: 'Another mood.', models: ['gemini-3'] })
    expect(await descriptions()).toEqual(before)
    expect(qwen.calls).toHaveLength(2)
  })

  it('survives a restart with calls under way: each purpose goes on with what it had, nothing is asked twice', async () => {
    const ids = await addPhotos(3)
    const first = await open()
    await ask('POST', '/api/describe/pause?purpose=inspiration')
    await oweBoth(ids)
    first.wake()
    await expect.poll(async () => (await stateOf('description')).filter((state) => state === 'done').length, LONG).toBe(3)
    await first[Symbol.asyncDispose]()
    const second = await open()
    expect(await report('inspiration')).toMatchObject({ paused: true, lane: { due: 3 } })
    await ask('POST', '/api/describe/resume?purpose=inspiration')
    second.wake()
    await expect.poll(async () => (await stateOf('inspiration')).filter((state) => state === 'done').length, LONG).toBe(3)
    expect([qwen.calls.length, gemini.calls.length]).toEqual([3, 3])
  })
})

describe('one describer', () => {
  it('does both as before, and again once the other is switched off', async () => {
    const [id = 0] = await addPhotos(1)
    const lane = await open({ inspiration: {} })
    await owe([id])
    lane.wake()
    await expect.poll(() => stateOf('description'), LONG).toEqual(['done'])
    expect(await stateOf('inspiration')).toEqual([])
    expect(await report('inspiration')).toMatchObject({ on: false, lane: { state: 'off', due: 0 } })
    expect((await photo(id)).inspiration).toMatchObject({ prompt: GOOD_ANSWER.inspiration_prompt })
    await ask('POST', '/api/describe/use?purpose=inspiration', { describer: 'gemini-2.0-flash' })
    await owe([id], 'inspiration')
    lane.wake()
    await expect.poll(async () => (await photo(id)).inspiration?.prompt, LONG).toBe(MOOD)
    // facts that are said anew leave the prompt of its own describer alone
    await owe([id])
    lane.wake()
    await expect.poll(() => qwen.calls.length, LONG).toBe(2)
    await expect.poll(() => stateOf('description'), LONG).toEqual(['done'])
    expect((await photo(id)).inspiration?.prompt).toBe(MOOD)
    await ask('POST', '/api/describe/use?purpose=inspiration', { describer: null })
    expect((await photo(id)).inspiration?.prompt).toBe(MOOD)
    await owe([id])
    lane.wake()
    await expect.poll(async () => (await photo(id)).inspiration?.prompt, LONG).toBe(GOOD_ANSWER.inspiration_prompt)
  })

  it('what a person wrote stays, whatever either says', async () => {
    const [id = 0] = await addPhotos(1)
    const lane = await open()
    await ask('POST', '/api/edits', { photos: { ids: [id] }, operations: [{ do: 'set_text', field: 'caption', text: 'Rex at Binz' }] })
    await oweBoth([id])
    lane.wake()
    await expect.poll(async () => [await stateOf('description'), await stateOf('inspiration')], LONG).toEqual([['done'], ['done']])
    const { caption } = await photo(id)
    expect(caption).toMatchObject({ value: 'Rex at Binz', said_by: 'person' })
  })
})

describe('what is asked for an inspiration prompt', () => {
  const describer = (choice: string, more: Record<string, string> = {}) =>
    openDescriber(
      choice,
      loadConfig({ FOTOTECA_DESCRIBE_URL: gemini.openaiUrl, FOTOTECA_BLIP_ENDPOINT: gemini.captionUrl, ...more }),
      'inspiration',
    )

  it('a model that manages no JSON is asked for plain words, which says so; a refusal is none', async () => {
    const picture = await drawJpeg()
    gemini.says = () => MOOD
    await using own = describer('own=m')
    const said = await own.describe(picture)
    expect(said).toMatchObject({
      description: { inspirationPrompt: MOOD, description: null, tags: [] },
      fallbackUsed: true,
      usage: { calls: 3 },
    })
    gemini.says = () => 'I am sorry, I cannot help with that.'
    await expect(own.describe(picture)).rejects.toMatchObject({ kind: 'refused' })
  })

  it('a captioner passes its caption on to the language model, and needs one', async () => {
    const picture = await drawJpeg()
    await using two = describer('blip2+phi3.5', { FOTOTECA_PHI35_ENDPOINT: gemini.openaiUrl })
    expect((await two.describe(picture)).description.inspirationPrompt).toBe(MOOD)
    expect(JSON.stringify(gemini.calls.at(-1)?.json)).toContain(gemini.caption)
    expect(() => describer('florence-2')).toThrow('FOTOTECA_PHI35_ENDPOINT')
  })
})
