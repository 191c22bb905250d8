/** @file Descriptions from end to end: switched on in the page, killed in the middle, seen on the photo, compared; the key stays where it was. */
import { rm } from 'node:fs/promises'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ComparisonReport, DescribeReport } from '../../src/contract/describe.ts'
import type { FailureReport } from '../../src/contract/failures.ts'
import { findChromium } from '../support/chromium.ts'
import { type FakeProvider, GOOD_ANSWER, startFakeProvider } from '../support/fake-provider.ts'
import { openPages, shoot, untilAnalysed } from '../support/page.ts'
import { askJson, makeDataDir, runProgram, startProgram, until, upload } from '../support/program.ts'

const KEY = 'sk-secret-that-no-page-may-show'
const PHOTOS = 6
let provider: FakeProvider
let dataDir: string
// before each: what one has described would spoil another
beforeEach(async () => {
  provider = await startFakeProvider()
  dataDir = await makeDataDir()
})
afterEach(async () => {
  await provider[Symbol.asyncDispose]()
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
})

async function uploadPicture(url: string, seed: number): Promise<void> {
  const background = { r: (seed * 67) % 256, g: (seed * 131) % 256, b: (seed * 29) % 256 }
  const picture = sharp({ create: { width: 640, height: 480, channels: 3, background } })
  await upload(url, `picture-${seed}.jpg`, await picture.jpeg().toBuffer())
}

describe.skipIf(!findChromium())('descriptions', () => {
  it('are switched on by name, survive kill -9, show with their source, and two models can be compared', async () => {
    // the provider answers slowly, so that the kill comes in the middle
    provider.usage = { prompt_tokens: 700, completion_tokens: 90, total_tokens: 790 }
    const env = { FOTOTECA_DESCRIBE_URL: provider.openaiUrl, FOTOTECA_DESCRIBE_KEY: KEY }
    const first = await startProgram({ dataDir, env })
    await using pages = await openPages(first)
    for (let seed = 1; seed <= PHOTOS; seed++) await uploadPicture(first.url, seed)
    await untilAnalysed(first, PHOTOS)
    expect(provider.calls).toEqual([])

    const page = await pages.open('/settings/descriptions')
    await page.getByText('Nothing leaves this machine.').first().waitFor()
    await page.getByLabel('Model', { exact: true }).selectOption('phi-3.5-vision')
    await page.getByLabel('Photos', { exact: true }).selectOption('all')
    await page.getByLabel('At the same time').fill('1')
    let answered = 0
    provider.misbehave = () => (++answered > 2 ? { kind: 'silence' } : null)
    await page.getByRole('button', { name: 'Save' }).click()
    await expect.poll(() => answered, { timeout: 300_000 }).toBe(3)
    await first.stop('SIGKILL')

    provider.misbehave = null
    const second = await startProgram({ dataDir, env })
    await using _second = second
    const done = await until<DescribeReport>(
      `${second.url}/api/describe`,
      (now) => now.described.current === PHOTOS - 1 && now.lane.due === 0,
      120_000,
    )
    // the one on its way at the kill may be billed: it counts as spent, and is asked for again when a person says so
    expect(done).toMatchObject({
      on: true,
      lane: { due: 0 },
      today: { calls: PHOTOS, failures: 1, input_tokens: (PHOTOS - 1) * 700 + 790 },
    })
    expect(provider.calls.length).toBe(PHOTOS)
    const { groups } = await askJson<FailureReport>(`${second.url}/api/failures`)
    expect(groups).toMatchObject([{ step: 'description', count: 1, message: { code: 'call.unknown' }, can_retry: true }])
    expect(await runProgram(['show', String(groups[0]?.examples[0]?.id)], dataDir)).toContain('not known whether it answered')
    await page.goto(`${second.url}/failures`)
    await page.getByText(/not known whether it answered/).waitFor()
    await shoot(page, 'failures')
    await askJson(`${second.url}/api/failures/retry`, { step: 'description' })
    await until<DescribeReport>(`${second.url}/api/describe`, (now) => now.described.current === PHOTOS && now.lane.due === 0, 120_000)
    expect(provider.calls.length).toBe(PHOTOS + 1)
    expect(new Set(provider.calls.map(({ headers }) => headers['idempotency-key'])).size).toBe(PHOTOS + 1)

    await page.goto(`${second.url}/settings/descriptions`)
    await page.getByText('6 described by it').waitFor()
    await shoot(page, 'describe')
    const { photos } = await askJson<{ photos: { id: number }[] }>(`${second.url}/api/photos`)
    const id = photos[0]?.id ?? 0
    await page.goto(`${second.url}/photo/${id}`)
    const said = page.getByRole('region', { name: 'In the words of a model' })
    await said.getByText('Beach dogs').waitFor()
    await page.getByText(GOOD_ANSWER.description).first().waitFor()
    await said
      .getByText(/790 tokens/)
      .first()
      .waitFor()
    await said.scrollIntoViewIfNeeded()
    await shoot(page, 'photo')

    const analysis = await askJson<object>(`${second.url}/api/photos/${id}/analysis`)
    expect(Object.keys(analysis)).toEqual([
      'primary_category',
      'tags',
      'description',
      'detected_objects',
      'scene_type',
      'color_palette',
      'suggested_cluster_name',
      'vlm_model',
      'fallback_used',
      'processing_time_ms',
    ])
    const { hits } = await until<{ hits: { why: { where: string[] }[] }[] }>(
      `${second.url}/api/search?q=brown%20dog&mode=keyword`,
      (now) => now.hits.length === PHOTOS,
    )
    expect(hits[0]?.why[0]?.where).toContain('description')

    await page.goto(`${second.url}/settings/descriptions/compare`)
    await page.getByLabel('One model').fill('phi-3.5-vision')
    await page.getByLabel('The other').fill('own=another')
    await page.getByLabel('Photos', { exact: true }).fill('3')
    await page.getByRole('button', { name: 'Compare' }).click()
    await page.getByText('100 % same category, 100 % of tags shared').waitFor({ timeout: 120_000 })
    await page.getByText('Done, both described 3 photos').waitFor({ timeout: 120_000 })
    await page.getByText(GOOD_ANSWER.description).first().waitFor()
    await shoot(page, 'compare')
    const { comparisons } = await until<{ comparisons: ComparisonReport[] }>(
      `${second.url}/api/comparisons`,
      (now) => now.comparisons[0]?.state === 'done',
    )
    expect(comparisons[0]).toMatchObject({ left: { done: 3, tokens: 3 * 790 }, right: { done: 3 } })
    for (const text of [JSON.stringify(done), first.output(), second.output(), await page.content()]) expect(text).not.toContain(KEY)
  }, 600_000)
})
