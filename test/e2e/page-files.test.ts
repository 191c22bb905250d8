/** @file Damaged and missing files in the page: found by a check that is started there, told, not given out, put right; and the last backup. */
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PhotoDetail } from '../../src/contract/photo.ts'
import { originalKey } from '../../src/storage/keys.ts'
import { renditionPath } from '../support/blobs.ts'
import { findChromium } from '../support/chromium.ts'
import { LONG, openPages, type Pages, PHONE, SLOW_MS, shoot, untilAnalysed } from '../support/page.ts'
import { type PhotoName, photoPath } from '../support/pictures.ts'
import { askJson, type Program, startProgram, upload } from '../support/program.ts'

interface Uploaded {
  readonly id: number
  readonly bytes: Buffer
  readonly path: string
  readonly sha256: string
}

/** some seconds for each picture: there is time to pause a check, on a busy machine too */
const SLOW_READING = { FOTOTECA_VERIFY_MB_PER_SECOND: '0.015' }

let program: Program
let pages: Pages
let stack: AsyncDisposableStack
/** to be damaged, removed, and shown by a damaged preview */
let flipped: Uploaded
let removed: Uploaded
let cut: Uploaded

async function add(name: PhotoName, filename: string): Promise<Uploaded> {
  const bytes = await sharp(photoPath(name)).resize(480).jpeg({ quality: 90 }).toBuffer()
  const { id } = await upload(program.url, filename, bytes)
  const { sha256 } = await askJson<PhotoDetail>(`${program.url}/api/photos/${id}`)
  return { id, bytes, sha256, path: join(program.dataDir, 'originals', originalKey(sha256)) }
}

const openPanel = async (page: Page): Promise<Locator> => {
  await page.getByRole('button', { name: /^Library status|^Working/ }).click()
  return page.getByRole('region', { name: 'Library status' })
}

