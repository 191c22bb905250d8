/** @file Duplicates and the trash in a real browser: sets decided by keys, undone, accepted at once; photos brought back. */
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { DuplicatesOverview } from '../../src/contract/duplicates.ts'
import type { Progress } from '../../src/contract/library.ts'
import type { TrashReport } from '../../src/contract/trash.ts'
import { findChromium } from '../support/chromium.ts'
import { holds, LONG, openPages, shoot, untilAnalysed } from '../support/page.ts'
import { photoPath } from '../support/pictures.ts'
import { startProgram, until, upload } from '../support/program.ts'

const PHOTOS = ['coffee', 'autumn', 'dogs'] as const

describe.skipIf(!findChromium())('duplicates', () => {
  it('are decided by keys, undone, accepted all at once, and brought back from the trash', async () => {
    await using program = await startProgram()
    for (const name of PHOTOS) {
      const picture = sharp(photoPath(name))
      await upload(program.url, `${name}.jpg`, await picture.clone().jpeg({ quality: 95 }).toBuffer())
      const poorer = await picture.clone().jpeg({ quality: 60 }).toBuffer()
      await upload(program.url, name === 'dogs' ? LONG : `${name}-copy.jpg`, poorer)
    }
    await untilAnalysed(program, 6)
    await until<DuplicatesOverview>(`${program.url}/api/duplicates`, ({ kinds }) => kinds.some(({ sets }) => sets === 3))
    await using pages = await openPages(program)
    const page = await pages.open('/clean-up/duplicates')
    const set = page.getByRole('list', { name: 'Photos of this set' })
    await set.getByRole('button').nth(1).waitFor()
    await page.getByText('0 of 3 looked at').waitFor()
    await holds(page, '[...document.images].every((one) => one.complete && one.naturalWidth > 0)')
    await shoot(page, 'duplicates')
    // the suggestion: the poorer one goes
    await expect.poll(() => set.getByText('Move to trash').count()).toBe(1)
    await page.keyboard.press('k')
    await page.getByText('1 of 3 looked at').waitFor()
    await until<TrashReport>(`${program.url}/api/trash`, ({ total }) => total === 1)
    await page.getByRole('button', { name: 'Undo' }).waitFor()
    await page.keyboard.press('u')
    await page.getByText('0 of 3 looked at').waitFor()
    await until<TrashReport>(`${program.url}/api/trash`, ({ total }) => total === 0)
    // not a duplicate: it is not asked again
    await set.getByRole('button').nth(1).waitFor()
    await page.keyboard.press('d')
    await page.getByText('1 of 3 looked at').waitFor()
    await until<DuplicatesOverview>(`${program.url}/api/duplicates`, ({ kinds }) => kinds.some(({ sets }) => sets === 2))
    await page.getByRole('button', { name: 'Accept all…' }).click()
    await page.getByText('Of 2 sets, 2 photos').waitFor()
    await shoot(page, 'duplicates-accept')
    await page.getByRole('button', { name: '2 photos to the trash' }).click()
    await page.getByText(/All of this kind are looked at|No duplicates to decide/).waitFor()
    await shoot(page, 'duplicates-empty')

    await until<TrashReport>(`${program.url}/api/trash`, ({ total }) => total === 2)
    await page.goto(`${program.url}/trash`)
    const thrown = page.getByRole('list', { name: 'Photos in the trash' })
    await thrown.getByRole('button').nth(1).waitFor()
    await shoot(page, 'trash')
    await thrown.getByRole('button', { name: 'Restore' }).first().click()
    await page.getByText('1 photo restored.').waitFor()
    await page.getByRole('button', { name: 'Empty trash…' }).click()
    await page.getByRole('button', { name: 'Empty the trash', exact: true }).click()
    await page.getByText('The trash is empty').waitFor()
    await shoot(page, 'trash-empty')
    // the counts are kept for a moment, so they are waited for
    await until<Progress>(`${program.url}/api/progress`, ({ photos }) => photos === 5)
    await pages.expectQuiet()
  })
})
