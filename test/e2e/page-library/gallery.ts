/** @file What a person does with the gallery: look, move by keys, select, add pictures, choose how it looks. */
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FOCUSED, focused, holds, loaded, moved, tileOf } from '../../support/page.ts'
import { photoPath } from '../../support/pictures.ts'
import { library, READABLE } from './library.ts'

const dropFile = (name: string, base64: string) => `(() => {
  const transfer = new DataTransfer()
  const bytes = Uint8Array.from(atob('${base64}'), (char) => char.charCodeAt(0))
  transfer.items.add(new File([bytes], '${name}', { type: 'image/jpeg' }))
  for (const type of ['dragenter', 'drop'])
    document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }))
})()`

export function testGallery(): void {
  describe('the gallery', () => {
    it('selects by check, range and key, acts on what is selected, and lets it go', async () => {
      const page = await library().open('/')
      await loaded(page)
      const bar = page.getByRole('region', { name: 'Selection' })
      const cells = page.locator('[data-cell]')
      await cells.first().hover()
      await cells.first().getByRole('checkbox').click()
      await bar.getByText('1 selected').waitFor()
      // while one is selected a click selects: nothing opens
      await cells
        .nth(3)
        .locator('a')
        .click({ modifiers: ['Shift'] })
      await bar.getByText('4 selected').waitFor()
      await cells.nth(1).locator('a').click()
      await bar.getByText('3 selected').waitFor()
      await expect.poll(() => cells.nth(1).getAttribute('aria-selected')).toBe('false')
      await page.keyboard.press('x')
      await bar.getByText('4 selected').waitFor()
      const download = page.waitForEvent('download')
      await bar.getByRole('button', { name: 'Download' }).click()
      expect((await download).suggestedFilename()).toMatch(/^fototeca .+\.zip$/)
      await page.getByRole('status', { name: 'Messages' }).getByText('A ZIP of 4 originals').waitFor()
      await page.keyboard.press('Escape')
      await bar.waitFor({ state: 'detached' })
      await page.keyboard.press('Control+a')
      await bar.getByText(`${READABLE.length} selected`).waitFor()
      // a day is taken away as a whole
      const day = page.getByRole('checkbox', { name: /^Select \w{3}, / }).first()
      await expect.poll(() => day.getAttribute('aria-checked')).toBe('true')
      await day.click()
      await expect.poll(() => day.getAttribute('aria-checked')).toBe('false')
    })

    it('makes tiles larger and smaller, and remembers it', async () => {
      const page = await library().open('/')
      await loaded(page)
      const height = async () => (await page.locator('[data-cell]').first().boundingBox())?.height ?? 0
      const usual = await height()
      await page.keyboard.press('-')
      await page.keyboard.press('-')
      await expect.poll(height).toBeLessThan(usual * 0.8)
      await page.reload()
      await loaded(page)
      await expect.poll(height).toBeLessThan(usual * 0.8)
      // the menu knows the size, and has it changed by a hand too
      await page.getByRole('button', { name: 'View' }).click()
      const size = page.getByRole('dialog', { name: 'View' }).getByLabel(/^Size of tiles/)
      await size.press('End')
      await expect.poll(height).toBeGreaterThan(usual)
      await page.keyboard.press('Escape')
      await size.waitFor({ state: 'detached' })
      await page.evaluate('localStorage.clear()')
    })

    it('shows every photo by day, and no file that cannot be read', async () => {
      const page = await library().open('/')
      await page.getByRole('grid', { name: /photos by day/ }).waitFor()
      for (const name of READABLE) await tileOf(page, name.split('/').at(-1) ?? '').waitFor({ state: 'attached' })
      await loaded(page)
      expect(await tileOf(page, 'broken.jpg').count()).toBe(0)
      expect(await page.getByRole('heading', { level: 2 }).count()).toBeGreaterThan(0)
    })

    it('can be used by keys alone', async () => {
      const page = await library().open('/')
      await loaded(page)
      await page.locator('[data-photo][tabindex="0"]').focus()
      const first = await focused(page)
      await page.keyboard.press('ArrowRight')
      const second = await moved(page, first)
      await page.keyboard.press('Enter')
      await page.waitForURL(`**/photo/${second}`)
      await page.getByRole('complementary', { name: 'About this photo' }).waitFor()
      await page.keyboard.press('i')
      await page.getByRole('complementary', { name: 'About this photo' }).waitFor({ state: 'detached' })
      await page.keyboard.press('i')
      await page.keyboard.press('ArrowLeft')
      await page.waitForURL(`**/photo/${first}`)
      await page.keyboard.press('Escape')
      await page.getByRole('grid', { name: /photos by day/ }).waitFor()
      await holds(page, `${FOCUSED} === '${first}'`)
      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor({ state: 'detached' })
    })

    it('takes pictures from the file chooser and by drop, and says what came of each', async () => {
      const page = await library().open('/')
      await page.getByRole('grid', { name: /photos by day/ }).waitFor()
      const tray = page.getByRole('region', { name: 'Uploads' })
      const chooser = page.waitForEvent('filechooser')
      await page.getByRole('button', { name: 'Add pictures' }).click()
      await using stack = new AsyncDisposableStack()
      const other = await mkdtemp(join(tmpdir(), 'fototeca-page-'))
      stack.defer(() => rm(other, { recursive: true, force: true }))
      await writeFile(join(other, 'note.jpg'), 'this is no picture at all')
      // bytes of their own: no picture that is there already
      const makeNew = async (name: 'leaf' | 'sunset') => Buffer.concat([await readFile(photoPath(name)), randomBytes(16)])
      await writeFile(join(other, 'leaf.jpg'), await makeNew('leaf'))
      // begins as a picture does, so it is taken in, and fails when it is opened
      await writeFile(join(other, 'torn.jpg'), Buffer.concat([(await makeNew('leaf')).subarray(0, 400), randomBytes(4000)]))
      const files = ['leaf.jpg', 'torn.jpg', 'note.jpg'].map((name) => join(other, name))
      await (await chooser).setFiles([...files, join(library().folder, 'cat.jpg')])
      await tray.getByText('1 added, 1 already there, 1 unreadable, 1 refused').waitFor()
      expect(await tray.getByRole('listitem').filter({ hasText: 'torn.jpg' }).textContent()).toMatch(/torn\.jpg.{10}/)
      await library().expectRefusals(1)
      expect(await tray.getByRole('listitem').filter({ hasText: 'note.jpg' }).textContent()).toMatch(/note\.jpg.{10}/)
      const dropped = `dropped-${randomUUID().slice(0, 8)}.jpg`
      await page.evaluate(dropFile(dropped, (await makeNew('sunset')).toString('base64')))
      await tray.getByText('2 added').waitFor()
      await tray.getByRole('link', { name: `Show ${dropped}` }).click()
      await page.getByRole('heading', { name: dropped }).waitFor()
      // it may not be prepared yet: the strip must not ask for its thumbnail, which the end of the test would find on the console
      await page.getByRole('navigation', { name: 'Photos around' }).getByRole('button').first().waitFor()
      // the tray survives navigation, and the photo is in the gallery without a reload
      expect(await tray.isVisible()).toBe(true)
      await page.keyboard.press('Escape')
      await tileOf(page, dropped).waitFor({ state: 'attached' })
    })

    it('is dark where the system is, and remembers another choice', async () => {
      const page = await library().open('/')
      const theme = () => page.evaluate<string>('document.documentElement.dataset.theme')
      await page.emulateMedia({ colorScheme: 'dark' })
      await page.reload()
      await expect.poll(theme).toBe('dark')
      await page.goto(`${library().program.url}/settings/appearance`)
      await page.getByText('Light', { exact: true }).click()
      await expect.poll(theme).toBe('light')
      await page.reload()
      await expect.poll(theme).toBe('light')
      await page.evaluate('localStorage.clear()')
    })

    it('answers unknown addresses in words', async () => {
      const page = await library().open('/photo/999999')
      await page.getByRole('heading', { name: 'There is no such photo' }).waitFor()
      await library().expectRefusals(1)
    })
  })
}