describe.skipIf(!findChromium())('files in the page', () => {
  beforeAll(async () => {
    stack = new AsyncDisposableStack()
    program = stack.use(await startProgram({ env: SLOW_READING }))
    flipped = await add('cat', LONG)
    removed = await add('boats', 'boats.jpg')
    cut = await add('kite', 'kite.jpg')
    await untilAnalysed(program, 3)
    pages = stack.use(await openPages(program, { hasTouch: true }))
  }, SLOW_MS)
  afterAll(() => stack?.disposeAsync())

  it(
    'are checked from the status panel: started by keys, paused, resumed, with the result',
    async () => {
      const wrong = Buffer.from(flipped.bytes)
      wrong[1000] = (wrong[1000] ?? 0) ^ 1
      await writeFile(flipped.path, wrong)
      await rm(removed.path)
      await truncate(renditionPath(program.dataDir, cut.sha256, 'preview'), 300)

      const page = await pages.open('/')
      const panel = await openPanel(page)
      const files = panel.getByRole('region', { name: 'File check' })
      await files.getByText('The files have not been checked yet.').waitFor()
      await panel.getByRole('region', { name: 'Backup' }).getByText('Last backup: never.').waitFor()
      await shoot(page, 'panel-unchecked')
      await files.getByRole('button', { name: 'Check all files' }).press('Enter')
      await files.getByRole('progressbar', { name: 'Photos checked' }).waitFor()
      await files.getByText(/^\d of 3 photos$/).waitFor()
      await files.getByText(/\/s · about \d+ s left$/).waitFor()
      await shoot(page, 'panel-checking')
      await files.getByRole('button', { name: 'Pause check' }).press('Enter')
      await files.getByText(/^Paused · /).waitFor()
      await shoot(page, 'panel-paused')
      await files.getByRole('button', { name: 'Resume check' }).tap()
      await files.getByRole('button', { name: 'Pause check' }).waitFor()
      await askJson(`${program.url}/api/verify`, { mb_per_second: 0 })
      await files.getByText('2 originals were damaged or missing.').waitFor()
      await files.getByText('1 thumbnail or preview created again.').waitFor()
      await files.getByText(/^Last full check: \d/).waitFor()
      await panel.getByText(/^2 originals are damaged, missing, or unreadable/).waitFor()
      await shoot(page, 'panel-checked')
      await files.getByRole('link', { name: 'Show 2 damaged or missing files' }).tap()
      await page.getByRole('heading', { name: 'Failures' }).waitFor()
      await panel.waitFor({ state: 'detached' })
      await pages.expectQuiet()
    },
    SLOW_MS,
  )

  it(
    'that are wrong are listed with what to do, and are not downloaded',
    async () => {
      const page = await pages.open('/clean-up/failures')
      const list = page.getByRole('article', { name: 'Damaged or missing originals' })
      await list.getByText('Restore each one from a backup').waitFor()
      const entries = list.getByRole('listitem')
      for (const [name, kind] of [
        [LONG, /^Damaged: /],
        ['boats.jpg', /^Missing: /],
      ] as const) {
        const entry = entries.filter({ has: page.getByRole('link', { name }) })
        await entry.getByText(kind).waitFor()
        await entry.getByText(/^Found \d+ \w+ 2\d{3}/).waitFor()
      }
      await entries.first().getByText('Path and checksum').press('Enter')
      await entries.first().getByText('Expected SHA-256').waitFor()
      await shoot(page, 'failures-files')

      await list.getByRole('link', { name: LONG }).click()
      const panel = page.getByRole('complementary', { name: 'About this photo' })
      await panel.getByRole('alert').getByText('Original damaged: its contents are not what was added').waitFor()
      await shoot(page, 'photo-damaged')
      await panel.getByRole('link', { name: 'Download original' }).press('Enter')
      const messages = page.getByRole('status', { name: 'Messages' })
      await messages.getByText(`the original of photo ${flipped.id} is damaged, so it cannot be downloaded.`).waitFor()
      await shoot(page, 'photo-refused')
      await page.goto(`${program.url}/photo/${removed.id}`)
      await panel.getByRole('alert').getByText('Original missing: there is no file at its path').waitFor()
      await page
        .getByRole('region', { name: 'Picture' })
        .getByRole('button', { name: /^Download/ })
        .tap()
      await page.getByRole('dialog', { name: 'Download' }).getByRole('button', { name: 'Original' }).tap()
      await messages.getByText(`the original of photo ${removed.id} is missing.`).waitFor()
      // 409 and 404: the page asks first, so no file of the wrong content is saved
      await pages.expectRefusals(2)
      await pages.expectQuiet()
    },
    SLOW_MS,
  )

  it(
    'that are put back are problems no more once they are checked again, one or all',
    async () => {
      await writeFile(flipped.path, flipped.bytes)
      const page = await pages.open(`/photo/${flipped.id}`)
      const panel = page.getByRole('complementary', { name: 'About this photo' })
      await panel.getByRole('button', { name: 'Check again' }).press('Enter')
      await page.getByText('The original is intact.').waitFor()
      await panel.getByRole('alert').waitFor({ state: 'detached' })
      const download = page.waitForEvent('download')
      await panel.getByRole('link', { name: 'Download original' }).click()
      expect(await readFile(await (await download).path())).toEqual(flipped.bytes)

      await page.setViewportSize(PHONE)
      await page.goto(`${program.url}/clean-up/failures`)
      const again = page.getByRole('button', { name: 'Check again' })
      await again.tap()
      await page.getByText('1 original is still damaged or missing.').waitFor()
      await writeFile(removed.path, removed.bytes)
      await again.tap()
      await page.getByText('1 original is intact again. No problem is left.').waitFor()
      await page.getByRole('heading', { name: 'Nothing failed' }).waitFor()
      await shoot(page, 'failures-none')
      await pages.expectQuiet()
    },
    SLOW_MS,
  )

  it(
    'that are backed up: the status panel says when and where',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'fototeca-backup-'))
      stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
      const target = join(folder, 'the backups of the whole family on the large disk in the cupboard')
      const page = await pages.open('/')
      const backup = (await openPanel(page)).getByRole('region', { name: 'Backup' })
      await backup.getByText('npx fototeca backup').waitFor()
      await askJson(`${program.url}/api/backup`, { target })
      await backup.getByText(/^Last backup: \d/).waitFor()
      await backup.getByText(target).waitFor()
      await shoot(page, 'panel-backup')
      await pages.expectQuiet()
    },
    SLOW_MS,
  )
})
