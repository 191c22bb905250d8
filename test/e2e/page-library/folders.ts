/** @file Folders on the page, against the real program: paused, moved, removed with the photos in the trash or missing, and back again. */
import { cp, mkdir, mkdtemp, realpath, rename, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SourceReport } from '../../../src/contract/library.ts'
import { shoot, tileOf } from '../../support/page.ts'
import { photoPath } from '../../support/pictures.ts'
import { askJson, until } from '../../support/program.ts'
import { library, READABLE } from './library.ts'

/** in the folder, with the one that cannot be read */
const KNOWN = READABLE.length + 1

export function testFolders(): void {
  describe('folders', () => {
    let base: string
    beforeAll(async () => {
      base = await mkdtemp(join(tmpdir(), 'fototeca-moved-'))
    })
    afterAll(() => rm(base, { recursive: true, force: true }))

    const message = (page: Page) => page.getByRole('status', { name: 'Messages' })
    const untilFolder = (check: (folder: SourceReport | undefined) => boolean) =>
      until<{ sources: SourceReport[] }>(`${library().program.url}/api/sources`, ({ sources }) =>
        check(sources.find(({ path }) => path !== null)),
      )
    const findFolder = async () => {
      const { sources } = await askJson<{ sources: SourceReport[] }>(`${library().program.url}/api/sources`)
      return sources.find(({ path }) => path !== null) ?? expect.fail('there is no folder')
    }
    /** Opens the status panel with what can be done with the one folder. */
    const openActions = async (page: Page) => {
      await page.getByRole('button', { name: /Library status|Working|Reading/ }).click()
      const panel = page.getByRole('region', { name: 'Library status' })
      await panel.getByRole('button', { name: /^Actions for / }).click()
      return panel
    }

    it('is paused and resumed, and moved to where its files are now', async () => {
      const page = await library().open('/')
      await tileOf(page, 'boats.jpg').waitFor()
      const panel = await openActions(page)
      await panel.getByRole('button', { name: 'Pause' }).click()
      await panel.getByText('Paused').waitFor()
      await cp(photoPath('autumn'), join(library().folder, 'autumn.jpg'))
      const to = join(base, 'moved')
      await rename(library().folder, to)

      await panel.getByRole('button', { name: 'Move…', exact: true }).click()
      const dialog = page.getByRole('dialog', { name: 'Move folder' })
      await dialog.getByLabel('New path').fill(base)
      await dialog.getByRole('button', { name: 'Move folder' }).click()
      await dialog.getByText(`none of ${KNOWN} known files are in`).waitFor()
      await dialog.getByRole('button', { name: 'Move anyway' }).waitFor()
      await library().expectRefusals(1)
      await shoot(page, 'move-folder')
      await dialog.getByLabel('New path').fill(to)
      await dialog.getByRole('button', { name: 'Move folder' }).click()
      await dialog.waitFor({ state: 'detached' })
      await panel.getByText(to).waitFor()
      // still paused: what is new is not taken in
      await panel.getByText('Paused').waitFor()
      await panel.getByRole('button', { name: 'Resume' }).click()
      await tileOf(page, 'autumn.jpg').waitFor()
      await untilFolder((folder) => folder?.path === to && folder.missing === 0 && folder.paused_at === null)
    })

    it('has links that lead out of it: which may be followed is said on the page', async () => {
      const outside = join(await realpath(base), 'outside')
      await mkdir(outside)
      await cp(photoPath('stream'), join(outside, 'stream.jpg'))
      const { path } = await findFolder()
      await symlink(outside, join(path ?? '', 'album'))
      const page = await library().open('/')
      const panel = await openActions(page)
      await panel.getByRole('button', { name: 'Scan now' }).click()
      await untilFolder((folder) => folder?.skipped_links.count === 1)
      await panel.getByRole('button', { name: 'Links…' }).click()
      const dialog = page.getByRole('dialog', { name: 'Links out of the folder' })
      await dialog.getByText(`album → ${outside}`).waitFor()
      await shoot(page, 'follow-links')
      await dialog.getByLabel(/Folders links may lead to/).fill(outside)
      await dialog.getByRole('button', { name: 'Save' }).click()
      await dialog.waitFor({ state: 'detached' })
      await untilFolder((folder) => folder?.follow_links[0] === outside && folder.skipped_links.count === 0)
      await tileOf(page, 'stream.jpg').waitFor()
    })

    it('is removed: its photos go to the trash and come back with it; or they stay as missing', async () => {
      const page = await library().open('/')
      await tileOf(page, 'boats.jpg').waitFor()
      await openActions(page)
      await page.getByRole('button', { name: 'Remove…' }).click()
      const dialog = page.getByRole('dialog', { name: 'Remove folder?' })
      await dialog.getByText(/^\d+ photos will move to the trash/).waitFor()
      await shoot(page, 'remove-folder')
      // Esc closes the dialog and leaves the panel open
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
      await page.getByRole('button', { name: 'Remove…' }).click()
      await dialog.getByText(/^\d+ photos will move to the trash/).waitFor()
      await dialog.getByRole('button', { name: 'Remove folder' }).click()
      await dialog.waitFor({ state: 'detached' })
      await tileOf(page, 'boats.jpg').waitFor({ state: 'detached' })
      await untilFolder((folder) => folder === undefined)
      await message(page).getByRole('button', { name: 'Undo' }).click()
      await message(page).getByText('is back.').waitFor()
      await tileOf(page, 'boats.jpg').waitFor()
      await untilFolder((folder) => folder !== undefined && folder.photos >= READABLE.length && folder.missing === 0)

      const again = await library().open('/')
      await openActions(again)
      await again.getByRole('button', { name: 'Remove…' }).click()
      const ask = again.getByRole('dialog', { name: 'Remove folder?' })
      await ask.getByLabel('Keep its photos, marked as missing').check()
      await ask.getByText(/^\d+ photos will stay/).waitFor()
      await ask.getByRole('button', { name: 'Remove folder' }).click()
      await ask.waitFor({ state: 'detached' })
      await untilFolder((folder) => folder === undefined)
      await tileOf(again, 'boats.jpg').waitFor()
      await message(again).getByRole('button', { name: 'Undo' }).click()
      await untilFolder((folder) => folder !== undefined && folder.photos >= READABLE.length && folder.missing === 0)
      expect(await tileOf(again, 'boats.jpg').count()).toBe(1)
    })
  })
}
