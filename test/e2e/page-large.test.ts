/** @file The gallery with a million photos, and a day of a hundred thousand: every place can be reached, little is asked for at once. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { findChromium } from '../support/chromium.ts'
import { startFakeApi } from '../support/fake-api.ts'
import { loadPictures } from '../support/fake-pictures.ts'

const COUNT = 1_000_000
/** no answer may be larger: the page stays quick on a slow line (quality target A16) */
const MAX_BYTES = 256_000

interface InView {
  readonly ids: number[]
  readonly height: number
}
const IN_VIEW = `(() => {
  const grid = document.querySelector('[role=grid]')
  const tiles = [...document.querySelectorAll('[data-photo]')].filter((tile) => {
    const box = tile.getBoundingClientRect()
    return box.bottom > 60 && box.top < innerHeight
  })
  return { ids: tiles.map((tile) => Number(tile.dataset.photo)), height: grid.parentElement.scrollHeight }
})()`

describe.skipIf(!findChromium())('a gallery of a million photos', () => {
  let api: Awaited<ReturnType<typeof startFakeApi>>
  beforeAll(async () => {
    api = await startFakeApi({ pictures: await loadPictures(), count: COUNT })
  })
  afterAll(() => api?.close())

  /** What is in view once it is what is waited for and stays so: a page that is still on its way shows other photos a moment later. */
  async function seen(page: Page, holds: (ids: readonly number[]) => boolean): Promise<InView> {
    let before: InView | undefined
    return await vi.waitFor(
      async () => {
        const [last, now] = [before, await page.evaluate<InView>(IN_VIEW)]
        before = now
        expect(holds(now.ids)).toBe(true)
        expect(now).toEqual(last)
        return now
      },
      { timeout: 60_000, interval: 100 },
    )
  }

  // three device pixels per CSS pixel is where browsers’ limit on heights comes first
  it.each([1, 3])('reaches both ends and the middle at %i device pixels per pixel', async (deviceScaleFactor) => {
    await using browser = await openBrowser({ viewport: { width: 1440, height: 900 }, deviceScaleFactor })
    const page = await browser.context.newPage()
    const errors: string[] = []
    let most = 0
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('response', (response) => {
      if (response.url().includes('/api/photos?'))
        // what still comes when the page is closed is not measured
        response.body().then(
          (body) => {
            most = Math.max(most, body.length)
          },
          () => undefined,
        )
    })
    await page.goto(api.url)
    await seen(page, (ids) => ids.includes(1))
    const slider = page.getByRole('slider', { name: 'Date' })
    await slider.focus()
    await page.keyboard.press('End')
    const end = await seen(page, (ids) => ids.includes(COUNT))
    // below the smallest limit known (16.7 million device pixels)
    expect(end.height * deviceScaleFactor).toBeLessThan(16_000_000)
    const box = await slider.boundingBox()
    await page.mouse.click(box!.x + box!.width / 2, box!.y + box!.height / 2)
    // one wheel turn moves on by about a screen, not by a thousand photos
    const { ids: before } = await seen(page, (ids) => ids.some((id) => Math.abs(id - COUNT / 2) < COUNT / 100))
    await page.mouse.move(600, 500)
    await page.mouse.wheel(0, 600)
    const after = await seen(page, (ids) => ids.length > 0 && !ids.includes(before[0] ?? 0))
    expect(Math.abs((after.ids[0] ?? 0) - (before[0] ?? 0))).toBeLessThan(60)
    await slider.focus()
    await page.keyboard.press('Home')
    await seen(page, (ids) => ids.includes(1))
    await expect.poll(() => most).toBeGreaterThan(0)
    expect(most).toBeLessThan(MAX_BYTES)
    expect(errors).toEqual([])
  })

  it('opens a photo deep in a day of a hundred thousand, and its neighbours', async () => {
    await using browser = await openBrowser({ viewport: { width: 1440, height: 900 } })
    const page = await browser.context.newPage()
    await page.goto(api.url)
    await seen(page, (ids) => ids.includes(1))
    const slider = page.getByRole('slider', { name: 'Date' })
    const box = await slider.boundingBox()
    await page.mouse.click(box!.x + box!.width / 2, box!.y + box!.height * 0.07)
    const [id = 0] = (await seen(page, (ids) => ids.length > 0 && (ids[0] ?? 0) > 20_000)).ids
    await page.locator(`[data-photo="${id}"]`).click()
    await page.waitForURL(`**/photo/${id}`)
    await page.getByRole('button', { name: 'Next photo' }).click()
    await page.waitForURL(`**/photo/${id + 1}`)
    await page.keyboard.press('Escape')
    await seen(page, (ids) => ids.includes(id + 1))
  })
})
