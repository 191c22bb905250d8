/** @file One photo in the page: what was found in it, what is known of it, what failed. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Progress } from '../../src/contract/library.ts'
import { findChromium } from '../support/chromium.ts'
import { openPageLibrary, type PageLibrary, SLOW_MS, settledBox, tileOf } from '../support/page.ts'
import { photoPath } from '../support/pictures.ts'
import { until } from '../support/program.ts'

const WAIT = { timeout: 60_000 }

let library: PageLibrary

describe.skipIf(!findChromium())('the page of a photo', () => {
  beforeAll(async () => {
    library = await openPageLibrary([
      'cat.jpg',
      'cat mirrored.jpg',
      'broken.jpg',
      'note.jpg',
      'large.jpg',
      'people/astronaut.jpg',
      'paper/bookshop.jpg',
      'there.jpg',
    ])
  }, SLOW_MS + 60_000)
  afterAll(() => library?.[Symbol.asyncDispose]())
  afterEach(() => library.expectQuiet())

  it('draws boxes of objects, text and faces over the picture, and takes them away', async () => {
    const page = await library.open('/search?q=cat.jpg')
    await tileOf(page, 'cat.jpg').click()
    await page.getByRole('button', { name: /^Objects/ }).click()
    const box = page.locator('[data-layer="objects"]').first()
    await box.waitFor({ state: 'attached' })
    // the box lies on the picture, not beside it
    await vi.waitFor(async () => {
      const [frame, shape] = await Promise.all([page.locator('[data-overlay]').boundingBox(), box.boundingBox()])
      expect(shape!.x).toBeGreaterThanOrEqual(frame!.x - 8)
      expect(shape!.x + shape!.width).toBeLessThanOrEqual(frame!.x + frame!.width + 8)
      expect(shape!.width).toBeGreaterThan(frame!.width * 0.1)
    }, WAIT)
    await page.keyboard.press('o')
    await box.waitFor({ state: 'detached' })
    await page.goto(`${library.program.url}/search?q=bookshop`)
    await tileOf(page, 'bookshop.jpg').click()
    await page.getByRole('button', { name: /^Text/ }).click()
    await page.locator('[data-layer="text"]').first().waitFor({ state: 'attached' })
    await page.getByRole('complementary').getByText('LANTERN BOOKSHOP').waitFor()
    await page.goto(`${library.program.url}/search?q=astronaut.jpg`)
    await tileOf(page, 'astronaut.jpg').click()
    await page.getByRole('button', { name: /^Faces/ }).click()
    await page.locator('[data-layer="faces"]').first().waitFor({ state: 'attached' })
  })

  it('tells everything known about a photo', async () => {
    const page = await library.open('/search?q=there.jpg')
    await tileOf(page, 'there.jpg').click()
    const panel = page.getByRole('complementary', { name: 'About this photo' })
    await panel.getByText('°').first().waitFor()
    // found from where it was taken
    await panel
      .getByText(/Whitby/)
      .first()
      .waitFor()
    await panel.getByRole('region', { name: 'Colours' }).waitFor()
    await panel.getByRole('region', { name: 'What was done' }).getByText('Fingerprint').waitFor()
    await panel
      .getByText(join(library.folder, 'there.jpg'))
      .or(panel.getByText('there.jpg', { exact: true }))
      .first()
      .waitFor()
    const download = page.waitForEvent('download')
    await panel.getByRole('link', { name: 'Download original' }).click()
    expect(await readFile((await (await download).path()) ?? '')).toEqual(await readFile(join(library.folder, 'there.jpg')))
  })

  it('shows the mirrored copy as a duplicate, and more pictures like this one', async () => {
    const page = await library.open('/search?q=cat.jpg')
    await tileOf(page, 'cat.jpg').click()
    const panel = page.getByRole('complementary', { name: 'About this photo' })
    await panel.getByRole('region', { name: 'Duplicates' }).getByText('turned or mirrored').waitFor()
    await panel.getByRole('link', { name: 'More like this' }).click()
    await page.waitForURL('**/search?like=*')
    await page.locator('[data-photo]').first().waitFor()
  })

  it('searches by a part drawn on the picture, by mouse and by keys, and by words beside it', async () => {
    const page = await library.open('/search?q=cat.jpg')
    await tileOf(page, 'cat.jpg').click()
    await page.getByRole('button', { name: /^Search by a part/ }).click()
    const part = page.getByRole('group', { name: /^Part of the picture/ })
    await part.waitFor()
    const picture = await settledBox(page.locator('[data-overlay]'))
    const at = (x: number, y: number) => [picture.x + x * picture.width, picture.y + y * picture.height] as const
    await page.mouse.move(...at(0.9, 0.9))
    await page.mouse.down()
    await page.mouse.move(...at(0.7, 0.7), { steps: 3 })
    await page.mouse.move(...at(0.5, 0.8), { steps: 3 })
    await page.mouse.up()
    await vi.waitFor(async () => {
      const drawn = (await part.boundingBox())!
      expect(Math.abs(drawn.x - at(0.5, 0)[0])).toBeLessThan(4)
      expect(Math.abs(drawn.width - 0.4 * picture.width)).toBeLessThan(6)
    }, WAIT)
    await page.getByRole('button', { name: 'Search this part' }).click()
    await page.waitForURL('**/search?*crop=*')
    await page.getByText('Like this part').waitFor()
    await page.getByRole('grid', { name: 'Hits' }).locator('[data-photo]').first().waitFor()
    const asked = () => new URL(page.url()).searchParams
    expect(asked().get('crop')).toMatch(/^0\.(49|5)/)
    await page.getByLabel('Search photos').fill('marguerite')
    await page.keyboard.press('Enter')
    await expect.poll(() => asked().get('q')).toBe('marguerite')
    expect(asked().get('like')).not.toBeNull()
    await tileOf(page, 'bookshop.jpg').waitFor()
    await page.getByRole('button', { name: 'Clear', exact: true }).click()
    await expect.poll(() => asked().has('crop')).toBe(false)
    await page.goBack()
    await page.getByRole('button', { name: /^Search by a part/ }).waitFor()
    // keys alone: the middle, one step to the right and narrower
    await page.keyboard.press('p')
    await part.waitFor()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Shift+ArrowLeft')
    await page.keyboard.press('Enter')
    await expect.poll(() => asked().get('crop')).toBe('0.27,0.25,0.48,0.5')
    await page.goBack()
    await page.getByRole('button', { name: /^Search by a part/ }).waitFor()
    await page.keyboard.press('p')
    await part.waitFor()
    await page.keyboard.press('Escape')
    await part.waitFor({ state: 'detached' })
    await expect.poll(() => page.url()).toContain('/photo/')
  })

  it('says why a broken file failed, and tries again on demand', async () => {
    const page = await library.open('/search?q=broken&state=failed')
    await tileOf(page, 'broken.jpg').click()
    const panel = page.getByRole('complementary', { name: 'About this photo' })
    await panel.getByRole('alert').waitFor()
    const answered = page.waitForResponse((response) => response.url().endsWith('/retry'))
    await panel.getByRole('button', { name: 'Try again' }).click()
    expect((await answered).ok()).toBe(true)
    // it fails again; the next test begins when it has
    const { photos, done } = await until<Progress>(`${library.program.url}/api/progress`, ({ due, failed }) => due === 0 && failed === 2)
    // what is no picture is no photo, and nothing that was done
    await until<{ total: number }>(`${library.program.url}/api/photos?limit=1`, ({ total }) => total === photos && total === done)
    await until<{ groups: unknown[] }>(`${library.program.url}/api/failures`, (now) => JSON.stringify(now).includes('broken.jpg'))
  })

  it('groups what failed by why, and tries it again, one reason or all of them', async () => {
    const page = await library.open('/clean-up/failures')
    await page.getByText('2 files, 2 reasons').waitFor()
    // what is no picture stays none until the file changes: no other try is offered
    const refused = page.getByRole('article', { name: /^Not taken as a picture: .{10}/ })
    await refused.getByRole('link', { name: 'note.jpg' }).waitFor()
    expect(await refused.getByRole('button').count()).toBe(0)
    const card = page.getByRole('article', { name: /^Read the picture: .{10}/ })
    await card.getByRole('link', { name: 'broken.jpg' }).waitFor()
    for (const button of [card.getByRole('button', { name: /^Try again/ }), page.getByRole('button', { name: 'Try everything again' })]) {
      const answered = page.waitForResponse((response) => response.url().endsWith('/api/failures/retry'))
      await button.click()
      expect(await (await answered).json()).toEqual({ photos: 1, steps: expect.any(Number), dry_run: false })
      await page.getByText('1 photo will be looked at again.').last().waitFor()
      // it fails again
      await until<Progress>(`${library.program.url}/api/progress`, ({ due, failed }) => due === 0 && failed === 2)
      // and the page finds out by itself
      await card.getByRole('link', { name: 'broken.jpg' }).waitFor()
    }
    await card.getByRole('link', { name: 'broken.jpg' }).click()
    await page.waitForURL('**/photo/*')
  })

  it('forgets what failed once the files are mended', async () => {
    const page = await library.open('/clean-up/failures')
    await writeFile(join(library.folder, 'broken.jpg'), await readFile(photoPath('leaf')))
    await writeFile(join(library.folder, 'note.jpg'), await readFile(photoPath('kite')))
    await page.getByRole('heading', { name: 'Nothing failed' }).waitFor()
  })

  it('shows the original when the preview has no more to show, and moves on by itself in a slideshow', async () => {
    const page = await library.open('/search?q=large.jpg')
    await tileOf(page, 'large.jpg').click()
    await page.getByRole('complementary', { name: 'About this photo' }).waitFor()
    expect(await page.locator('[data-full-size]').count()).toBe(0)
    for (let press = 0; press < 4; press++) await page.keyboard.press('+')
    await page.locator('[data-full-size="shown"]').waitFor({ state: 'attached' })
    await page.getByText('Original', { exact: true }).waitFor()
    await page.goto(`${library.program.url}/`)
    await page.locator('[data-photo]').first().click()
    await page.waitForURL('**/photo/*')
    const first = page.url()
    await page.getByRole('button', { name: 'Next photo' }).waitFor()
    await page.keyboard.press(' ')
    await page.getByRole('complementary', { name: 'About this photo' }).waitFor({ state: 'detached' })
    await expect.poll(() => page.url()).not.toBe(first)
    await page.keyboard.press(' ')
    await page.getByRole('complementary', { name: 'About this photo' }).waitFor()
  })

  it('learns of a neighbour that comes in while the photo is open', async () => {
    const page = await library.open('/')
    await page.locator('[data-photo]').first().click()
    await page.waitForURL('**/photo/*')
    await page.getByRole('button', { name: 'Next photo' }).waitFor()
    expect(await page.getByRole('button', { name: 'Previous photo' }).count()).toBe(0)
    // without a date of its own it is the newest
    await writeFile(
      join(library.folder, 'just in.jpg'),
      await sharp({ create: { width: 640, height: 480, channels: 3, background: 'teal' } })
        .jpeg()
        .toBuffer(),
    )
    await page.getByRole('button', { name: 'Previous photo' }).click()
    await page.getByRole('heading', { name: 'just in.jpg' }).waitFor()
  })
})
