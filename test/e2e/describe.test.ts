/** @file Descriptions from end to end: switched on in the page, killed in the middle, seen on the photo, compared; the key stays where it was. */
import { rm } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ComparisonReport, DescribeReport } from '../../src/contract/describe.ts'
import type { Progress } from '../../src/contract/library.ts'
import { openBrowser } from '../support/browser.ts'
import { findChromium } from '../support/chromium.ts'
import { type FakeProvider, GOOD_ANSWER, startFakeProvider } from '../support/fake-provider.ts'
import { makeDataDir, startProgram, until } from '../support/program.ts'

const KEY = 'sk-secret-that-no-page-may-show'
const PHOTOS = 6
const SHOTS = process.env.FOTOTECA_TEST_SHOTS
let provider: FakeProvider
let dataDir: string
beforeAll(async () => {
  provider = await startFakeProvider()
  dataDir = await makeDataDir()
})
afterAll(async () => {
  await provider[Symbol.asyncDispose]()
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
})

async function upload(url: string, seed: number): Promise<void> {
  const background = { r: (seed * 67) % 256, g: (seed * 131) % 256, b: (seed * 29) % 256 }
  const bytes = await sharp({ create: { width: 640, height: 480, channels: 3, background } })
    .jpeg()
    .toBuffer()
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' }), `picture-${seed}.jpg`)
  expect((await fetch(`${url}/upload`, { method: 'POST', body: form })).status).toBe(200)
}

async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return
  for (const [device, width, height] of [['desk', 1440, 900], ['phone', 390, 844]] as const)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height })
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: `${SHOTS}/${name}-${device}-${colorScheme}.png` })
    } // biome-ignore format: a table
}

describe.skipIf(!findChromium())('descriptions', () => {
  it('are switched on by name, survive kill -9, show with their source, and two models can be compared', async () => {
    // the provider answers slowly, so that the kill comes in the middle
    provider.usage = { prompt_tokens: 700, completion_tokens: 90, total_tokens: 790 }
    const env = { FOTOTECA_DESCRIBE_URL: provider.openaiUrl, FOTOTECA_DESCRIBE_KEY: KEY }
    await using browser = await openBrowser({ viewport: { width: 1440, height: 900 } })
    const page = await browser.context.newPage()
    const first = await startProgram({ dataDir, env })
    for (let seed = 1; seed <= PHOTOS; seed++) await upload(first.url, seed)
    await until<Progress>(`${first.url}/api/progress`, (now) => now.photos === PHOTOS && now.due === 0, 300_000)
    expect(provider.calls).toEqual([])

    await page.goto(`${first.url}/describe`)
    await page.getByText('Nothing leaves this machine.').first().waitFor()
    await page.getByLabel('Model', { exact: true }).selectOption('phi-3.5-vision')
    await page.getByLabel('Photos', { exact: true }).selectOption('all')
    await page.getByLabel('At the same time').fill('1')
    let answered = 0
    provider.misbehave = () => (++answered > 2 ? { kind: 'silence' } : null)
    await page.getByRole('button', { name: 'Save' }).click()
    await expect.poll(() => answered, { timeout: 120_000 }).toBe(3)
    await first.stop('SIGKILL')

    provider.misbehave = null
    const second = await startProgram({ dataDir, env })
    await using _second = second
    const done = await until<DescribeReport>(
      `${second.url}/api/describe`,
      (now) => now.described.current === PHOTOS && now.lane.due === 0,
      120_000,
    )
    expect(done).toMatchObject({ on: true, lane: { due: 0 }, today: { failures: 0 } })
    // each once; the one on its way at the kill is asked for again
    expect(provider.calls.length).toBe(PHOTOS + 1)

    await page.goto(`${second.url}/describe`)
    await page.getByText('6 described by it').waitFor()
    await shoot(page, 'describe')
    const { photos } = (await (await fetch(`${second.url}/api/photos`)).json()) as { photos: { id: number }[] }
    const id = photos[0]?.id ?? 0
    await page.goto(`${second.url}/photo/${id}`)
    const said = page.getByRole('region', { name: 'In the words of a model' })
    await said.getByText('Beach dogs').waitFor()
    await page.getByText(GOOD_ANSWER.description).first().waitFor()
    expect(await said.textContent()).toContain('790 tokens')
    await said.scrollIntoViewIfNeeded()
    await shoot(page, 'photo')

    const analysis = (await (await fetch(`${second.url}/api/photos/${id}/analysis`)).json()) as object
    expect(Object.keys(analysis)).toEqual([
      'primary_category', 'tags', 'description', 'detected_objects', 'scene_type', 'color_palette', 'suggested_cluster_name', 'vlm_model',
      'fallback_used', 'processing_time_ms',
    ]) // biome-ignore format: a list
    const search = (await (await fetch(`${second.url}/api/search?q=brown%20dog&mode=keyword`)).json()) as {
      hits: { why: { where: string[] }[] }[]
    }
    expect(search.hits).toHaveLength(PHOTOS)
    expect(search.hits[0]?.why[0]?.where).toContain('description')

    await page.goto(`${second.url}/compare`)
    await page.getByLabel('One model').fill('phi-3.5-vision')
    await page.getByLabel('The other').fill('own=another')
    await page.getByLabel('Photos', { exact: true }).fill('3')
    await page.getByRole('button', { name: 'Compare' }).click()
    await page.getByText('100 % same category, 100 % of tags shared').waitFor({ timeout: 120_000 })
    await page.getByText('Done, both described 3 photos').waitFor({ timeout: 120_000 })
    await page.getByText(GOOD_ANSWER.description).first().waitFor()
    await shoot(page, 'compare')
    const { comparisons } = (await (await fetch(`${second.url}/api/comparisons`)).json()) as { comparisons: ComparisonReport[] }
    expect(comparisons[0]).toMatchObject({ state: 'done', left: { done: 3, tokens: 3 * 790 }, right: { done: 3 } })
    for (const text of [JSON.stringify(done), first.output(), second.output(), await page.content()]) expect(text).not.toContain(KEY)
  }, 600_000)
})
