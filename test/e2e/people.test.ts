/** @file People and clusters in a real browser: named, merged, split, moved by a click on the picture, asked about; clusters renamed and merged; all undone. */
import { basename } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { ClusterList } from '../../src/contract/clusters.ts'
import type { Progress } from '../../src/contract/library.ts'
import type { PeopleAnswer, QuestionsAnswer } from '../../src/contract/people.ts'
import { findChromium } from '../support/chromium.ts'
import { openPageLibrary, SLOW_MS, shoot } from '../support/page.ts'
import { drawnPath } from '../support/pictures.ts'
import { DOUBTFUL, PORTRAITS } from '../support/portraits.ts'
import { askJson, until } from '../support/program.ts'

/** Two people, several photos of each, and one of each too unlike to be put there unasked; then papers and products. */
const FACES = Object.entries(PORTRAITS).flatMap(([name, portraits]) =>
  portraits.map((portray, index) => [`${name} ${index}`, portray] as const),
)
const UNSURE = Object.entries(DOUBTFUL).map(([name, portray]) => [`${name} doubtful`, portray] as const)
const PAPERS = (['bakery', 'hardware', 'pharmacy', 'toys'] as const).map((name) => drawnPath(`receipt-${name}`))
const PRODUCTS = (['hoop', 'hoop-grey', 'pearl', 'pearl-grey'] as const).map((name) => drawnPath(`product-${name}`))

describe.skipIf(!findChromium())('people and clusters', () => {
  it(
    'are put in order on their pages, each step undone by one press',
    async () => {
      const pictures = {
        ...Object.fromEntries([...FACES, ...UNSURE].map(([name, portray]) => [`faces/${name}.jpg`, () => portray().jpeg().toBuffer()])),
        ...Object.fromEntries([...PAPERS, ...PRODUCTS].map((path) => [`plain/${basename(path)}`, path])),
      }
      const photos = Object.keys(pictures).length
      await using library = await openPageLibrary(pictures)
      const { program } = library
      const people = `${program.url}/api/people`
      await until<PeopleAnswer>(`${people}?show=unnamed`, ({ total }) => total === 2, SLOW_MS)
      const page = await library.open('/explore/people')
      const undo = async () => {
        await page.getByRole('button', { name: 'Undo' }).last().click()
        await page.getByText('Undone.').last().waitFor()
      }

      const fields = page.getByRole('combobox', { name: 'Who is this?' })
      await fields.nth(1).waitFor()
      await fields.first().fill('Ada')
      await fields.first().press('Enter')
      await page.getByText('Named Ada.').waitFor()
      // the other one by the same name: asked, merged, and taken back
      await expect.poll(() => fields.count()).toBe(1)
      await fields.first().fill('Ada')
      await fields.first().press('Enter')
      await page.getByRole('alertdialog', { name: 'Same person?' }).waitFor()
      await shoot(page, 'people-same')
      await page.getByRole('button', { name: 'Merge' }).click()
      await page.getByText(/^Merged /).waitFor()
      await until<PeopleAnswer>(`${people}?show=unnamed`, ({ total }) => total === 0)
      await undo()
      await until<PeopleAnswer>(`${people}?show=unnamed`, ({ total }) => total === 1)

      // split one face off, undone
      const { people: named } = await until<PeopleAnswer>(`${people}?show=named`, ({ total }) => total === 1)
      await page.goto(`${program.url}/explore/people/${named[0]?.id}`)
      const faces = page.getByRole('list', { name: 'Faces' })
      await faces.getByRole('button').nth(1).waitFor()
      const before = await faces.getByRole('button').count()
      await faces.getByRole('button').first().click()
      await page.getByRole('button', { name: 'Split off' }).click()
      await expect.poll(() => faces.getByRole('button').count()).toBe(before - 1)
      await undo()
      await expect.poll(() => faces.getByRole('button').count()).toBe(before)

      // on the photo: a click on the face’s box moves it to somebody else
      await faces.getByRole('link').first().click()
      await page.getByRole('button', { name: 'Back (Esc)' }).waitFor()
      await page.keyboard.press('n')
      const box = page.getByRole('button', { name: 'Ada: change whose face this is' })
      await box.waitFor()
      await shoot(page, 'photo-faces')
      await box.click()
      const dialog = page.getByRole('dialog', { name: 'Is this not Ada?' })
      await shoot(page, 'photo-face-dialog')
      await dialog.getByRole('textbox').fill('Grace')
      await dialog.getByRole('button', { name: 'Move' }).click()
      await page.getByRole('button', { name: 'Grace: change whose face this is' }).waitFor()
      await undo()
      await box.waitFor()

      // a photo is thrown away by a key, and comes back by undo
      await page.keyboard.press('Delete')
      await until<Progress>(`${program.url}/api/progress`, (now) => now.photos === photos - 1)
      await undo()
      await until<Progress>(`${program.url}/api/progress`, (now) => now.photos === photos)

      await askQuestions(page, program.url)
      await orderClusters(page, program.url)
      await library.expectQuiet()
    },
    SLOW_MS,
  )
})

