/**
 * @file New photos divided between two describers by a share, over HTTP: always the same photos, each result with its source and both kept; one
 * that is down makes its own photos wait.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import type { DescribeReport } from '../../../src/contract/describe.ts'
import type { PhotoDetail } from '../../../src/contract/photo.ts'
import { isOfSecond } from '../../../src/describe/choice.ts'
import { openDescriber } from '../../../src/models/describe/open-describer.ts'
import type { DescribeLaneOptions } from '../../support/describe.ts'
import { LONG, prepareDescribeLibrary } from '../../support/describe-library.ts'
import { type FakeProvider, GOOD_ANSWER, startFakeProvider } from '../../support/fake-provider.ts'
import { openTestServer } from '../../support/http.ts'

const { database, openLane, owe, addPhotos, descriptions, states, untilDone } = prepareDescribeLibrary()
const KEY = 'sk-of-these-tests'
const QWEN = 'huggingface/Qwen/Qwen3-VL-8B-Instruct@qwen3-vl-8b'
const GEMINI = 'gemini/gemini-2.0-flash@gemini-2.0-flash'

let qwen: FakeProvider
let gemini: FakeProvider
let server: Awaited<ReturnType<typeof openTestServer>> | undefined
beforeEach(async () => {
  qwen = await startFakeProvider()
  gemini = await startFakeProvider()
  gemini.says = () => ({ ...GOOD_ANSWER, description: 'Gemini says so.', tags: ['kite', 'dog', 'wind', 'sky', 'hill'] })
})
afterEach(async () => {
  await server?.close()
  server = undefined
  for (const provider of [qwen, gemini]) await provider[Symbol.asyncDispose]()
})

async function open(settings: DescribeLaneOptions['settings'] = { describe: 'qwen3-vl-8b' }) {
  const config = loadConfig({
    ...{ FOTOTECA_HUGGINGFACE_URL: qwen.url, FOTOTECA_HUGGINGFACE_KEY: KEY },
    ...{ FOTOTECA_GEMINI_URL: gemini.openaiUrl, FOTOTECA_GEMINI_KEY: KEY },
  })
  const lane = await openLane({
    describers: Object.fromEntries(
      ['qwen3-vl-8b', 'gemini-2.0-flash'].map((name) => [name, (purpose) => openDescriber(name, config, purpose)]),
    ),
    settings,
  })
  await server?.close()
  server = await openTestServer(database(), { services: () => ({ describe: lane.services, describedLeaves: lane.leaves }) })
  return lane
}

const ask = async (method: 'GET' | 'POST', url: string, body?: object) => {
  const answer = await server?.inject({ method, url, ...(body ? { payload: body } : {}) })
  return { status: answer?.statusCode, json: answer?.json() }
}
const use = (body: object) => ask('POST', '/api/describe/use', body)
const split = (share: number) => use({ split: { describer: 'gemini-2.0-flash', share } })
const report = async () => (await ask('GET', '/api/describe')).json as DescribeReport

describe('a split', () => {
  it('is even for any run of ids, and the same each time', () => {
    for (const share of [1, 30, 50, 99])
      for (const from of [1, 5_000, 2_000_000_000]) {
        const own = Array.from({ length: 1000 }, (_, i) => isOfSecond(from + i, share)).filter(Boolean).length
        expect(Math.abs(own - share * 10), `${share} % from ${from}`).toBeLessThanOrEqual(10)
      }
  })

  it('gives each photo to one of two by its id; a restart changes nothing; each result names its source, and each side is summed up', async () => {
    const ids = await addPhotos(40)
    const before = await open()
    expect((await split(30)).status).toBe(200)
    await before[Symbol.asyncDispose]()
    const lane = await open()
    await owe(ids)
    lane.wake()
    await untilDone()
    const rows = await descriptions()
    expect(rows.map(({ photo_id, said_by }) => [photo_id, said_by])).toEqual(ids.map((id) => [id, isOfSecond(id, 30) ? GEMINI : QWEN]))
    const ofSecond = ids.filter((id) => isOfSecond(id, 30)).length
    expect(ofSecond).toBeGreaterThan(5)
    expect(gemini.calls.length).toBe(ofSecond)
    expect(qwen.calls.length).toBe(40 - ofSecond)
    const said = await report()
    expect(said.split).toMatchObject({ describer: 'gemini-2.0-flash', share: 30, problem: null })
    expect(said.split?.sides.map(({ describer, photos, tokens }) => [describer, photos, tokens > 0])).toEqual([
      [QWEN, 40 - ofSecond, true],
      [GEMINI, ofSecond, true],
    ])
    for (const provider of [qwen, gemini]) expect(said.leaves).toContain(new URL(provider.url).host)
  })

  it('makes the photos of one that is down wait, while the other goes on', async () => {
    const ids = await addPhotos(12)
    const lane = await open()
    await split(50)
    gemini.misbehave = () => ({ kind: 'status', status: 503 })
    await owe(ids)
    lane.wake()
    const ofFirst = ids.filter((id) => !isOfSecond(id, 50)).length
    await expect.poll(async () => (await states()).filter((state) => state === 'done').length, LONG).toBe(ofFirst)
    await expect.poll(async () => (await report()).split?.waits, LONG).toEqual(expect.any(String))
    expect((await report()).lane.state).not.toBe('off')
    gemini.misbehave = null
    await untilDone()
    expect((await states()).every((state) => state === 'done')).toBe(true)
    expect((await descriptions()).filter(({ said_by }) => said_by === GEMINI)).toHaveLength(12 - ofFirst)
  })

  it('keeps what both said of a photo; a person chooses which one is used, with its tags, and it is found by its words', async () => {
    const [id = 0] = await addPhotos(1)
    const lane = await open({})
    await use({ describer: 'qwen3-vl-8b' })
    await owe([id])
    lane.wake()
    await untilDone()
    await use({ describer: 'gemini-2.0-flash' })
    await owe([id])
    lane.wake()
    await untilDone()
    const photo = async () => (await ask('GET', `/api/photos/${id}`)).json as PhotoDetail
    const tags = async () => (await photo()).tags.map(({ tag }) => tag).sort()
    expect(await photo()).toMatchObject({
      description: { said_by: GEMINI, description: 'Gemini says so.' },
      other_descriptions: [{ said_by: QWEN, description: GOOD_ANSWER.description }],
    })
    expect(await tags()).toEqual(['dog', 'hill', 'kite', 'sky', 'wind'])
    const choose = (saidBy: string) => ask('POST', `/api/photos/${id}/description`, { said_by: saidBy })
    const chosen = await choose(QWEN)
    expect(chosen.json).toMatchObject({ description: { said_by: QWEN }, other_descriptions: [{ said_by: GEMINI }] })
    expect(await tags()).toEqual([...new Set(GOOD_ANSWER.tags)].sort())
    const { hits } = (await ask('GET', '/api/search?q=gemini')).json
    expect(hits).toEqual([])
    await choose(GEMINI)
    expect((await ask('GET', '/api/search?q=gemini')).json.hits).toHaveLength(1)
    expect((await choose('nobody/nothing')).status).toBe(404)
    expect((await ask('POST', '/api/photos/999999/description', { said_by: QWEN })).status).toBe(404)
    // asked again, each has one description
    await use({ describer: 'qwen3-vl-8b' })
    await owe([id])
    lane.wake()
    await untilDone()
    expect(await photo()).toMatchObject({ description: { said_by: QWEN }, other_descriptions: [{ said_by: GEMINI }] })
  })

  it('refuses the same describer twice, one it does not know, a share that is none, and another purpose; ends with null, and when describing ends', async () => {
    await open({})
    await use({ describer: 'qwen3-vl-8b' })
    expect(await use({ split: { describer: 'qwen3-vl-8b', share: 10 } })).toMatchObject({ status: 422 })
    expect((await use({ split: { describer: 'nobody', share: 10 } })).status).toBe(404)
    for (const share of [0, 100, 1.5, '10'])
      expect((await use({ split: { describer: 'gemini-2.0-flash', share } })).status, String(share)).toBe(422)
    const inspiration = await ask('POST', '/api/describe/use?purpose=inspiration', { split: { describer: 'gemini-2.0-flash', share: 10 } })
    expect(inspiration.status).toBe(422)
    expect((await report()).split).toBeNull()
    await split(10)
    expect((await report()).split?.share).toBe(10)
    await use({ split: null })
    expect((await report()).split).toBeNull()
    await split(10)
    await use({ describer: null })
    await use({ describer: 'qwen3-vl-8b' })
    expect((await report()).split).toBeNull()
  })
})
