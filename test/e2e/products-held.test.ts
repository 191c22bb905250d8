/** @file What only looks like a picture of its store is held for a person, who lets it pass or not: over HTTP, on the page, by the command line. */
import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProductPicture } from '../../src/contract/products.ts'
import { findChromium } from '../support/chromium.ts'
import { drawProductPng } from '../support/generation.ts'
import { openPages, PHONE } from '../support/page.ts'
import { type CaptionD, type Checked, type FoundD, type NewD, type StoreChecked, type Stores, sendForm } from '../support/products.ts'
import { askJson, makeDataDir, type Program, startProgram, until } from '../support/program.ts'

const ROOT = resolve(import.meta.dirname, '../..')

describe.skipIf(!findChromium())('held pictures', () => {
  let program: Program
  let dataDir: string
  let env: Record<string, string>
  let sent = 0

  beforeAll(async () => {
    dataDir = await makeDataDir()
    // without a model for products the built-in space tells what is near: wide enough that every ring is near the others
    const stores = { alya: { folder: join(dataDir, 'alya'), hold: 'similar', duplicate_distance: 0.9 } }
    env = { FOTOTECA_STORES: JSON.stringify(stores) }
    program = await startProgram({ dataDir, env })
  })
  afterAll(async () => {
    await program?.[Symbol.asyncDispose]()
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
  })

  /** Each is a variant: another picture to every hash, and near the others by its look. */
  async function variant(): Promise<Buffer> {
    const png = await drawProductPng(sent % 2 === 0 ? 'hoop' : 'pendant')
    const turned = sharp(png).rotate(37 * sent, { background: '#ffffff' })
    sent++
    return turned.png().toBuffer()
  }
  async function send<T = NewD>(path: string, bytes: Buffer): Promise<T> {
    const { status, body } = await sendForm<T>(`${program.url}${path}`, bytes, `RING-${sent}.png`)
    expect(status).toBe(200)
    return body
  }
  const counts = async () => (await askJson<Stores>(`${program.url}/api/stores`)).stores[0]
  const act = (id: number, what: 'restore' | 'trash') =>
    askJson<ProductPicture>(`${program.url}/api/products/pictures/${id}/${what}`, undefined, 'POST')

  it('wait outside the store; approved they are in it, rejected they are not, and come back', async () => {
    const first = await send('/image_similarity_search', await variant())
    expect(first).toMatchObject({ duplicate_found: false, held: false })
    const bytes = await variant()
    const held = await send('/image_similarity_search', bytes)
    expect(held).toMatchObject({ duplicate_found: false, held: true })
    expect((await fetch(held.s3_url)).status).toBe(404)
    // the same again is no second one to decide about
    expect(await send<FoundD>('/image_similarity_search', bytes)).toMatchObject({
      duplicate_found: true,
      results: [{ id: held.id, kind: 'same-file' }],
    })
    expect(await counts()).toMatchObject({ stored: 1, held: 1 })
    expect(await act(held.id, 'restore')).toMatchObject({ state: 'stored', like: { id: first.id, kind: 'similar' } })
    expect(Buffer.from(await (await fetch(held.s3_url)).arrayBuffer())).toEqual(bytes)

    const other = await send<CaptionD>('/generate_caption?type=ring', await variant())
    expect(other).toMatchObject({ held: true, quality: expect.any(String) })
    expect((await send<Checked>('/api/products/check', await variant())).verdict).toBe('held')
    expect(await act(other.id, 'trash')).toMatchObject({ state: 'trashed' })
    expect((await fetch(other.s3_url)).status).toBe(404)
    expect(await counts()).toMatchObject({ stored: 2, held: 0, trashed: 1 })
    expect(await act(other.id, 'restore')).toMatchObject({ state: 'stored' })
    expect((await fetch(other.s3_url)).status).toBe(200)
    const verified = await askJson<StoreChecked>(`${program.url}/api/stores/alya/verify`, { deep: true })
    expect(verified).toMatchObject({ pictures: 3, missing: [], wrong: [], unknown: [] })
  })

  it('are decided on the page, beside what they are near; messages stand over a dialog and can be reached', async () => {
    for (let count = 0; count < 3; count++) expect(await send('/image_similarity_search', await variant())).toMatchObject({ held: true })
    await using pages = await openPages(program)
    const page = await pages.open('/products', PHONE)
    await page.getByRole('link', { name: 'Needs review' }).click()
    await page.getByText('3 pictures', { exact: true }).waitFor()
    const queue = page.getByRole('region', { name: 'Held pictures' })
    await queue.getByText('3 pictures held').waitFor()
    await queue.getByRole('img').nth(1).waitFor()
    await queue.getByRole('button', { name: 'Let it pass' }).click()
    await page.getByText('It is in the store.').waitFor()
    await queue.getByText('2 pictures held').waitFor()
    await page.keyboard.press('x')
    await queue.getByText('1 picture held').waitFor()
    await until<Stores>(`${program.url}/api/stores`, ({ stores }) => stores[0]?.stored === 4 && stores[0].trashed === 1)

    await queue.getByRole('button', { name: /^Held:/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Let it pass' }).click()
    const message = dialog.getByRole('status', { name: 'Messages' })
    await message.getByText('It is in the store.').last().waitFor()
    await message.getByRole('button', { name: 'Close the message' }).first().click()
    await dialog.getByRole('button', { name: 'Close', exact: true }).first().click()
    await page.getByText('Nothing is held').waitFor()
  })

  it('are decided by the command line', async () => {
    const cli = async <T>(...argv: string[]): Promise<T> => {
      const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, 'src/main.ts'), ...argv, '--json'], {
        cwd: ROOT,
        env: { ...process.env, ...env, FOTOTECA_DATA: program.dataDir, FOTOTECA_MODEL_DOWNLOAD: 'never', FOTOTECA_MEANING: 'off' },
      })
      return JSON.parse(stdout) as T
    }
    const ids = [(await send('/image_similarity_search', await variant())).id, (await send('/image_similarity_search', await variant())).id]
    const { pictures } = await cli<{ pictures: ProductPicture[] }>('products', 'pictures', '--state', 'held')
    expect(pictures.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
    expect(await cli('products', 'approve', String(ids[0]))).toMatchObject({ id: ids[0], state: 'stored' })
    expect(await cli('products', 'reject', String(ids[1]))).toMatchObject({ id: ids[1], state: 'trashed' })
  })
})
