/** @file Signed addresses: whoever has one gets that one picture or ZIP without the token, until it ends; nothing else opens with it. */

import { randomBytes } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLinks, type Links } from '../../../src/access/links.ts'
import { saveSetting } from '../../../src/db/settings.ts'
import { EVERY_PHOTO } from '../../../src/domain/visibility.ts'
import { bytesSource } from '../../../src/storage/blob-store.ts'
import { readStores } from '../../../src/storage/read-stores.ts'
import { openStores, type Stores } from '../../../src/storage/stores.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { openTestGeneration } from '../../support/generation.ts'
import { openTestServer } from '../../support/http.ts'
import { testFolder } from '../../support/test-folder.ts'

const TOKEN = randomBytes(24).toString('hex')
const BASE = 'http://localhost:8000'
const DAY_MS = 86_400_000
let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

const openLinks = (days: number | null, now?: () => number) => createLinks(database.db, { isOn: () => true, days, ...(now ? { now } : {}) })

async function openStore(links: Links, isPermanent = false): Promise<Stores> {
  const folder = await mkdtemp(join(testFolder(), 'fototeca-links-'))
  const stores = await openStores(readStores(JSON.stringify({ alya: { folder } }), folder, 'jewelry'), folder, {
    links: { sign: links.sign, isPermanent },
  })
  for (const key of ['gen_images/a ring.jpg', 'other.jpg']) await stores.get('alya').blobs.put(key, bytesSource(key, 'image/jpeg'))
  return stores
}

describe('of a picture in a store', () => {
  let links: Links
  let stores: Stores
  let app: Awaited<ReturnType<typeof openTestServer>>
  let address: string

  beforeAll(async () => {
    links = await openLinks(7)
    stores = await openStore(links)
    app = await openTestServer(database, {
      token: TOKEN,
      links,
      services: (real) => ({ stores: { ...real.stores, open: (store, key) => stores.get(store).blobs.get(key) } }),
    })
    address = (await stores.urlOf(stores.get('alya'), 'gen_images/a ring.jpg', BASE)).slice(BASE.length)
  })
  afterAll(async () => {
    await app.close()
    await stores[Symbol.asyncDispose]()
  })

  const ask = async (url: string, method: 'GET' | 'HEAD' | 'POST' = 'GET') => (await app.inject({ url, method })).statusCode
  const detailOf = async (url: string) => {
    const answer = await app.inject({ url, headers: { accept: 'text/html' } })
    return `${answer.statusCode} ${answer.json().detail}`
  }

  it('gives that picture, to pages of others too; without its signature nothing', async () => {
    const answer = await app.inject(address)
    expect(`${answer.statusCode} ${answer.body}`).toBe('200 gen_images/a ring.jpg')
    expect(answer.headers['cross-origin-resource-policy']).toBe('cross-origin')
    expect(await ask(address, 'HEAD')).toBe(200)
    // as another client may write it
    expect(await ask(address.replace('a%20ring', '%61%20rin%67'))).toBe(200)
    expect(await ask(address.split('?')[0] ?? '')).toBe(401)
    expect(stores.find(new URL(`${BASE}${address}`))).toMatchObject({ key: 'gen_images/a ring.jpg' })
  })

  it('opens no other file, no other route, and nothing once it was changed', async () => {
    const [path = '', query = ''] = address.split('?')
    const changed = '403 this address was changed, or signed with another key; ask for a new one'
    for (const wrong of [
      `/stores/alya/other.jpg?${query}`,
      `/stores/alya/gen_images%2f..%2fother.jpg?${query}`,
      `${path}?${query.replace(/expires=\d+/, 'expires=99999999999')}`,
      `${path}?${query.replace(/expires=\d+&/, '')}`,
      `${path}?expires=99999999999&${query}`,
      `${path}?${query}&v=2`,
      `${path}?${query.slice(0, -4)}AAAA`,
      `${path}?${query.slice(0, -4)}`,
      `${path}?signature=`,
      '/api/products/generations/1/zip?signature=AAAA',
    ])
      expect(await detailOf(wrong), wrong).toBe(changed)
    expect(await ask(`/api/photos?${query}`)).toBe(401)
    expect(await ask(`/api/stats?${query}`)).toBe(401)
    expect(await ask(`/api/products/pictures/1/trash?${query}`, 'POST')).toBe(401)
    // who holds the token needs no signature, whatever else is in the address
    const owner = await app.inject({ url: `${path}?signature=AAAA`, headers: { authorization: `Bearer ${TOKEN}` } })
    expect(owner.statusCode).toBe(200)
  })

  it('says until when it could be used, once that is over; a permanent one has no end', async () => {
    const before = await openLinks(1, () => Date.now() - 3 * DAY_MS)
    expect(await detailOf(before.sign('/stores/alya/other.jpg'))).toMatch(
      /^403 this address could be used until 2\d{3}-.*Z; ask for a new one$/,
    )
    const permanent = (await openLinks(null)).sign('/stores/alya/other.jpg')
    expect(permanent).not.toContain('expires')
    expect(await ask(permanent)).toBe(200)
    // the same address all day
    expect(links.sign('/stores/alya/other.jpg')).toBe((await openLinks(7)).sign('/stores/alya/other.jpg'))
  })

  it('is signed with a key that is made once, and worth nothing under another', async () => {
    const at = Date.now()
    const both = await Promise.all([openLinks(7, () => at), openLinks(7, () => at)])
    expect(new Set(both.map(({ sign }) => sign('/x'))).size).toBe(1)
    await saveSetting(database.db, 'links.key', randomBytes(32).toString('base64'))
    const after = await openLinks(7)
    expect(after.check(address)).toMatchObject({ code: 'link.wrong' })
    expect(after.check(after.sign('/stores/alya/other.jpg'))).toBe(true)
  })

  it('is the plain one where no token is needed', async () => {
    const plain = await createLinks(database.db, { isOn: () => false, days: 7 })
    expect(plain.sign('/stores/alya/other.jpg')).toBe('/stores/alya/other.jpg')
  })
})

