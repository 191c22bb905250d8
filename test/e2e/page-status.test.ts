/** @file An empty library is filled from folders in the page, which tells how far it is and what it works with. */
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Progress } from '../../src/contract/library.ts'
import type { PhotoDetail } from '../../src/contract/photo.ts'
import { findViolations } from '../support/axe.ts'
import { findChromium } from '../support/chromium.ts'
import { openPages, SLOW_MS, shoot, tileOf } from '../support/page.ts'
import { type PhotoName, photoPath } from '../support/pictures.ts'
import { askJson, makeDataDir, spawnProgram, startProgram, until, upload } from '../support/program.ts'

const FIRST: readonly PhotoName[] = ['coffee', 'cat', 'kite', 'boats', 'wine']

describe.skipIf(!findChromium())('the state of the library', () => {
  it(
    'is told from the first folder on: what is done and due, what failed, folders, models; folders are added and read again',
    async () => {
      await using stack = new AsyncDisposableStack()
      const folder = await mkdtemp(join(tmpdir(), 'fototeca-page-'))
      stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
      const [first, second] = [join(folder, 'first'), join(folder, 'second')]
      await mkdir(first)
      await mkdir(second)
      for (const name of FIRST) await copyFile(photoPath(name), join(first, `${name}.jpg`))
      await copyFile(photoPath('leaf'), join(second, 'leaf.jpg'))
      await writeFile(join(second, 'note.jpg'), 'this is no picture at all')
      // what changes in a folder is found when it is read again, not before
      const program = stack.use(await startProgram({ env: { FOTOTECA_WATCH: 'off' } }))
      const pages = stack.use(await openPages(program))
      const page = await pages.open('/')

      await page.getByRole('heading', { name: 'Where are your pictures?' }).waitFor()
      expect(await findViolations(page)).toEqual([])
      await shoot(page, 'welcome-where')
      await page.getByRole('button', { name: 'In a folder' }).click()
      const browser = page.getByRole('region', { name: 'Folders' })
      const up = browser.getByRole('button', { name: 'Up one level' })
      const use = browser.getByRole('button', { name: 'Use this folder' })
      for (;;) {
        await use.waitFor()
        await browser.locator('p', { hasText: '/' }).first().waitFor()
        if ((await up.count()) === 0) break
        const before = await browser.locator('p').first().textContent()
        await up.click()
        await expect.poll(() => browser.locator('p').first().textContent()).not.toBe(before)
      }
      // the library’s own data lies somewhere below
      await browser.getByText('This folder can’t be added. Open one in it.').waitFor()
      expect(await use.isDisabled()).toBe(true)
      for (const name of (await realpath(first)).split('/').slice(1)) await browser.getByRole('button', { name, exact: true }).click()
      await browser.getByText('5 pictures directly in it').waitFor()
      expect(await findViolations(page)).toEqual([])
      await shoot(page, 'welcome-browse')
      await use.click()
      await page.getByRole('heading', { name: 'What will happen' }).waitFor()
      await expect.poll(() => page.evaluate('document.activeElement?.textContent')).toBe('What will happen')
      await page.getByText('Nothing. No server is contacted.').waitFor()
      await page.getByText('Search by meaning needs a model').waitFor()
      expect(await findViolations(page)).toEqual([])
      await shoot(page, 'welcome-what')
      await page.getByRole('button', { name: 'Add folder' }).click()
      // looked at from the start, to see it work
      await page.getByRole('button', { name: /^Library status|^Working|^Reading/ }).click()
      const panel = page.getByRole('region', { name: 'Library status' })
      await panel.getByText(/^\d done, \d to go/).waitFor()
      await tileOf(page, 'cat.jpg').waitFor()
      await panel.getByText('Everything is analysed.').waitFor({ timeout: SLOW_MS })
      await panel.getByRole('progressbar', { name: 'Analysed' }).waitFor({ state: 'detached' })
      const folders = panel.getByRole('region', { name: 'Folders' })
      await folders.getByText(first).waitFor()
      await folders.getByText('5 photos').waitFor()
      const models = panel.getByRole('region', { name: 'Models' })
      for (const name of ['centernet', 'face-api', 'pp-ocrv4']) await models.getByText(name).waitFor()
      await models.getByRole('link', { name: 'Manage models' }).waitFor()
      await panel.getByText('Nothing leaves this machine.').waitFor()
      await panel.getByText(/embedded database|PostgreSQL/).waitFor()

      await folders.getByText('Add a folder').click()
      // what is no folder leads home; one is chosen by looking for it
      await folders.getByLabel(/^A folder of the computer/).fill(join(folder, 'none'))
      await folders.getByRole('button', { name: 'Browse folders' }).click()
      const choose = page.getByRole('dialog', { name: 'Choose a folder' })
      await choose.getByText('This folder couldn’t be opened.').waitFor()
      await choose.getByRole('button', { name: 'Home folder' }).click()
      await choose.getByRole('button', { name: 'Use this folder' }).waitFor()
      await pages.expectRefusals(1)
      await page.keyboard.press('Escape')
      await folders.getByLabel(/^A folder of the computer/).fill(folder)
      await folders.getByRole('button', { name: 'Browse folders' }).click()
      await choose.getByRole('button', { name: 'second', exact: true }).click()
      await choose.getByText('2 pictures directly in it').waitFor()
      await choose.getByRole('button', { name: 'Use this folder' }).click()
      await choose.waitFor({ state: 'detached' })
      await expect.poll(() => folders.getByLabel(/^A folder of the computer/).inputValue()).toBe(second)
      await folders.getByRole('button', { name: 'Add folder' }).click()
      await folders.getByText(second).waitFor()
      await tileOf(page, 'leaf.jpg').waitFor()
      await panel.getByRole('link', { name: '1 could not be read' }).waitFor()

      await copyFile(photoPath('sunset'), join(first, 'sunset.jpg'))
      await folders.getByRole('button', { name: `Actions for ${first}` }).click()
      await folders.getByRole('button', { name: 'Scan now' }).click()
      await tileOf(page, 'sunset.jpg').waitFor()
      await folders.getByText('6 photos').waitFor()

      await panel.getByRole('link', { name: '1 could not be read' }).click()
      await page.getByRole('heading', { name: 'Failures' }).waitFor()
      await panel.waitFor({ state: 'detached' })
      await page.getByRole('link', { name: 'note.jpg' }).waitFor()
      await page.goBack()
      await page.getByRole('button', { name: /^Library status/ }).click()
      await page.keyboard.press('Escape')
      await panel.waitFor({ state: 'detached' })
      await pages.expectQuiet()
    },
    SLOW_MS,
  )

  it(
    'photos that a new model re-reads are paused over a restart, beside new photos, and go on',
    async () => {
      await using stack = new AsyncDisposableStack()
      const dataDir = await makeDataDir()
      stack.defer(() => rm(dataDir, { recursive: true, force: true, maxRetries: 5 }))
      const first = await startProgram({ dataDir })
      const send = async (url: string, name: PhotoName) => (await upload(url, `${name}.jpg`, await readFile(photoPath(name)))).id
      const progress = (url: string, isReached: (now: Progress) => boolean) => until<Progress>(`${url}/api/progress`, isReached, SLOW_MS)
      const old = [await send(first.url, 'cat'), await send(first.url, 'kite')]
      await progress(first.url, (now) => now.photos === 2 && now.due === 0)
      await first.stop()

      // the command line opens the library itself
      const pause = spawnProgram(['upgrade', 'pause'], dataDir)
      expect(await once(pause, 'exit')).toEqual([0, null])

      const program = stack.use(await startProgram({ dataDir, env: { FOTOTECA_MEANING: 'basic' } }))
      await progress(program.url, ({ upgrade, due }) => upgrade.photos === 2 && upgrade.paused && due === 0)
      const added = await send(program.url, 'leaf')
      const state = async (id: number, step: string) =>
        (await askJson<PhotoDetail>(`${program.url}/api/photos/${id}`)).steps.find((one) => one.step === step)?.state
      await until<PhotoDetail>(`${program.url}/api/photos/${added}`, (photo) => photo.state === 'completed', SLOW_MS)
      expect(await state(added, 'embedding')).toBe('done')
      for (const id of old) expect(await state(id, 'embedding')).toBe('due')

      const pages = stack.use(await openPages(program))
      const page = await pages.open('/')
      await page.getByRole('button', { name: /^Library status/ }).click()
      const panel = page.getByRole('region', { name: 'Library status' })
      await panel.getByText(/^2 photos to re-read for newer models or versions.* · paused$/).waitFor()
      await panel.getByRole('button', { name: 'Resume' }).click()
      await progress(program.url, ({ upgrade, due }) => upgrade.photos === 0 && !upgrade.paused && due === 0)
      for (const id of old) expect(await state(id, 'embedding')).toBe('done')
      await panel.getByText(/to re-read for newer models/).waitFor({ state: 'detached' })
      await pages.expectQuiet()
    },
    SLOW_MS * 2,
  )
})
