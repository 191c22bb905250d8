/** @file Signing in with the access token in a real browser, and out again, here and elsewhere. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../support/chromium.ts'
import { openPages, type Pages, SLOW_MS } from '../support/page.ts'
import { type Program, startProgram } from '../support/program.ts'

const TOKEN = '9b2f7c6a1de04853bb7e12f0c94a6d35'
let program: Program
let pages: Pages

describe.skipIf(!findChromium())('a library with an access token', () => {
  beforeAll(async () => {
    program = await startProgram({ env: { FOTOTECA_TOKEN: TOKEN } })
    pages = await openPages(program)
  }, SLOW_MS)
  afterAll(async () => {
    await pages?.[Symbol.asyncDispose]()
    await program?.[Symbol.asyncDispose]()
  })

  it('is entered by its token; browsers that are signed in are listed, and signed out', async () => {
    // another browser, that signed in before
    const form = new URLSearchParams({ token: TOKEN, next: '/' })
    const other = await fetch(`${program.url}/login`, {
      method: 'POST',
      body: form,
      redirect: 'manual',
      headers: { 'user-agent': 'Firefox/140.0 (Linux)' },
    })
    const cookie = String(other.headers.get('set-cookie')).split(';')[0] ?? ''
    const statusOfOther = async () => (await fetch(`${program.url}/api/stats`, { headers: { cookie } })).status
    expect(await statusOfOther()).toBe(200)

    const page = await pages.open('/albums')
    await page.getByLabel('Access token').fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('This token is wrong.').waitFor()
    await page.getByLabel('Access token').fill(TOKEN)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(`${program.url}/albums`)

    await page.getByRole('button', { name: /Library status|Working|Reading/ }).click()
    const browsers = page.getByRole('region', { name: 'Signed-in browsers' }).getByRole('listitem')
    await expect.poll(() => browsers.count()).toBe(2)
    await browsers.filter({ hasText: 'Firefox on Linux' }).getByRole('button', { name: 'Sign out' }).click()
    await expect.poll(() => browsers.count()).toBe(1)
    expect(await statusOfOther()).toBe(401)

    await browsers.filter({ hasText: 'This browser' }).getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Access token').waitFor()
    expect((await page.context().cookies()).map(({ name }) => name)).toEqual([])
    await pages.expectRefusals(1) // the page to sign in is a 401
    await pages.expectQuiet()
  })
})
