/** @file The vocabulary in a real browser against the real program: a word is found, given a threshold, added, removed; each with its way back. */
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Progress } from '../../src/contract/library.ts'
import type { VocabularyReport, WordReport } from '../../src/contract/vocabulary.ts'
import { openBrowser } from '../support/browser.ts'
import { findChromium } from '../support/chromium.ts'
import { type Program, startProgram, until } from '../support/program.ts'
import { dataPath, modelPath, noData } from '../support/shared.ts'

const SLOW_MS = 600_000

let program: Program
let browser: Awaited<ReturnType<typeof openBrowser>>
let folder: string

describe.skipIf(noData || !findChromium())('the vocabulary', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fototeca-vocabulary-'))
    for (const id of ['269196', '092660']) await copyFile(dataPath(`labelled-photos/images/000000${id}.jpg`), join(folder, `${id}.jpg`))
    program = await startProgram({ args: [folder] })
    await fetch(`${program.url}/api/models/import`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ path: modelPath('semantic-standin') }),
    })
    await until<Progress>(`${program.url}/api/progress`, (progress) => progress.photos >= 2 && progress.due === 0, SLOW_MS)
    // the words are encoded and calibrated
    await until<{ words: WordReport[] }>(`${program.url}/api/vocabulary/words?q=pizza`, ({ words }) => words[0]?.measured != null, SLOW_MS)
    browser = await openBrowser()
  }, SLOW_MS + 60_000)
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await program?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  const vocabulary = async () => (await fetch(`${program.url}/api/vocabulary`)).json() as Promise<VocabularyReport>

  it('is found by name; a threshold is changed and taken back, a word added and removed, all of it undone', async () => {
    const page = await browser.context.newPage()
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.setDefaultTimeout(120_000)
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.goto(`${program.url}/vocabulary`)
    await page.getByText('4,585 words').waitFor()
    const words = page.getByRole('list', { name: 'Words' }).getByRole('listitem')
    await page.getByPlaceholder('Find a word').fill('dog')
    await page.getByText('4,585 words').waitFor({ state: 'hidden' })
    expect(await words.first().getAttribute('aria-label')).toBe('dog')
    await page.getByRole('listitem', { name: 'hot dog', exact: true }).waitFor()

    await page.getByRole('button', { name: 'Change dog', exact: true }).click()
    await page.getByLabel('Said from a score of').fill('6')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Dog: said from 6 on.').waitFor()
    await page.getByRole('listitem', { name: 'dog', exact: true }).getByText('from 6.00, yours').waitFor()
    expect((await vocabulary()).thresholds).toEqual([{ word: 'dog', threshold: 6 }])
    await page.getByRole('button', { name: 'Undo', exact: true }).click()
    await expect.poll(async () => (await vocabulary()).thresholds, { timeout: 60_000 }).toEqual([])

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
    await page.goto(`${program.url}/changes`)
    await page.getByRole('button', { name: 'Undo: removed the word margherita with basil' }).click()
    await expect.poll(async () => (await vocabulary()).added, { timeout: 60_000 }).toMatchObject([{ word: 'margherita with basil' }])
    expect(complaints).toEqual([])
    await page.close()
  })
})
