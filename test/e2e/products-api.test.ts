/** @file System D’s own list of tests, over HTTP, on the program as a black box, through a kill. */
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GeneratedImagesD } from '../../src/contract/described-products.ts'
import type { ProductPicture } from '../../src/contract/products.ts'
import { type CaptionD, type Checked, type FoundD, type NewD, PLAIN_PRODUCT, PRODUCTS, sendForm } from '../support/products.ts'
import { askJson, makeDataDir, type Program, startProgram } from '../support/program.ts'

/** scenes are painted by the fake maker: only providers outside are fake */
const env = { FOTOTECA_GENERATE: 'fake' }

describe('system D over HTTP', () => {
  let program: Program
  let dataDir: string

  beforeAll(async () => {
    dataDir = await makeDataDir()
    program = await startProgram({ dataDir, env })
  })
  afterAll(async () => {
    await program?.[Symbol.asyncDispose]()
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
  })

  const send = async <T = NewD>(
    path: string,
    file: string,
    { query = {}, ...fields }: { query?: Record<string, string>; before?: Record<string, string>; after?: Record<string, string> } = {},
  ) => sendForm<T>(`${program.url}${path}?${new URLSearchParams(query)}`, await readFile(file), 'Gold Ear_ring.jpg', fields)

  it('new is new, the same again is a duplicate, distances lie in 0–1', async () => {
    const fresh = await send('/image_similarity_search', PRODUCTS[0]!)
    expect(fresh).toMatchObject({ status: 200, body: { duplicate_found: false } })
    expect(fresh.body.image_name).toMatch(/^\d{8}_\d{6}_[0-9a-f]{4}_Gold-Ear_ring\.jpg$/)
    const stored = await fetch(fresh.body.s3_url)
    expect(Buffer.from(await stored.arrayBuffer())).toEqual(await readFile(PRODUCTS[0]!))
    const again = await send<FoundD>('/image_similarity_search', PRODUCTS[0]!, { query: { top_k: '5' } })
    expect(again).toMatchObject({ status: 200, body: { duplicate_found: true } })
    expect(again.body.results[0]).toMatchObject({ id: fresh.body.id, path: fresh.body.s3_url, kind: 'same-file' })
    for (const { distance } of again.body.results) {
      expect(distance).toBeGreaterThanOrEqual(0)
      expect(distance).toBeLessThanOrEqual(1)
    }
    // another store has its own pictures; `no` does not ask
    expect((await send('/image_similarity_search', PRODUCTS[0]!, { after: { website: 'blysk' } })).body.duplicate_found).toBe(false)
    expect((await send('/image_similarity_search', PRODUCTS[0]!, { before: { check_duplicate: 'no' } })).body.duplicate_found).toBe(false)
  })

  it('a caption has every field of D, measured ones filled; the same again is told as a duplicate', async () => {
    const fresh = await send<CaptionD>('/generate_caption', PRODUCTS[1]!, {
      before: { type: 'earring', website: 'alya', check_duplicate: 'yes' },
    })
    expect(fresh.status).toBe(200)
    for (const field of ['display_name', 'generated_name', 'quality', 'description', 'attributes', 'prompt', 'color', 's3_url'])
      expect(fresh.body).toHaveProperty(field)
    expect(fresh.body).toMatchObject({ display_name: 'Gold Ear ring.jpg', quality: expect.stringMatching(/^[ABC]$/), description: null })
    // no model is there: the name is put together, and the answer says so
    expect(fresh.body).toMatchObject({ quality_is_final: true, sources: { generated_name: 'template', color: 'measured' }, models: [] })
    expect(fresh.body.generated_name).toMatch(/earring$/)
    expect(fresh.body.notice).toMatch(/describe model/)
    const again = await send('/generate_caption', PRODUCTS[1]!, { query: { type: 'earring' } })
    expect(again.body).toMatchObject({ display_name: 'Gold Ear ring.jpg', s3_url: fresh.body.s3_url, duplicate: 'duplicate found' })
  })

  it('the default batch is four pictures and a ZIP of them', async () => {
    const stored = (await send('/image_similarity_search', PLAIN_PRODUCT)).body
    const order = { s3_urls: stored.s3_url, product_type: 'earring' }
    const made = await askJson<GeneratedImagesD>(`${program.url}/generate-images`, order)
    expect(made).toMatchObject({ original_image_url: stored.s3_url, notice: null, failed: [] })
    expect(made.gen_images.map(({ prompt_index, image_type }) => [prompt_index, image_type])).toEqual([
      [0, 1],
      [1, 2],
      [2, 4],
      [3, 5],
    ])
    for (const { image_url } of made.gen_images) expect((await fetch(image_url)).headers.get('content-type')).toMatch(/^image\//)
    const zip = Buffer.from(await (await fetch(made.zip_url ?? '')).arrayBuffer()).toString('latin1')
    expect(zip.split('PK\u0001\u0002').length - 1).toBeGreaterThanOrEqual(4)
  }, 400_000)

  it('a check tells what is there and stores nothing', async () => {
    const check = (file: string, query: Record<string, string> = {}) => send<Checked>('/api/products/check', file, { query })
    const before = await readdir(join(dataDir, 'stores/alya'))
    expect((await check(PRODUCTS[0]!, { top_k: '2' })).body).toMatchObject({
      verdict: 'duplicate',
      space: expect.stringContaining('look@'),
      filling: null,
      likes: [{ kind: 'same-file', cosine_distance: 0 }, { kind: null }],
    })
    expect((await check(PRODUCTS[6]!)).body.verdict).toBe('new')
    expect((await check(PRODUCTS[6]!)).body.verdict).toBe('new')
    expect((await check(PRODUCTS[6]!, { store: 'shop' })).status).toBe(422)
    await expect.poll(() => readdir(join(dataDir, 'stores/alya'))).toEqual(before)
    await expect.poll(() => readdir(join(dataDir, 'originals/.incoming'))).toEqual([])
  })

  it('refuses an unknown store, what is no picture, and options that mean nothing; nothing is left of them', async () => {
    const before = await readdir(join(dataDir, 'stores/alya'))
    expect(await send('/generate_caption', PRODUCTS[2]!)).toMatchObject({ status: 422, body: { detail: expect.stringMatching(/^type: /) } })
    expect(await send('/generate_caption', PRODUCTS[2]!, { query: { website: 'shop', type: 'ring' } })).toMatchObject({
      status: 422,
      body: { detail: expect.stringMatching(/no store “shop”/) },
    })
    expect(await send('/image_similarity_search', PRODUCTS[2]!, { after: { top_k: 'many', check_duplicate: 'maybe' } })).toMatchObject({
      status: 422,
      body: { detail: 'top_k: must be a whole number; check_duplicate: must be "yes" or "no"' },
    })
    expect((await send('/image_similarity_search', join(import.meta.dirname, 'products-api.test.ts'))).status).toBe(415)
    const empty = await fetch(`${program.url}/generate_caption`, { method: 'POST', body: new FormData() })
    expect(empty.status).toBeGreaterThanOrEqual(400)
    expect(empty.status).toBeLessThan(500)
    await expect.poll(() => readdir(join(dataDir, 'stores/alya'))).toEqual(before)
    await expect.poll(() => readdir(join(dataDir, 'originals/.incoming'))).toEqual([])
  })

  it('deletes by id and by address, by POST and DELETE, into a trash it can come back from', async () => {
    const one = (await send('/image_similarity_search', PRODUCTS[3]!)).body
    const byAddress = await fetch(`${program.url}/delete_image?${new URLSearchParams({ s3_url: one.s3_url })}`, { method: 'DELETE' })
    expect(await byAddress.json()).toMatchObject({ id: one.id, deleted: true })
    expect((await fetch(one.s3_url)).status).toBe(404)
    // what is in the trash is no duplicate
    const two = (await send('/image_similarity_search', PRODUCTS[3]!)).body
    expect(two.duplicate_found).toBe(false)
    expect(await askJson(`${program.url}/delete_image`, { id: two.id })).toMatchObject({ id: two.id, s3_url: two.s3_url })
    for (const method of ['POST', 'DELETE']) {
      const form = new FormData()
      form.append('s3_url', two.s3_url)
      const byForm = await fetch(`${program.url}/delete_image`, { method, body: form })
      expect(await byForm.json(), method).toMatchObject({ id: two.id, deleted: true })
      const wrong = new FormData()
      wrong.append('id', 'first')
      const refused = await fetch(`${program.url}/delete_image`, { method, body: wrong })
      expect(await refused.json(), method).toMatchObject({ detail: 'id: must be a whole number' })
    }
    const restored = await askJson<ProductPicture>(`${program.url}/api/products/pictures/${two.id}/restore`, undefined, 'POST')
    expect(restored).toMatchObject({ state: 'stored' })
    expect((await fetch(two.s3_url)).status).toBe(200)
    expect((await fetch(`${program.url}/delete_image?id=999999`, { method: 'POST' })).status).toBe(404)
    expect((await fetch(`${program.url}/delete_image`, { method: 'POST' })).status).toBe(422)
    expect((await fetch(`${program.url}/delete_image?s3_url=http://169.254.169.254/x`, { method: 'DELETE' })).status).toBe(404)
  })

  it('twenty at once are one picture', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => send('/image_similarity_search', PRODUCTS[4]!)))
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(answers.filter(({ body }) => !body.duplicate_found)).toHaveLength(1)
  })

  it('what was answered is there after a kill', async () => {
    const kept = (await send('/image_similarity_search', PRODUCTS[5]!)).body
    await program.stop('SIGKILL')
    program = await startProgram({ dataDir, env })
    const again = await send<FoundD>('/image_similarity_search', PRODUCTS[5]!)
    expect(again.body).toMatchObject({ duplicate_found: true })
    expect(again.body.results[0]?.id).toBe(kept.id)
    expect((await fetch(`${program.url}/stores/alya/${kept.image_name}`)).status).toBe(200)
  })
})
