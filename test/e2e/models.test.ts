/**
 * @file The Models page in a real browser against the real program: a second model fills its space, takes over, and is left again;
 * terms come before a download; one fails, is repeated and goes on where it was cut; changed files are refused; two models are tried on one photo.
 */
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest'
import { findChromium } from '../support/chromium.ts'
import { darkCutter } from '../support/cut-out-folder.ts'
import { writeFiles } from '../support/embedding-folder.ts'
import { fixedScrfd, meanRecogniser } from '../support/face-pack.ts'
import { type FakeHub, startFakeHub } from '../support/fake-hub.ts'
import { smallModel } from '../support/model-library.ts'
import { openPageLibrary, type PageLibrary, SLOW_MS, shoot, untilAnalysed } from '../support/page.ts'
import { photoPath } from '../support/pictures.ts'
import { askJson } from '../support/program.ts'
import { writeCellDetector } from '../support/vision-folder.ts'

const CUTTER = 'studioludens/birefnet-lite-512/onnx/model.onnx'
let hub: FakeHub
let library: PageLibrary

describe.skipIf(!findChromium())('the Models page', () => {
  beforeAll(async () => {
    hub = await startFakeHub({
      // not the pinned ones
      'immich-app/buffalo_s/detection/model.onnx': fixedScrfd(),
      'immich-app/buffalo_s/recognition/model.onnx': meanRecogniser(),
      [CUTTER]: darkCutter(512),
    })
    library = await openPageLibrary(
      { 'coffee.jpg': photoPath('coffee'), 'trip/kite.jpg': photoPath('kite') },
      { FOTOTECA_MODEL_HUB: hub.url, FOTOTECA_MODEL_DOWNLOAD: 'ask' },
    )
    const { program, folder } = library
    // how many pictures together serve best is measured for one of them: it takes seconds
    for (const [name, factor, isAlone] of [
      ['first-model', 1, true],
      ['second-model', 5, false],
    ] as const) {
      const path = join(folder, '.models', name)
      await writeFiles(path, smallModel(factor, isAlone))
      await askJson(`${program.url}/api/models/import`, { path })
    }
    await untilAnalysed(program, 2)
  }, SLOW_MS + 60_000)
  afterAll(async () => {
    await library?.[Symbol.asyncDispose]()
    await hub?.[Symbol.asyncDispose]()
  })
  afterEach(() => library.expectQuiet())

  it('is reached from the status panel; a model is chosen, fills, answers, and is left; terms come before a download', async () => {
    const page = await library.open('/')
    await page
      .getByRole('banner')
      .getByRole('button', { name: /librar|status|analysed|photos/i })
      .first()
      .click()
    await page.getByRole('link', { name: 'Manage models' }).click()
    await page.waitForURL('**/settings/models')
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

  it('a model that is not the one this version knows is refused after its terms were accepted', async () => {
    const page = await library.open('/settings/models')
    const card = page.getByRole('article', { name: 'buffalo_s', exact: true })
    await card.getByText(/^pinned: commit 0ff1751885, every file by its SHA-256$/).waitFor()
    await card.getByRole('button', { name: 'Download' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Accept and download' }).click()
    await card.getByText(/is another file now than the one this version of fototeca knows/).waitFor()
    await shoot(page, 'models-refused')
  })

  it('a download that brought wrong bytes says so on its card; repeated, it shows how far it is over cut connections, and is installed; other files later are accepted by a click', async () => {
    const page = await library.open('/settings/models')
    const card = page.getByRole('article', { name: 'birefnet-lite-512', exact: true })
    await card.getByText(/^not pinned yet/).waitFor()
    const download = () => card.getByRole('button', { name: 'Download' }).click()
    hub.misbehave = ({ path }) => (path === CUTTER ? { kind: 'wrong' } : null)
    await download()
    await card.getByText(/sent other bytes than it promises/).waitFor()
    await shoot(page, 'models-failed')

    let cuts = 0
    hub.misbehave = ({ path }) => (path === CUTTER && cuts++ < 4 ? { kind: 'cut', after: 50 } : null)
    await download()
    await card.getByRole('progressbar', { name: 'Download of birefnet-lite-512' }).waitFor()
    await card.getByText('Installed', { exact: true }).waitFor()
    await card.getByText(/ms a picture/).waitFor()
    await card.getByText(/^pinned to what was first downloaded on /).waitFor()

    await card.getByRole('button', { name: 'Delete birefnet-lite-512' }).click()
    await card.getByText('Available', { exact: true }).waitFor()
    hub.files.set(CUTTER, darkCutter(512, 11))
    await download()
    await card.getByText(/is another file now than the one first downloaded here/).waitFor()
    await card.getByRole('button', { name: 'Accept the new files' }).click()
    await card.getByText('Installed', { exact: true }).waitFor()
  })

  it('two models are tried on one photo, side by side, and nothing of it is stored', async () => {
    const { program, folder } = library
    await askJson(`${program.url}/api/models/import`, { path: writeCellDetector(join(folder, '.models', 'cells'), { side: 64, cell: 32 }) })
    const page = await library.open('/settings/models')
    const panel = page.getByRole('region', { name: 'Try on a photo' })
    await panel.getByRole('button', { name: 'coffee.jpg' }).click()
    await panel.getByLabel('Model', { exact: true }).selectOption('cells')
    await panel.getByLabel('Beside it').selectOption('centernet')
    await panel.getByRole('button', { name: 'Try' }).click()
    for (const name of ['cells', 'centernet']) await panel.getByRole('article', { name, exact: true }).getByText('cup').first().waitFor()
    await panel.scrollIntoViewIfNeeded()
    await shoot(page, 'models-try')
  })
})
