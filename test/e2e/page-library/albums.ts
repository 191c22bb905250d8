/** @file Albums in a real browser against the real program: made from a selection, ordered, covered, undone; a search saved; exports; surprise. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { tileOf } from '../../support/page.ts'
import { library, READABLE } from './library.ts'

const COUNT = READABLE.length

export function testAlbums(): void {
  describe('albums', () => {
    const order = async (page: Page) =>
      (await page.locator('[data-photo]').all()).length === 0
        ? []
        : page.locator('[data-photo]').evaluateAll((tiles) => tiles.map((tile) => String(tile.getAttribute('data-name'))))
    const message = (page: Page) => page.getByRole('status', { name: 'Messages' })

    it('are made from chosen photos, put in order by dragging and by keys, get a cover, lose a photo and get it back', async () => {
      const page = await library().open('/')
      await tileOf(page, 'coffee.jpg').waitFor()
      await page.keyboard.press('Control+a')
      await page.getByRole('button', { name: 'Add to album' }).click()
      const dialog = page.getByRole('dialog', { name: `Add ${COUNT} photos to an album` })
      // the field has the focus, and Enter makes the album
      await expect.poll(() => dialog.getByLabel('New album').evaluate((field) => field.matches(':focus'))).toBe(true)
      await page.keyboard.type('Summer')
      await page.keyboard.press('Enter')
      await message(page).getByText(`Album Summer created (${COUNT} photos).`).waitFor()
      await page.getByRole('link', { name: 'Albums' }).first().click()
      await page.getByRole('link', { name: 'Summer' }).click()
      await page.getByRole('heading', { name: 'Summer' }).waitFor()
      await tileOf(page, 'cat.jpg').waitFor()
      await expect.poll(async () => (await order(page)).length).toBe(COUNT)
      const before = await order(page)
      const [first, , third] = before as [string, string, string]
      await tileOf(page, third).dragTo(tileOf(page, first), { targetPosition: { x: 70, y: 80 } })
      await message(page).getByText('Moved (1 photo).').waitFor()
      await expect.poll(() => order(page)).toEqual([third, ...before.filter((name) => name !== third)])
      await tileOf(page, third).focus()
      await page.keyboard.press('Alt+ArrowRight')
      await expect.poll(async () => (await order(page)).slice(0, 2)).toEqual([first, third])
      await tileOf(page, third).focus()
      await page.keyboard.press('x')
      await page.getByRole('button', { name: 'Make it the cover' }).click()
      await message(page).getByText('The album has its cover.').waitFor()
      await tileOf(page, first).focus()
      await page.keyboard.press('x')
      await page.getByRole('button', { name: 'Take out of album' }).click()
      await tileOf(page, first).waitFor({ state: 'detached' })
      await message(page).getByText('Taken out of Summer (1 photo).').waitFor()
      await message(page).getByRole('button', { name: 'Undo' }).last().click()
      await tileOf(page, first).waitFor()
      // the album is told on the photo, and arrows go along its order
      await tileOf(page, first).click()
      await page.getByRole('complementary', { name: 'About this photo' }).getByRole('link', { name: 'Summer' }).waitFor()
      await page.keyboard.press('ArrowRight')
      await expect.poll(() => page.title()).toContain(third)
    })

    it('a search is saved and fills itself; nested, deleted and taken back', async () => {
      const page = await library().open('/search?q=kite&mode=keyword')
      await tileOf(page, 'kite.jpg').waitFor()
      await page.getByRole('button', { name: 'Save', exact: true }).click()
      const dialog = page.getByRole('dialog', { name: 'Save this search' })
      await dialog.getByLabel('Name').fill('In the sky')
      await dialog.getByRole('button', { name: 'Save' }).click()
      await page.getByRole('heading', { name: 'In the sky' }).waitFor()
      await page.getByText('1 photo, filled by a saved search').waitFor()
      await page.getByRole('link', { name: 'Open the search' }).click()
      await page.getByText('1 photo for “kite”').waitFor()
      await page.goBack()
      await page.getByRole('button', { name: 'Edit', exact: true }).click()
      const change = page.getByRole('dialog', { name: 'Change In the sky' })
      await change.getByLabel('Lies in').selectOption('Summer')
      await change.getByRole('button', { name: 'Save' }).click()
      await page.getByRole('navigation', { name: 'Path' }).getByRole('link', { name: 'Summer' }).click()
      await page.getByRole('link', { name: 'In the sky' }).click()
      await page.getByRole('heading', { name: 'In the sky' }).waitFor()
      await page.getByRole('button', { name: 'Delete' }).click()
      await message(page).getByText('Album In the sky deleted. Its photos stay.').waitFor()
      // also when the message is gone: the history knows it
      await page.goto(`${library().program.url}/settings/changes`)
      await page.getByRole('button', { name: 'Undo: deleted the album In the sky' }).click()
      await page.getByText('Undone.').last().waitFor()
      await page.goto(`${library().program.url}/albums`)
      await page
        .getByRole('link', { name: /Summer/ })
        .first()
        .waitFor()
    })

    it('results are exported as a table and as a ZIP', async () => {
      const page = await library().open('/search?q=kite&mode=keyword')
      await tileOf(page, 'kite.jpg').waitFor()
      await page.getByRole('button', { name: 'Export', exact: true }).click()
      const fetched = page.waitForEvent('download')
      await page.getByRole('dialog', { name: 'Export 1 photo' }).getByRole('button', { name: 'Export' }).click()
      const table = await readFile(await (await fetched).path(), 'utf8')
      expect(table.split('\r\n')[0]).toBe('id,filename,day,title,caption,tags,people,albums,rating,city,country,paths')
      expect(table).toContain('kite.jpg')
      await page.getByRole('button', { name: 'Export', exact: true }).click()
      const dialog = page.getByRole('dialog', { name: 'Export 1 photo' })
      await dialog.getByText('Previews (ZIP)').click()
      const zipped = page.waitForEvent('download')
      await dialog.getByRole('button', { name: 'Export' }).click()
      expect((await readFile(await (await zipped).path())).subarray(0, 2).toString()).toBe('PK')
    })

    it('surprise draws photos like one, again and again, and keeps them where they please', async () => {
      const page = await library().open('/albums')
      await page.getByRole('link', { name: 'Surprise me' }).click()
      await page.getByText(/^Photos like /).waitFor()
      await page.getByRole('button', { name: 'Another one' }).click()
      await page.locator('[data-photo]').first().waitFor()
      await page.getByRole('button', { name: 'Keep as an album' }).click()
      await page.getByRole('heading', { name: /^Like / }).waitFor()
    })
  })
}
