/**
 * @file What a text–image model brings, in a real browser against the real program: photos are found by what they show, by words and by
 * pictures, and get tags in words. The model is the tests’ own, made of their pictures; no file name says what is in a picture.
 */
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { SearchAnswer } from '../../src/contract/search.ts'
import type { VocabularyReport, WordReport } from '../../src/contract/vocabulary.ts'
import { findChromium } from '../support/chromium.ts'
import { openPageLibrary, type PageLibrary, SLOW_MS, tileOf, untilAnalysed } from '../support/page.ts'
import { drawnPath, photoPath } from '../support/pictures.ts'
import { askJson, until } from '../support/program.ts'
import { writeTinyMeaningModel } from '../support/tiny-meaning-model.ts'

const PHOTOS = {
  'a1.jpg': photoPath('forest'),
  'a2.jpg': photoPath('sunset'),
  'a3.jpg': photoPath('cat'),
  'a4.jpg': photoPath('stream'),
  'a5.jpg': photoPath('kite'),
  'a6.jpg': drawnPath('scene-night'),
  'a7.jpg': drawnPath('receipt-bakery'),
} as const
const COUNT = Object.keys(PHOTOS).length
let library: PageLibrary

const dropOnSearch = (base64: string) => `(() => {
  const transfer = new DataTransfer()
  const bytes = Uint8Array.from(atob('${base64}'), (char) => char.charCodeAt(0))
  transfer.items.add(new File([bytes], 'mine.jpg', { type: 'image/jpeg' }))
  document.querySelector('search form').dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }))
})()`

describe.skipIf(!findChromium())('a model that knows what words mean', () => {
  beforeAll(async () => {
    library = await openPageLibrary(PHOTOS)
  }, SLOW_MS)
  afterAll(() => library?.[Symbol.asyncDispose]())
  afterEach(() => library.expectQuiet())

  const search = (q: string, mode: string) => askJson<SearchAnswer>(`${library.program.url}/api/search?${new URLSearchParams({ q, mode })}`)
  const firstOf = (page: Page) => page.getByRole('grid', { name: 'Hits' }).locator('[data-photo]').first().getAttribute('aria-label')

  it('is waited for; once it is imported the page of models shows its space filled, and photos are found by what they show, with why', async () => {
    const page = await library.open('/search?q=a%20path%20among%20tall%20trees&mode=semantic')
    await page.getByRole('note').filter({ hasText: /model/i }).waitFor()

    const path = await writeTinyMeaningModel(join(library.folder, '.models', 'tiny'))
    await askJson(`${library.program.url}/api/models/import`, { path })
    await page.goto(`${library.program.url}/models`)
    const space = page.getByRole('list', { name: 'Spaces' }).getByRole('listitem', { name: 'tiny', exact: true })
    await space.getByText(`Answers searches, ${COUNT} photos`).waitFor({ timeout: SLOW_MS })
    await untilAnalysed(library.program, COUNT)

    for (const [words, name] of [
      ['a path among tall trees', 'a1.jpg'],
      ['evening over the hills', 'a2.jpg'],
      ['water flowing among grey rocks', 'a4.jpg'],
      ['bill of a shop', 'a7.jpg'],
    ] as const) {
      await page.goto(`${library.program.url}/search?mode=semantic`)
      await page.getByLabel('Search photos').fill(words)
      await page.keyboard.press('Enter')
      await tileOf(page, name).waitFor()
      await page.getByText(`photos for “${words}”`).waitFor()
      await expect.poll(() => firstOf(page), { message: words }).toContain(`${name},`)
    }
    // these stand nowhere: in no name, no text, and no tag that is known
    for (const [word, name] of [
      ['towering', 'a1.jpg'],
      ['striped', 'a3.jpg'],
      ['nocturnal', 'a6.jpg'],
    ] as const) {
      expect((await search(word, 'keyword')).hits, word).toEqual([])
      const [first] = (await search(word, 'hybrid')).hits
      expect(first, word).toMatchObject({ photo: { filename: name }, why: [{ list: 'semantic', rank: 1 }] })
    }
    await page.getByText('Hybrid', { exact: true }).click()
    await expect.poll(() => page.url()).not.toContain('mode=')
    await tileOf(page, 'a7.jpg').waitFor()
    await tileOf(page, 'a7.jpg').hover()
    await tileOf(page, 'a7.jpg')
      .getByText(/near in meaning, distance 0\.\d\d/)
      .waitFor()
    await page.getByRole('note').waitFor({ state: 'detached' })
  })
  it('is asked by a picture: one of the library, and one that is dropped on the box and kept nowhere', async () => {
    const page = await library.open('/search?q=a1.jpg&mode=keyword')
    await tileOf(page, 'a1.jpg').click()
    await page.getByRole('complementary', { name: 'About this photo' }).getByRole('link', { name: 'More like this' }).click()
    await page.waitForURL('**/search?like=*')
    await page.getByText(`${COUNT - 1} photos like this one`).waitFor()
    await tileOf(page, 'a6.jpg').hover()
    await tileOf(page, 'a6.jpg')
      .getByText(/looks alike, distance 0\.\d\d/)
      .waitFor()

    // another cut of a photo, brighter and smaller
    const { width, height } = await sharp(photoPath('cat')).metadata()
    const part = { left: 60, top: 30, width: width - 90, height: height - 60 }
    const bytes = await sharp(photoPath('cat')).extract(part).resize(300).modulate({ brightness: 1.1 }).jpeg().toBuffer()
    await page.evaluate(dropOnSearch(bytes.toString('base64')))
    await page.getByText('Like your picture').waitFor()
    await page.getByText('photos like this picture').waitFor()
    await expect.poll(() => firstOf(page)).toContain('a3.jpg,')
    // the picture, and words beside it
    await page.getByLabel('Search photos').fill('flowing water')
    await page.keyboard.press('Enter')
    await page.getByText('like this picture, and “flowing water”').waitFor()
    await tileOf(page, 'a4.jpg').hover()
    await tileOf(page, 'a4.jpg')
      .getByText(/like the picture and the words/)
      .waitFor()
    expect((await askJson<{ photos: unknown[] }>(`${library.program.url}/api/photos`)).photos).toHaveLength(COUNT)
  })

  it('says tags in words; a threshold is changed and taken back, a word added and removed, all of it undone', async () => {
    const { url } = library.program
    const vocabulary = () => askJson<VocabularyReport>(`${url}/api/vocabulary`)
    // the words are encoded and calibrated
    await until<{ words: WordReport[] }>(`${url}/api/vocabulary/words?q=dog`, ({ words }) => words[0]?.measured != null, SLOW_MS)
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
    await page.goto(`${url}/changes`)
    await page.getByRole('button', { name: 'Undo: removed the word margherita with basil' }).click()
    await expect.poll(async () => (await vocabulary()).added).toMatchObject([{ word: 'margherita with basil' }])
  })
})
