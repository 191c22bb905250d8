/** @file Finding photos again in the page: by text, tag, category, mode; on a phone. */
import { describe, expect, it } from 'vitest'
import { LONG, loaded, PHONE, tileOf } from '../../support/page.ts'
import { library } from './library.ts'

export function testSearch(): void {
  describe('search in the page', () => {
    it('finds a picture by the text in it, says why, and keeps the search in the address', async () => {
      const page = await library().open('/')
      await loaded(page)
      await page.keyboard.press('/')
      await page.keyboard.type('lantern bookshop')
      await page.keyboard.press('Enter')
      await page.getByRole('grid', { name: 'Hits' }).waitFor()
      await tileOf(page, 'bookshop.jpg').waitFor()
      expect(new URL(page.url()).searchParams.get('q')).toBe('lantern bookshop')
      await tileOf(page, 'bookshop.jpg').hover()
      await tileOf(page, 'bookshop.jpg').getByText('text in the picture').waitFor()
      await page.reload()
      await tileOf(page, 'bookshop.jpg').waitFor()
      await expect.poll(() => page.getByLabel('Search photos').inputValue()).toBe('lantern bookshop')
    })

    it('finds a picture by a tag, narrows by category, and takes filters away again', async () => {
      const page = await library().open('/search?q=cup')
      await tileOf(page, 'coffee.jpg').waitFor()
      await page.goto(`${library().program.url}/search`)
      const food = page.getByRole('button', { name: /^food/i })
      await food.click()
      await tileOf(page, 'coffee.jpg').waitFor()
      await tileOf(page, 'cat.jpg').waitFor({ state: 'detached' })
      await expect.poll(() => page.url()).toContain('category=food')
      await food.click()
      await tileOf(page, 'cat.jpg').waitFor()
      await page.getByRole('button', { name: 'Filters' }).click()
      await page.getByLabel('Has text').check()
      await tileOf(page, 'bookshop.jpg').waitFor()
      await tileOf(page, 'cat.jpg').waitFor({ state: 'detached' })
      await page.getByRole('button', { name: 'Remove Has text' }).click()
      await tileOf(page, 'cat.jpg').waitFor()
      await expect.poll(() => page.url()).not.toContain('has_text')
    })

    it('takes filters typed among the words as chips, suggests what goes on, and sorts', async () => {
      const page = await library().open('/')
      await loaded(page)
      await page.keyboard.press('/')
      await page.keyboard.type('marguerite has:te')
      await page.getByRole('option', { name: /has:text/ }).click()
      await tileOf(page, 'bookshop.jpg').waitFor()
      await expect.poll(() => page.getByLabel('Search photos').inputValue()).toBe('marguerite')
      await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe('has:text marguerite')
      await page.getByRole('button', { name: 'Remove Has text' }).click()
      await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe('marguerite')
      await page.goto(`${library().program.url}/search?q=-tag:cat`)
      await tileOf(page, 'coffee.jpg').waitFor()
      await tileOf(page, 'cat.jpg').waitFor({ state: 'detached' })
      await page.getByLabel('Order').selectOption('oldest')
      await expect.poll(() => new URL(page.url()).searchParams.get('sort')).toBe('oldest')
      await tileOf(page, 'coffee.jpg').waitFor()
    })

    it('marks the words of a search where they stand in the picture', async () => {
      const page = await library().open('/search?q=marguerite')
      await tileOf(page, 'bookshop.jpg').click()
      await page.locator('[data-found]').first().waitFor({ state: 'attached' })
    })

    it('switches the mode and says plainly that search by meaning waits for a model', async () => {
      const page = await library().open('/search?q=cat')
      await page.getByRole('note').filter({ hasText: /model/i }).waitFor()
      await page.getByText('Keyword', { exact: true }).click()
      await page.getByRole('note').waitFor({ state: 'detached' })
      await expect.poll(() => page.url()).toContain('mode=keyword')
      await page.getByText('Meaning', { exact: true }).click()
      await page.getByRole('note').filter({ hasText: /model/i }).waitFor()
    })

    it('offers the word that was most likely meant, and looks for it when it is taken', async () => {
      const page = await library().open('/search?q=margeurite')
      await page.getByText('No match for “margeurite”. Did you mean').waitFor()
      expect(await tileOf(page, 'bookshop.jpg').count()).toBe(0)
      await page.getByRole('button', { name: '“marguerite”' }).click()
      await tileOf(page, 'bookshop.jpg').waitFor()
      await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe('marguerite')
      await page.getByText('Did you mean').waitFor({ state: 'detached' })
    })

    it('counts beside a search what was found', async () => {
      const page = await library().open('/search')
      const food = page.getByRole('button', { name: /^food/i })
      await food.waitFor()
      await page.goto(`${library().program.url}/search?q=lantern`)
      await tileOf(page, 'bookshop.jpg').waitFor()
      await food.waitFor({ state: 'detached' })
      await page.goto(`${library().program.url}/search?q=cup`)
      await page.getByRole('button', { name: /^food\s*1$/i }).waitFor()
    })

    it('offers a way on where nothing is found', async () => {
      const page = await library().open('/search?q=xyzzyqwertz&category=food')
      await page.getByRole('heading', { name: /Nothing found/ }).waitFor()
      await page.getByRole('button', { name: 'Clear filters' }).click()
      await page.getByRole('button', { name: 'Show all photos' }).click()
      await tileOf(page, 'cat.jpg').waitFor()
    })

    it('fits a phone, with long names, on every page', async () => {
      const page = await library().open('/', PHONE)
      const fits = () => expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width)
      await loaded(page)
      await fits()
      await page.getByLabel('Search photos').fill('gewitter')
      await page.keyboard.press('Enter')
      await tileOf(page, LONG).waitFor()
      await page.getByText('“gewitter” in').first().waitFor()
      await fits()
      await tileOf(page, LONG).click()
      await page.getByRole('button', { name: /^Information/ }).click()
      await page.getByRole('dialog', { name: 'About this photo' }).getByRole('complementary').waitFor()
      await fits()
    })
  })
}