/** “Is this …?” about faces that lie near somebody: answered by a key, undone by another. */
async function askQuestions(page: Page, url: string): Promise<void> {
  await until<QuestionsAnswer>(`${url}/api/people/questions`, ({ total }) => total > 0)
  await page.goto(`${url}/clean-up/faces`)
  await page.getByText(/^0 of \d+ answered/).waitFor()
  await shoot(page, 'people-question')
  await page.keyboard.press('y')
  await page.getByText(/^1 of /).waitFor()
  await page.getByRole('button', { name: 'Undo' }).waitFor()
  await page.keyboard.press('u')
  await page.getByText(/^0 of /).waitFor()
}

async function orderClusters(page: Page, url: string): Promise<void> {
  const clusters = `${url}/api/clusters`
  const madeAt = async () => (await askJson<ClusterList>(clusters)).state.made_at
  /** a run asked for after `before` is over, not only not begun */
  const ran = (before: string | null) =>
    until<ClusterList>(clusters, ({ state }) => !state.running && state.made_at !== null && state.made_at !== before, SLOW_MS)
  const before = await madeAt()
  await askJson(`${clusters}/run`, {})
  const { clusters: found } = await ran(before)
  expect(found.length).toBeGreaterThanOrEqual(2)
  await page.goto(`${url}/explore/topics`)
  const list = page.getByRole('list', { name: 'Clusters' })
  await list.getByRole('listitem').nth(1).waitFor()
  await shoot(page, 'clusters')
  const rename = list.getByRole('button', { name: /^Rename or merge/ })
  await rename.first().click()
  await page.getByRole('textbox', { name: 'Name of the cluster' }).fill('Papers')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Named Papers. The name stays.').waitFor()
  // it stays when all photos are looked at again
  const earlier = await madeAt()
  await page.getByRole('button', { name: 'Refresh' }).click()
  await ran(earlier)
  await until<ClusterList>(clusters, ({ clusters: all }) => all.some(({ name, id }) => name === 'Papers' && id === found[0]?.id))
  await list.getByRole('heading', { name: 'Papers' }).waitFor()
  await rename.nth(1).click()
  await page.getByRole('combobox', { name: 'Merge into' }).selectOption({ label: 'Papers' })
  await page.getByText(/^Merged into Papers/).waitFor()
  await until<ClusterList>(clusters, ({ clusters: all }) => all.length === found.length - 1)
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await page.getByText('Undone.').last().waitFor()
  await until<ClusterList>(clusters, ({ clusters: all }) => all.length === found.length)
  // by keys: the first card is hidden, the next one is reached, and it comes back
  await page.reload()
  await list.getByRole('heading', { name: 'Papers' }).waitFor()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('h')
  await page.getByText(/ is hidden\.$/).waitFor()
  await until<ClusterList>(clusters, ({ clusters: all }) => all.length === found.length - 1)
  await page.keyboard.press('n')
  await page.getByRole('textbox', { name: 'Name of the cluster' }).press('Escape')
  await page.keyboard.press('u')
  await until<ClusterList>(clusters, ({ clusters: all }) => all.length === found.length)
}
