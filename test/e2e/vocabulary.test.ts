/** @file The vocabulary in a real browser against the real program: a word is found, given a threshold, added, removed; each with its way back. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { VocabularyReport, WordReport } from '../../src/contract/vocabulary.ts'
import { findChromium } from '../support/chromium.ts'
import { openPageLibrary, type PageLibrary, SLOW_MS, untilAnalysed } from '../support/page.ts'
import { askJson, until } from '../support/program.ts'
import { modelPath, noData } from '../support/shared.ts'

let library: PageLibrary

describe.skipIf(noData || !findChromium())('the vocabulary', () => {
  beforeAll(async () => {
    library = await openPageLibrary(['sheep.jpg', 'trip/pizza.jpg'])
    const { url } = library.program
    await askJson(`${url}/api/models/import`, { path: modelPath('semantic-standin') })
    await untilAnalysed(library.program, 2)
    // the words are encoded and calibrated
    await until<{ words: WordReport[] }>(`${url}/api/vocabulary/words?q=pizza`, ({ words }) => words[0]?.measured != null, SLOW_MS)
  }, SLOW_MS + 60_000)
  afterAll(() => library?.[Symbol.asyncDispose]())
  afterEach(() => library.expectQuiet())

  const vocabulary = () => askJson<VocabularyReport>(`${library.program.url}/api/vocabulary`)

  it('is found by name; a threshold is changed and taken back, a word added and removed, all of it undone', async () => {
    const page = await library.open('/vocabulary')
    await page.getByText('4,585 words').waitFor()
    const words = page.getByRole('list', { name: 'Words' }).getByRole('listitem')
    await page.getByPlaceholder('Find a word').fill('dog')
    await page.getByText('4,585 words').waitFor({ state: 'hidden' })
    await expect.poll(() => words.first().getAttribute('aria-label')).toBe('dog')
    await page.getByRole('listitem', { name: 'hot dog', exact: true }).waitFor()

    await page.getByRole('button', { name: 'Change dog', exact: true }).click()
    await page.getByLabel('Said from a score of').fill('6')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Dog: said from 6 on.').waitFor()
    await page.getByRole('listitem', { name: 'dog', exact: true }).getByText('from 6.00, yours').waitFor()
    await expect.poll(async () => (await vocabulary()).thresholds).toEqual([{ word: 'dog', threshold: 6 }])
    await page.getByRole('button', { name: 'Undo', exact: true }).click()
    await expect.poll(async () => (await vocabulary()).thresholds).toEqual([])

    await page.getByPlaceholder('Find a word').fill('margherita with basil')
    await page.getByText('No word like').waitFor()
    await page.getByRole('button', { name: 'New word' }).click()
    await page.getByLabel('A kind of').fill('pizza')
    await page.getByRole('button', { name: 'Save' }).click()
    const own = page.getByRole('listitem', { name: 'margherita with basil', exact: true })
    await own.getByText('yours').waitFor()
    await own.getByText('a kind of pizza').waitFor()
    await page.getByRole('button', { name: 'Yours' }).click()
    await page.getByText('1 word', { exact: true }).waitFor()

    await page.getByRole('button', { name: 'Change margherita with basil' }).click()
    await page.getByRole('button', { name: 'Remove this word' }).click()
    await page.getByText('Removed the word margherita with basil.').waitFor()
    await page.goto(`${library.program.url}/changes`)
    await page.getByRole('button', { name: 'Undo: removed the word margherita with basil' }).click()
    await expect.poll(async () => (await vocabulary()).added).toMatchObject([{ word: 'margherita with basil' }])
  })
})
