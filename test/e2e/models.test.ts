/** @file The Models page in a real browser against the real program: a second model fills its space, takes over, and is left again; terms are shown. */
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Progress } from '../../src/contract/library.ts'
import { openBrowser } from '../support/browser.ts'
import { findChromium } from '../support/chromium.ts'
import { writeFiles } from '../support/embedding-folder.ts'
import { smallModel } from '../support/model-library.ts'
import { type Program, startProgram, until } from '../support/program.ts'
import { dataPath, noData } from '../support/shared.ts'

const SLOW_MS = 600_000

let program: Program
let browser: Awaited<ReturnType<typeof openBrowser>>
let folder: string

describe.skipIf(noData || !findChromium())('the Models page', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fototeca-models-'))
    for (const id of ['269196', '244592']) await copyFile(dataPath(`labelled-photos/images/000000${id}.jpg`), join(folder, `${id}.jpg`))
    program = await startProgram({ args: [folder] })
    for (const [name, factor] of [
      ['first-model', 1],
      ['second-model', 5],
    ] as const) {
      const path = join(folder, '.models', name)
      await writeFiles(path, smallModel(factor))
      const answer = await fetch(`${program.url}/api/models/import`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ path }),
      })
      expect(answer.status).toBe(200)
    }
    await until<Progress>(`${program.url}/api/progress`, (progress) => progress.photos >= 2 && progress.due === 0, SLOW_MS)
    browser = await openBrowser()
  }, SLOW_MS + 60_000)
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await program?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  it('is reached from the status panel; a model is chosen, fills, answers, and is left; terms come before a download', async () => {
    const page = await browser.context.newPage()
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.setDefaultTimeout(120_000)
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.goto(program.url)
    await page
      .getByRole('banner')
      .getByRole('button', { name: /librar|status|analysed|photos/i })
      .first()
      .click()
    await page.getByRole('link', { name: 'Look at models' }).click()
    await page.getByRole('heading', { name: 'Models', exact: true }).waitFor()
    const card = (name: string) => page.getByRole('article', { name, exact: true })
    const space = (name: string) => page.getByRole('list', { name: 'Spaces' }).getByRole('listitem', { name, exact: true })
    await card('first-model').getByText('In use', { exact: true }).waitFor()
    await space('first-model').getByText('Answers searches, 2 photos').waitFor()
    await card('second-model')
      .getByText(/ms a picture/)
      .waitFor()

    await card('second-model').getByRole('button', { name: 'Use', exact: true }).click()
    await space('second-model').getByText('Answers searches, 2 photos').waitFor()
    await card('second-model').getByText('In use', { exact: true }).waitFor()
    await space('first-model').getByRole('button', { name: 'Go back to it' }).click()
    await space('first-model').getByText('Answers searches, 2 photos').waitFor()
    await space('second-model').getByRole('button', { name: 'Delete the vectors of second-model' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete them' }).click()
    await space('second-model').waitFor({ state: 'detached' })
    await card('second-model').getByRole('button', { name: 'Delete second-model' }).click()
    await card('second-model').waitFor({ state: 'detached' })

    await card('buffalo_l').getByRole('button', { name: 'Download' }).click()
    await page
      .getByRole('dialog')
      .getByText(/non-commercial research only/)
      .waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Leave it' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
  })
})
