/** @file kill -9 while product pictures are made and copied into a store: none is lost, none doubled, what was or may be paid for is not asked for again by itself. */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Generation } from '../../src/contract/generate.ts'
import { startFakeProvider } from '../support/fake-provider.ts'
import { drawProductPng } from '../support/generation.ts'
import { askJson, makeDataDir, startProgram, until } from '../support/program.ts'

const KILLS = 6
const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true, maxRetries: 5 }))))

async function send(url: string, bytes: Buffer): Promise<{ s3_url: string; id: number }> {
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(bytes)], { type: 'image/png' }), 'hoop.png')
  const answer = await fetch(`${url}/image_similarity_search?website=alya`, { method: 'POST', body: form })
  if (!answer.ok) throw new Error(await answer.text())
  return (await answer.json()) as { s3_url: string; id: number }
}
const listFiles = async (folder: string): Promise<string[]> => readdir(folder).catch(() => [])

describe('kill -9 while pictures are made', () => {
  it('loses and doubles nothing, and pays for no answer twice that was stored; system D gets addresses in the store', async () => {
    await using provider = await startFakeProvider()
    const scene = await drawProductPng('pearl', 'coloured', 64)
    provider.misbehave = () => ({
      kind: 'body',
      body: JSON.stringify({ data: [{ b64_json: scene.toString('base64') }], usage: { total_tokens: 100 } }),
    })
    const dataDir = await makeDataDir()
    folders.push(dataDir)
    const env = { FOTOTECA_GENERATE: 'own=painter', FOTOTECA_GENERATE_URL: provider.openaiUrl, FOTOTECA_GENERATE_PRICE: '0.02' }
    let program = await startProgram({ dataDir, env })
    const { s3_url } = await send(program.url, await drawProductPng('hoop', 'white'))
    const { photos } = await askJson<{ photos: { id: number }[] }>(`${program.url}/api/photos?collection=products`)
    const order = { photos: [photos[0]?.id], image_types: [1, 4, 5], store: 'alya' }
    const { id } = await askJson<Generation>(`${program.url}/api/products/generations`, order)
    const run = () => `${program.url}/api/products/generations/${id}`
    for (let kill = 0; kill < KILLS; kill++) {
      // each time a little further: one more picture is done, or a maker's answer has just come
      const before = provider.calls.length
      await until<Generation>(run(), ({ done, state }) => state === 'done' || done > kill || provider.calls.length > before, 120_000)
      await new Promise((resolve) => setTimeout(resolve, kill * 120))
      await program.stop('SIGKILL')
      program = await startProgram({ dataDir, env })
    }
    try {
      const over = await until<Generation>(run(), ({ state }) => state === 'done', 240_000)
      // a call in the air at a kill may be billed: the picture waits for a person, who has it made again
      for (const image of over.images.filter(({ state }) => state === 'failed')) {
        expect(image.reason).toContain('not known whether it answered')
        await askJson(`${program.url}/api/products/generations/images/${image.id}/redo`, {})
      }
      const end = await until<Generation>(
        run(),
        ({ state, images }) => state === 'done' && images.every(({ store_picture, review }) => store_picture !== null || review === 'held'),
        240_000,
      )
      expect(end.images.map(({ state }) => state)).toEqual(['done', 'done', 'done'])
      // two pictures, and each call that was lost made once more when asked for; every other answer was used
      const lost = over.images.filter(({ state }) => state === 'failed').length
      expect(provider.calls.length).toBeLessThanOrEqual(2 + lost)
      // each is counted before it is made, and charged whether its answer came or not
      expect(end.spent).toMatchObject({ scenes: 2 + lost, cost: expect.closeTo(0.02 * (2 + lost), 6) })
      expect(new Set(provider.calls.map(({ headers }) => headers['idempotency-key'])).size).toBe(provider.calls.length)
      const made = end.images.flatMap(({ photo: own }) => own ?? [])
      expect(new Set(made).size).toBe(made.length)
      const { photos: all } = await askJson<{ photos: { id: number }[] }>(`${program.url}/api/photos?limit=500&collection=products,made`)
      expect(all).toHaveLength(1 + made.length)
      await expect.poll(() => listFiles(join(dataDir, 'stores/alya/gen_images'))).toHaveLength(made.length)
      await expect
        .poll(async () => (await listFiles(join(dataDir, 'held'))).filter((name) => name.endsWith('.scene') || name.includes('.new')))
        .toEqual([])

      const body = await askJson<{ gen_images: { image_url: string; image_type_name: string }[]; zip_url: string }>(
        `${program.url}/generate-images`,
        { s3_urls: s3_url, product_type: 'earring', num_images: 1, image_types: null, height: null, width: null },
      )
      expect(body.gen_images).toHaveLength(1)
      expect(body.gen_images[0]?.image_url).toMatch(/\/stores\/alya\/gen_images\/\d{8}_\d{6}_[0-9a-f]{4}_.+\.png$/)
      expect((await fetch(body.gen_images[0]?.image_url ?? '')).headers.get('content-type')).toBe('image/png')
      expect((await fetch(body.zip_url)).status).toBe(200)
    } finally {
      await program.stop()
    }
  }, 900_000)
})
