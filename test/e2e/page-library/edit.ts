/** @file Changing photos in a real browser against the real program: tags, texts, rating, categories, many at once, and the way back. */
import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { beforeEach, describe, it } from 'vitest'
import type { EditReport } from '../../../src/contract/edits.ts'
import { tileOf } from '../../support/page.ts'
import { askJson } from '../../support/program.ts'
import { library, READABLE } from './library.ts'

const COUNT = READABLE.length

export function testEdits(): void {
  describe('changing photos', () => {
    // what another test changed on photos
    beforeEach(async () => {
      const url = `${library().program.url}/api/edits`
      for (const { id, area, undo_of, undone_by, state } of (await askJson<{ edits: EditReport[] }>(url)).edits)
        if (area === 'photos' && state === 'done' && undo_of === null && undone_by === null) await askJson(`${url}/${id}/undo`, {})
    })

    const panelOf = (page: Page) => page.getByRole('complementary', { name: 'About this photo' })
    async function openPhoto(name: string): Promise<Page> {
      const page = await library().open(`/search?q=${name}&mode=keyword`)
      await tileOf(page, name).click()
      await panelOf(page).waitFor()
      return page
    }

    it('tags are taken away, added, put back; the search follows', async () => {
      const page = await openPhoto('coffee.jpg')
      const panel = panelOf(page)
      await panel.getByRole('button', { name: 'Edit tags' }).click()
      await panel.getByRole('button', { name: 'Remove tag cup' }).click()
      await panel.getByRole('button', { name: 'Put tag cup back' }).waitFor()
      await panel.getByLabel('Add tags', { exact: true }).fill('Sunday, morning')
      await panel.getByRole('button', { name: 'Add these tags' }).click()
      await panel.getByRole('link', { name: 'sunday yours' }).waitFor()
      await page.goto(`${library().program.url}/search?q=sunday&mode=keyword`)
      await tileOf(page, 'coffee.jpg').waitFor()
      await page.goto(`${library().program.url}/search?category=food`)
      await tileOf(page, 'wine.jpg').waitFor()
      await tileOf(page, 'coffee.jpg').waitFor({ state: 'detached' })
      const again = await openPhoto('coffee.jpg')
      await panelOf(again).getByRole('button', { name: 'Reset the tags' }).click()
      await panelOf(again)
        .getByRole('link', { name: /^cup \d/ })
        .waitFor()
      await panelOf(again).getByRole('link', { name: 'sunday yours' }).waitFor({ state: 'detached' })
      // the toast’s way back
      await again.getByRole('status', { name: 'Messages' }).getByRole('button', { name: 'Undo' }).click()
      await panelOf(again).getByRole('link', { name: 'sunday yours' }).waitFor()
    })

    it('a caption is written, found, and is the picture’s alternative text; stars and favourite by click and key', async () => {
      const page = await openPhoto('wine.jpg')
      const panel = panelOf(page)
      await panel.getByRole('button', { name: 'Edit the caption' }).click()
      await panel.getByLabel('Caption', { exact: true }).fill('Evening at the long table')
      await panel.getByRole('button', { name: 'Save' }).click()
      await panel.getByText('Evening at the long table').waitFor()
      await panel
        .getByText(/^by you/)
        .first()
        .waitFor()
      await page.getByRole('img', { name: /Evening at the long table/ }).waitFor()
      await page.keyboard.press('4')
      await panel.getByRole('button', { name: '4 stars', pressed: true }).waitFor()
      await panel.getByRole('button', { name: 'Favourite', exact: true }).click()
      await panel.getByRole('button', { name: 'Favourite', exact: true, pressed: true }).waitFor()
      await page.goto(`${library().program.url}/search?q=evening&mode=keyword`)
      await tileOf(page, 'wine.jpg').waitFor()
      await page.goto(`${library().program.url}/search?favourite=true`)
      await tileOf(page, 'wine.jpg').waitFor()
      await tileOf(page, 'cat.jpg').waitFor({ state: 'detached' })
    })

    it('a change on top of somebody else’s is refused in words, and the page shows what is there', async () => {
      const page = await openPhoto('cat.jpg')
      const id = Number(new URL(page.url()).pathname.split('/').at(-1))
      await panelOf(page).getByRole('button', { name: '5 stars' }).waitFor()
      await askJson(`${library().program.url}/api/edits`, { photos: { ids: [id] }, operations: [{ do: 'set_rating', rating: 2 }] })
      await panelOf(page).getByRole('button', { name: '5 stars' }).click()
      await page.getByRole('status', { name: 'Messages' }).getByText('changed meanwhile').waitFor()
      await panelOf(page).getByRole('button', { name: '2 stars', pressed: true }).waitFor()
      await library().expectRefusals(1)
    })

    it('many photos are changed at once, counted before, and undone from the history', async () => {
      const page = await library().open('/')
      await tileOf(page, 'cat.jpg').waitFor()
      await page.keyboard.press('Control+a')
      await page.getByRole('region', { name: 'Selection' }).getByText(`${COUNT} selected`).waitFor()
      await page.getByRole('button', { name: 'Edit', exact: true }).click()
      const dialog = page.getByRole('dialog', { name: `Edit ${COUNT} photos` })
      await dialog.getByLabel('Add tags, with commas between').fill('excursion')
      await dialog.getByLabel('Put into category').selectOption('landscape')
      await dialog.getByText(`${COUNT} photos would change`).waitFor()
      await dialog.getByRole('button', { name: 'Change', exact: true }).click()
      await page.getByRole('status', { name: 'Messages' }).getByText(`Added tag excursion; put into landscape (${COUNT} photos).`).waitFor()
      await page.goto(`${library().program.url}/search?category=landscape`)
      for (const name of ['coffee.jpg', 'wine.jpg', 'cat.jpg']) await tileOf(page, name).waitFor()
      await page.goto(`${library().program.url}/settings/changes`)
      await page.getByRole('button', { name: 'Undo: added tag excursion; put into landscape' }).click()
      await page.getByText('undid: added tag excursion').first().waitFor()
      await page.goto(`${library().program.url}/search?q=excursion&mode=keyword`)
      await page.getByRole('heading', { name: /Nothing found/ }).waitFor()
    })

    it('categories are added, given tags, merged and deleted', async () => {
      const mark = randomUUID().slice(0, 8)
      const [first, second] = [`Pets ${mark}`, `Meals ${mark}`]
      await askJson(`${library().program.url}/api/categories`, { name: second, tags: ['cup'] })
      const page = await library().open('/explore/things')
      await page.getByRole('button', { name: 'New category' }).click()
      const fresh = page.getByRole('dialog', { name: 'New category' })
      await fresh.getByLabel('Name').fill(first)
      await fresh.getByLabel('Tags, with commas between').fill('cat')
      await fresh.getByRole('button', { name: 'Save' }).click()
      const pets = page.getByRole('listitem', { name: first })
      await pets.getByRole('link', { name: '1 photo' }).waitFor()
      await page.getByRole('button', { name: `Change ${first}` }).click()
      const dialog = page.getByRole('dialog', { name: `Change ${first}` })
      await dialog.getByLabel('Merge into').selectOption({ label: second })
      await dialog.getByRole('button', { name: 'Merge' }).click()
      await pets.waitFor({ state: 'detached' })
      await page.getByRole('listitem', { name: second }).getByRole('link', { name: '2 photos' }).waitFor()
      await page.getByRole('button', { name: `Change ${second}` }).click()
      await page.getByRole('button', { name: 'Delete this category' }).click()
      await page.getByRole('button', { name: 'Delete it' }).click()
      await page.getByRole('listitem', { name: second }).waitFor({ state: 'detached' })
    })
  })
}