it('of made pictures and their ZIP: until it is made again, and never of what was rejected', async () => {
  const links = await openLinks(7)
  await using generation = await openTestGeneration(database, { sign: links.sign })
  const app = await openTestServer(database, { token: TOKEN, links, services: () => ({ generations: generation.service }) })
  try {
    generation.lane.start()
    const photos = [await generation.addProduct()]
    const wish = { photos, product_type: 'earring', num_images: 1, image_types: [1], height: null, width: null, shadow: 'none' as const }
    const { id } = await generation.service.start(EVERY_PHOTO, wish)
    await generation.service.whenSettled(id, new AbortController().signal)
    const run = (await app.inject({ url: `/api/products/generations/${id}`, headers: { authorization: `Bearer ${TOKEN}` } })).json()
    const [{ id: image, picture, picture_expires_at }] = run.images
    expect(Date.parse(picture_expires_at)).toBeGreaterThan(Date.now() + 7 * DAY_MS)
    expect(Date.parse(run.zip_expires_at)).toBeGreaterThan(Date.now() + 7 * DAY_MS)
    const ask = async (url: string) => (await app.inject(url)).statusCode
    expect(await ask(picture)).toBe(200)
    expect(await ask(run.zip)).toBe(200)
    expect(await ask(picture.replace(`images/${image}`, `images/${image + 1}`))).toBe(403)
    await generation.service.review(image, 'rejected')
    expect([await ask(picture), await ask(run.zip)]).toEqual([404, 404])
    await generation.service.review(image, 'approved')
    expect([await ask(picture), await ask(run.zip)]).toEqual([200, 200])
    await generation.service.redo(image)
    await generation.service.whenSettled(id, new AbortController().signal)
    expect(await ask(picture)).toBe(404)
  } finally {
    await app.close()
  }
})
