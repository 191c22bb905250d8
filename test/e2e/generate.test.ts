/** @file Product pictures in a real browser: ordered, seen coming, compared with a slider, reviewed by keys, taken along as a ZIP. */
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { Generation } from '../../src/contract/generate.ts'
import { findChromium } from '../support/chromium.ts'
import { openPages, shoot, untilAnalysed } from '../support/page.ts'
import { drawnPath } from '../support/pictures.ts'
import { askJson, startProgram, until, upload } from '../support/program.ts'

const PICTURES = ['product-hoop', 'product-pendant-grey', 'product-pearl-shadow'] as const

describe.skipIf(!findChromium())('product pictures', () => {
  it('are ordered, made, compared, reviewed and taken along', async () => {
    await using program = await startProgram({ env: { FOTOTECA_GENERATE: 'fake' } })
    for (const name of PICTURES) await upload(program.url, `${name}.jpg`, await readFile(drawnPath(name)))
    await untilAnalysed(program, PICTURES.length)
    await using pages = await openPages(program)
    const { photos } = await askJson<{ photos: { id: number }[] }>(`${program.url}/api/photos`)
    const page = await pages.open(`/products/create?photos=${photos[2]?.id}`)
    await page.getByRole('button', { name: 'Lifestyle Nature' }).waitFor()
    await page.getByText('1 photo chosen').waitFor()
    await shoot(page, 'generate-empty')
    const list = page.getByRole('list', { name: 'Photos' })
    // what is searched for stands beside what is chosen; nothing is found by such a word
    await page.getByRole('searchbox', { name: 'Search photos' }).fill('zzzz-no-such')
    await expect.poll(() => list.getByRole('button').count()).toBe(1)
    await list.getByRole('button').nth(0).click()
    await page.getByRole('searchbox', { name: 'Search photos' }).fill('')
    await expect.poll(() => list.getByRole('button').count()).toBe(3)
    await list.getByRole('button').nth(0).click()
    await list.getByRole('button').nth(1).click()
    await page.getByRole('button', { name: 'Lifestyle Nature' }).click()
    await page.getByRole('button', { name: 'Dimension Image' }).click()
    await page.getByLabel('Height').fill('38 mm')
    await page.getByLabel('Width').fill('1 1/2 in')
    await page.getByText('2 scenes of fake').waitFor()
    await page.getByLabel('At most scenes').fill('1')
    await shoot(page, 'generate-order')
    await page.getByRole('button', { name: 'Make 6 pictures' }).click()
    // own pixels go on; the second scene waits for a person
    await page.getByText('5 of 6 made').waitFor({ timeout: 300_000 })
    await page
      .getByText('The run’s budget of 1 scenes is spent')
      .or(page.getByText('the run’s budget of 1 scenes is spent'))
      .first()
      .waitFor()
    await shoot(page, 'generate-budget')
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByText('6 of 6 made').waitFor({ timeout: 300_000 })
    await shoot(page, 'generate-made')

    await page.getByRole('button', { name: 'White Background, done' }).first().click()
    const slider = page.getByLabel('Photo and picture')
    await slider.fill('80')
    await shoot(page, 'generate-review')
    await page.keyboard.press('a')
    await page.getByText('Approved').first().waitFor()
    await page.getByRole('heading', { name: 'Dimension Image' }).waitFor()
    await page.keyboard.press('x')
    await page.getByText('Rejected').first().waitFor()
    const reviews = ({ images }: Generation) =>
      images
        .map(({ review }) => review)
        .toSorted()
        .join()
    const { generations } = await until<{ generations: Generation[] }>(
      `${program.url}/api/products/generations`,
      ({ generations: [run] }) => run !== undefined && reviews(run) === 'approved,open,open,open,open,rejected',
    )
    const run = generations[0]
    expect(run?.images.every(({ fidelity }) => fidelity?.changed === 0)).toBe(true)
    const zip = await fetch(program.url + (await page.getByRole('link', { name: 'ZIP' }).getAttribute('href')))
    expect(zip.headers.get('content-type')).toBe('application/zip')
    expect((await zip.arrayBuffer()).byteLength).toBe(Number(zip.headers.get('content-length')))

    // a new picture from what one photo inspires; each page leads to the other
    await page.goto(`${program.url}/products/create?photos=${photos[2]?.id}`)
    await page.getByText('Rings', { exact: true }).waitFor()
    await page.getByText('A new picture inspired by this photo').click()
    await page.getByLabel(/^Words, instead/).fill('warm evening light on brushed gold, quiet, generous space')
    await shoot(page, 'inspire')
    await page.getByRole('button', { name: 'Make an inspired picture' }).click()
    const inspired = page.getByRole('region', { name: `Run ${(run?.id ?? 0) + 1}` })
    await inspired.getByText('1 of 1 made').waitFor({ timeout: 300_000 })
    await shoot(page, 'inspired')
    const { generations: now } = await until<{ generations: Generation[] }>(
      `${program.url}/api/products/generations`,
      ({ generations: [newest] }) => newest?.images[0]?.photo != null,
    )
    const made = now[0]?.images[0]?.photo
    await page.goto(`${program.url}/photo/${made}`)
    const from = page.getByRole('region', { name: 'Inspired by' })
    await from.getByText('warm evening light').waitFor()
    await shoot(page, 'inspired-photo')
    await from.getByRole('link').click()
    await page.getByRole('region', { name: 'Made of this photo' }).getByText('Inspired').waitFor()
    await shoot(page, 'inspiring-photo')
    await page.getByRole('region', { name: 'Made of this photo' }).getByRole('link').first().click()
    await from.waitFor()
  }, 600_000)
})
