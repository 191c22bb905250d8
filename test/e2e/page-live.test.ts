/** @file The queue and the statistics follow the stream of changes: the page asks when something changed, and by itself only without it. */

import { readFile } from 'node:fs/promises'
import { describe, it } from 'vitest'
import { findChromium } from '../support/chromium.ts'
import { openPages, untilAnalysed } from '../support/page.ts'
import { photoPath } from '../support/pictures.ts'
import { askJson, startProgram, upload } from '../support/program.ts'

describe.skipIf(!findChromium())('live pages', () => {
  it('a change elsewhere shows without the page asking by itself; without the stream it asks', async () => {
    await using program = await startProgram({})
    await using pages = await openPages(program)
    const page = await pages.open('/')
    // nothing is asked for every few seconds: what shows came of an event
    await page.addInitScript(() => {
      Object.assign(globalThis, { setInterval: () => 0 })
    })
    await page.goto(`${program.url}/settings/queue`)
    const analysis = page.getByRole('region', { name: 'Analysis' })
    await analysis.getByText(/0 photos waiting/).waitFor()
    await askJson(`${program.url}/api/queue/analyse/pause`, undefined, 'POST')
    await analysis.getByText('paused by a person').waitFor()
    await upload(program.url, 'kite.jpg', await readFile(photoPath('kite')))
    await analysis.getByText(/1 photo waiting/).waitFor()
    await askJson(`${program.url}/api/queue/analyse/resume`, undefined, 'POST')
    await untilAnalysed(program, 1)
    await analysis.getByText(/0 photos waiting/).waitFor()

    const deaf = await pages.open('/')
    await deaf.route('**/api/events', (route) => route.fulfill({ status: 429, body: '{}' }))
    await deaf.goto(`${program.url}/settings/queue`)
    const its = deaf.getByRole('region', { name: 'Analysis' })
    await its.getByText(/0 photos waiting/).waitFor()
    await askJson(`${program.url}/api/queue/analyse/pause`, undefined, 'POST')
    await its.getByText('paused by a person').waitFor()
    await askJson(`${program.url}/api/queue/analyse/resume`, undefined, 'POST')
  }, 240_000)
})
