/** @file Changing photos in a real browser against the real program: tags, texts, rating, categories, many at once, and the way back. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest'
import { findChromium } from '../support/chromium.ts'
import { coco, openPageLibrary, type PageLibrary, SLOW_MS, tileOf } from '../support/page.ts'
import { askJson } from '../support/program.ts'
import { noData } from '../support/shared.ts'

let library: PageLibrary

describe.skipIf(noData || !findChromium())('changing photos', () => {
  beforeAll(async () => {
    library = await openPageLibrary({ 'sheep.jpg': coco('269196'), 'zebra.jpg': coco('244592'), 'pizza.jpg': coco('092660') })
  }, SLOW_MS + 60_000)
  afterAll(() => library?.[Symbol.asyncDispose]())
  afterEach(() => library.expectQuiet())

  const panelOf = (page: Page) => page.getByRole('complementary', { name: 'About this photo' })
  async function openPhoto(name: string): Promise<Page> {
    const page = await library.open(`/search?q=${name}&mode=keyword`)
    await tileOf(page, name).click()
    await panelOf(page).waitFor()
    return page
  }

  it('tags are taken away, added, put back; the search follows', async () => {
    const page = await openPhoto('sheep.jpg')
    const panel = panelOf(page)
    await panel.getByRole('button', { name: 'Edit tags' }).click()
    await panel.getByRole('button', { name: 'Remove tag sheep' }).click()
    await panel.getByRole('button', { name: 'Put tag sheep back' }).waitFor()
    await panel.getByLabel('Add tags', { exact: true }).fill('Texel, meadow')
    await panel.getByRole('button', { name: 'Add these tags' }).click()
    await panel.getByRole('link', { name: 'texel yours' }).waitFor()
    await page.goto(`${library.program.url}/search?q=texel&mode=keyword`)
    await tileOf(page, 'sheep.jpg').waitFor()
    await page.goto(`${library.program.url}/search?category=animals`)
    await tileOf(page, 'zebra.jpg').waitFor()
    await tileOf(page, 'sheep.jpg').waitFor({ state: 'detached' })
    const again = await openPhoto('sheep.jpg')
    await panelOf(again).getByRole('button', { name: 'Reset the tags' }).click()
    await panelOf(again)
      .getByRole('link', { name: /^sheep \d/ })
      .waitFor()
    await panelOf(again).getByRole('link', { name: 'texel yours' }).waitFor({ state: 'detached' })
    // the toast’s way back
    await again.getByRole('status', { name: 'Messages' }).getByRole('button', { name: 'Undo' }).click()
    await panelOf(again).getByRole('link', { name: 'texel yours' }).waitFor()
  })

  it('a caption is written, found, and is the picture’s alternative text; stars and favourite by click and key', async () => {
    const page = await openPhoto('zebra.jpg')
    const panel = panelOf(page)
    await panel.getByRole('button', { name: 'Edit the caption' }).click()
    await panel.getByLabel('Caption', { exact: true }).fill('Morning at the waterhole')
    await panel.getByRole('button', { name: 'Save' }).click()
    await panel.getByText('Morning at the waterhole').waitFor()
    await panel
      .getByText(/^by you/)
      .first()
      .waitFor()
    await page.getByRole('img', { name: /Morning at the waterhole/ }).waitFor()
    await page.keyboard.press('4')
    await panel.getByRole('button', { name: '4 stars', pressed: true }).waitFor()
    await panel.getByRole('button', { name: 'Favourite', exact: true }).click()
    await panel.getByRole('button', { name: 'Favourite', exact: true, pressed: true }).waitFor()
    await page.goto(`${library.program.url}/search?q=waterhole&mode=keyword`)
    await tileOf(page, 'zebra.jpg').waitFor()
    await page.goto(`${library.program.url}/search?favourite=true`)
    await tileOf(page, 'zebra.jpg').waitFor()
    await tileOf(page, 'pizza.jpg').waitFor({ state: 'detached' })
  })

  it('a change on top of somebody else’s is refused in words, and the page shows what is there', async () => {
    const page = await openPhoto('pizza.jpg')
    const id = Number(new URL(page.url()).pathname.split('/').at(-1))
    await panelOf(page).getByRole('button', { name: '5 stars' }).waitFor()
    await askJson(`${library.program.url}/api/edits`, { photos: { ids: [id] }, operations: [{ do: 'set_rating', rating: 2 }] })
    await panelOf(page).getByRole('button', { name: '5 stars' }).click()
    await page.getByRole('status', { name: 'Messages' }).getByText('changed meanwhile').waitFor()
    await panelOf(page).getByRole('button', { name: '2 stars', pressed: true }).waitFor()
    await library.expectRefusals(1)
  })

  it('many photos are changed at once, counted before, and undone from the history', async () => {
    const page = await library.open('/')
    await tileOf(page, 'pizza.jpg').waitFor()
    await page.keyboard.press('Control+a')
    await page.getByRole('region', { name: 'Selection' }).getByText('3 selected').waitFor()
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Edit 3 photos' })
    await dialog.getByLabel('Add tags, with commas between').fill('trip')
    await dialog.getByLabel('Put into category').selectOption('landscape')
    await dialog.getByText('3 photos would change').waitFor()
    await dialog.getByRole('button', { name: 'Change', exact: true }).click()
    await page.getByRole('status', { name: 'Messages' }).getByText('Added tag trip; put into landscape (3 photos).').waitFor()
    await page.goto(`${library.program.url}/search?category=landscape`)
    for (const name of ['sheep.jpg', 'zebra.jpg', 'pizza.jpg']) await tileOf(page, name).waitFor()
    await page.goto(`${library.program.url}/changes`)
    await page.getByRole('button', { name: 'Undo: added tag trip; put into landscape' }).click()
    await page.getByText('undid: added tag trip').first().waitFor()
    await page.goto(`${library.program.url}/search?q=trip&mode=keyword`)
    await page.getByRole('heading', { name: /Nothing found/ }).waitFor()
  })

  it('categories are added, given tags, merged and deleted', async () => {
    const page = await library.open('/categories')
    await page.getByRole('button', { name: 'New category' }).click()
    const fresh = page.getByRole('dialog', { name: 'New category' })
    await fresh.getByLabel('Name').fill('Stripes')
    await fresh.getByLabel('Tags, with commas between').fill('zebra')
    await fresh.getByRole('button', { name: 'Save' }).click()
    const stripes = page.getByRole('listitem', { name: 'Stripes' })
    await stripes.getByRole('link', { name: '1 photo' }).waitFor()
    await page.getByRole('button', { name: 'Change Stripes' }).click()
    const dialog = page.getByRole('dialog', { name: 'Change Stripes' })
    await dialog.getByLabel('Merge into').selectOption('food')
    await dialog.getByRole('button', { name: 'Merge' }).click()
    await stripes.waitFor({ state: 'detached' })
    await page.getByRole('listitem', { name: 'food' }).getByRole('link', { name: '2 photos' }).waitFor()
    await page.getByRole('button', { name: 'Change food' }).click()
    await page.getByRole('button', { name: 'Delete this category' }).click()
    await page.getByRole('button', { name: 'Delete it' }).click()
    await page.getByRole('listitem', { name: 'food' }).waitFor({ state: 'detached' })
  })
})
