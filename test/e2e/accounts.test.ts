/** @file The first account, an invitation, roles, an API key, and a password, by mouse and keyboard in a real browser. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../support/chromium.ts'
import { openPages, type Pages, SLOW_MS } from '../support/page.ts'
import { type Program, startProgram } from '../support/program.ts'

let program: Program
let pages: Pages

describe.skipIf(!findChromium())('accounts', () => {
  beforeAll(async () => {
    program = await startProgram({})
    pages = await openPages(program)
  }, SLOW_MS)
  afterAll(async () => {
    await pages?.[Symbol.asyncDispose]()
    await program?.[Symbol.asyncDispose]()
  })

  it('nobody signs in until the first; then each by name, with what their role allows', async () => {
    const page = await pages.open('/settings/accounts')
    await page.getByRole('button', { name: 'Make the first account' }).click()
    await page.getByLabel('Name, to sign in with').fill('Ana')
    await page.getByLabel(/^Password/).fill('three green bottles')
    await page.keyboard.press('Enter')
    await page.getByRole('region', { name: 'You' }).getByText('Ana').waitFor()
    expect((await fetch(`${program.url}/api/photos`)).status).toBe(401)

    await page.getByRole('button', { name: 'Add a person' }).click()
    await page.getByLabel('Name, to sign in with').fill('Ben')
    await page.getByLabel('Role', { exact: true }).selectOption('viewer')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    const link = await page.getByLabel('Link').inputValue()
    expect(link).toMatch(/\/join\?code=[\w-]{43}$/)
    await page.keyboard.press('Escape')
    const people = page.getByRole('region', { name: 'People' }).getByRole('listitem')
    await people.filter({ hasText: 'Ben' }).getByText('invited, no password yet').waitFor()

    // another person’s browser
    await using others = await openPages(program, {})
    const his = await others.open(new URL(link).pathname + new URL(link).search)
    await his.getByText('Welcome, Ben').waitFor()
    await his.getByLabel('Password').fill('seven blue umbrellas')
    await his.getByRole('button', { name: 'Sign in' }).click()
    await his.goto(`${program.url}/settings/accounts`)
    await his.getByRole('region', { name: 'You' }).getByText('viewer').waitFor()
    expect(await his.getByRole('region', { name: 'People' }).count()).toBe(0)

    await page.getByLabel('Role of Ben').selectOption('editor')
    await his.reload()
    await his.getByRole('region', { name: 'You' }).getByText('editor').waitFor()
    await his.getByRole('button', { name: 'Change password' }).click()
    await his.getByLabel('Old password').fill('wrong')
    await his.getByLabel(/^New password/).fill('eight red balloons')
    await his.keyboard.press('Enter')
    await his.getByText('the old password is wrong').waitFor()
    await his.getByLabel('Old password').fill('seven blue umbrellas')
    await his.getByRole('button', { name: 'Change', exact: true }).click()
    await his.getByText('Your password was changed').waitFor()

    await his.getByRole('button', { name: 'New key' }).click()
    await his.getByLabel('What it is for').fill('Photo frame')
    await his.getByRole('button', { name: 'Make the key' }).click()
    const key = await his.getByLabel('Key', { exact: true }).inputValue()
    const status = async () => (await fetch(`${program.url}/api/photos`, { headers: { authorization: `Bearer ${key}` } })).status
    expect(await status()).toBe(200)
    await his.keyboard.press('Escape')
    await his.getByRole('button', { name: 'End the key Photo frame' }).click()
    await expect.poll(status).toBe(401)

    await page.getByRole('button', { name: 'Keep out: Ben' }).click()
    await people.filter({ hasText: 'Ben' }).getByText('cannot sign in').waitFor()
    await his.goto(`${program.url}/`)
    await his.getByLabel('Name').fill('ben')
    await his.getByLabel('Password').fill('eight red balloons')
    await his.getByRole('button', { name: 'Sign in' }).click()
    await his.getByText('The name or the password is wrong.').waitFor()

    await page.getByRole('button', { name: 'Remove Ben' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await expect.poll(() => people.count()).toBe(1)
    await page.getByLabel('Role of Ana').selectOption('viewer')
    await page.getByText('at least one owner').waitFor()
  }, 240_000)
})
