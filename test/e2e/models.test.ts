/** @file The Models page in a real browser against the real program: a second model fills its space, takes over, and is left again; terms are shown. */
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest'
import { findChromium } from '../support/chromium.ts'
import { writeFiles } from '../support/embedding-folder.ts'
import { smallModel } from '../support/model-library.ts'
import { openPageLibrary, type PageLibrary, SLOW_MS, untilAnalysed } from '../support/page.ts'
import { askJson } from '../support/program.ts'
import { noData } from '../support/shared.ts'

let library: PageLibrary

describe.skipIf(noData || !findChromium())('the Models page', () => {
  beforeAll(async () => {
    library = await openPageLibrary(['sheep.jpg', 'trip/zebra.jpg'])
    const { program, folder } = library
    for (const [name, factor] of [
      ['first-model', 1],
      ['second-model', 5],
    ] as const) {
      const path = join(folder, '.models', name)
      await writeFiles(path, smallModel(factor, false))
      await askJson(`${program.url}/api/models/import`, { path })
    }
    await untilAnalysed(program, 2)
  }, SLOW_MS + 60_000)
  afterAll(() => library?.[Symbol.asyncDispose]())
  afterEach(() => library.expectQuiet())

  it('is reached from the status panel; a model is chosen, fills, answers, and is left; terms come before a download', async () => {
    const page = await library.open('/')
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
  })
})
