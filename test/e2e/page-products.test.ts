/** @file Products in a real browser and over the API: pictures come in, are grouped, checked, mended, imported and exported. */
import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { ProductPicture } from '../../src/contract/products.ts'
import { findChromium } from '../support/chromium.ts'
import { openPageLibrary, type PageLibrary, PHONE, SLOW_MS } from '../support/page.ts'
import { PLAIN_PRODUCT } from '../support/products.ts'
import { until } from '../support/program.ts'

describe.skipIf(!findChromium())('the page of products', () => {
  let library: PageLibrary
  let pictures: Buffer[]

  beforeAll(async () => {
    library = await openPageLibrary([])
    // small, off the centre, on a white that is none: everything a mend can mend
    const product = await sharp({ create: { width: 1200, height: 900, channels: 3, background: { r: 248, g: 247, b: 246 } } })
      .composite([
        {
          input: await sharp({ create: { width: 300, height: 300, channels: 3, background: '#8a2233' } })
            .png()
            .toBuffer(),
          left: 120,
          top: 150,
        },
      ])
      .png()
      .toBuffer()
    pictures = [product, await readFile(PLAIN_PRODUCT)]
  }, SLOW_MS)
  afterAll(() => library?.[Symbol.asyncDispose]())
  afterEach(() => library.expectQuiet())

  const api = async <T>(path: string, body?: object, method = body ? 'POST' : 'GET'): Promise<T> => {
    const answer = await fetch(`${library.program.url}${path}`, {
      method,
      ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    })
    expect(answer.status, await answer.clone().text()).toBe(200)
    return (await answer.json()) as T
  }

  it(
    'pictures are added and grouped by their names; readiness tells reasons, one click mends them',
    async () => {
      const page = await library.open('/products')
      await page.getByText('No products yet').waitFor()
      await page.getByLabel('Product pictures to add').setInputFiles([
        { name: 'RING-1_1.png', mimeType: 'image/png', buffer: pictures[0]! },
        { name: 'RING-1_2.jpg', mimeType: 'image/jpeg', buffer: pictures[1]! },
      ])
      await page.getByText('2 taken').waitFor({ timeout: SLOW_MS })
      await page.getByRole('button', { name: 'Group', exact: true }).click()
      const grouping = page.getByRole('dialog')
      await grouping.getByText('Folders', { exact: true }).click()
      await grouping.getByText(/lies in a folder of the library/).waitFor()
      await grouping.getByText('File names', { exact: true }).click()
      await grouping.getByRole('button', { name: 'Group into 1 product' }).click()
      await page.getByText('1 product grouped.').waitFor()
      await until<{ products: { pictures: ProductPicture[] }[] }>(
        `${library.program.url}/api/products`,
        ({ products }) => products[0]?.pictures.every(({ photo }) => photo.state === 'completed') === true,
        SLOW_MS,
      )
      await page.getByText('Products', { exact: true }).last().click()
      await page.reload()
      const card = page.getByRole('listitem', { name: 'RING-1' })
      await card.getByText(/Missing: detail, on-model/).waitFor()
      await card.getByRole('button', { name: /main/ }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText('Amazon, main image').click()
      await dialog
        .getByText(/of the border is exactly white/)
        .first()
        .waitFor()
      await dialog.getByRole('button', { name: 'Mend all' }).click()
      await page.getByText('A mended copy is in the store').waitFor({ timeout: SLOW_MS })
      await dialog.getByText(/made of picture/).waitFor()
      await dialog.getByRole('button', { name: 'Edit the name' }).click()
      await dialog.getByLabel('Name').fill('Ruby ring, small')
      await dialog.getByRole('button', { name: 'Save', exact: true }).last().click()
      await dialog.getByText('Ruby ring, small').waitFor()
      await dialog.getByText('· you').waitFor()
      await dialog.getByRole('button', { name: 'Undo' }).click()
      await dialog.getByText('· you').waitFor({ state: 'detached' })
      await vi.waitFor(async () => {
        const { products } = await api<{ products: { pictures: ProductPicture[] }[] }>('/api/products')
        const mended = products[0]?.pictures[0]
        const amazon = mended?.readiness.find(({ profile }) => profile === 'amazon-main')
        expect(mended?.origin?.made_by).toMatch(/^mend: /)
        for (const rule of ['fill', 'white background', 'format'])
          expect(amazon?.checks.find((check) => check.rule === rule)).toMatchObject({ status: 'pass' })
      }, 60_000)
    },
    SLOW_MS,
  )

  it(
    'CSV is looked at before it is imported; the export holds marketplace names and hashes',
    async () => {
      const page = await library.open('/products', PHONE)
      await page.getByRole('button', { name: 'Import' }).click()
      await page
        .getByLabel(/CSV with a heading/)
        .fill('sku,name,file,slot\nRING-1,Ruby ring,,\n,No sku,,\nRING-2,Other,RING-1_2.jpg,detail\nX,y,none.jpg,main\n')
      await page.getByRole('button', { name: 'Look what it does' }).click()
      await page.getByText('Row 3: sku').waitFor()
      await page.getByText('Row 5: file').waitFor()
      await page.getByRole('dialog').getByRole('button', { name: 'Import' }).click()
      await page.getByText('2 products imported').waitFor()
      await page.getByRole('button', { name: 'Export' }).click()
      await page.getByText('Shopify', { exact: true }).click()
      await expect.poll(() => page.getByRole('link', { name: 'Save the ZIP' }).getAttribute('href')).toContain('names=shopify')
      await page.keyboard.press('Escape')
      const whole = await fetch(`${library.program.url}/api/products/export`)
      const bytes = Buffer.from(await whole.arrayBuffer())
      const zip = bytes.toString('latin1')
      // a fetch that broke off goes on at its byte; one of another ZIP begins anew
      const goOn = async (tag: string) => {
        const headers = { range: `bytes=${bytes.length - 900}-`, 'if-range': tag }
        const rest = await fetch(`${library.program.url}/api/products/export`, { headers })
        return [rest.status, Buffer.from(await rest.arrayBuffer()).toString('latin1')]
      }
      expect(await goOn(whole.headers.get('etag') ?? '')).toEqual([206, zip.slice(-900)])
      expect(await goOn('"other"')).toEqual([200, zip])
      for (const name of ['RING1.MAIN.jpg', 'RING2.MAIN.jpg', 'products.csv', 'manifest.json', '"sha256"', 'Ruby ring'])
        expect(zip).toContain(name)
      expect(
        Buffer.from(await (await fetch(`${library.program.url}/api/products/export?names=shopify`)).arrayBuffer()).toString('latin1'),
      ).toContain('Handle,Title,Image Src')
      expect(await api('/api/stores/alya/verify', { deep: true })).toMatchObject({ missing: [], wrong: [], unknown: [] })
      expect(await api('/api/stores/alya/copy', { to: 'blysk' })).toMatchObject({ copied: 3, failed: [] })
      expect(await api('/api/stores/blysk/verify', {})).toMatchObject({
        pictures: 0,
        unknown: [expect.any(String), expect.any(String), expect.any(String)],
      })
    },
    SLOW_MS,
  )

  it(
    'a drop on the page goes into the store, and stands apart from the photos',
    async () => {
      const page = await library.open('/products')
      await page.getByRole('button', { name: 'Group', exact: true }).waitFor()
      const picture = await sharp({ create: { width: 320, height: 200, channels: 3, background: '#225588' } })
        .jpeg()
        .toBuffer()
      await page.evaluate(`(() => {
        const transfer = new DataTransfer()
        const bytes = Uint8Array.from(atob('${picture.toString('base64')}'), (char) => char.charCodeAt(0))
        transfer.items.add(new File([bytes], 'DROPPED-1_1.jpg', { type: 'image/jpeg' }))
        for (const type of ['dragenter', 'drop'])
          document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }))
      })()`)
      await page.getByText('1 taken').waitFor({ timeout: SLOW_MS })
      expect(await api('/api/photos')).toMatchObject({ total: 0 })
      const { hits } = await api<{ hits: { photo: { filename: string } }[] }>('/api/search?collection=products')
      expect(hits.map(({ photo }) => photo.filename)).toContain('DROPPED-1_1.jpg')
    },
    SLOW_MS,
  )
})
