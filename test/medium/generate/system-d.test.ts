/** @file `/generate-images` of system D over what this library makes. */
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GeneratedImagesD } from '../../../src/contract/described-products.ts'
import { REDRAW_LIMITS } from '../../../src/generate/fidelity.ts'
import type { Rgba } from '../../../src/media/canvas.ts'
import { type MakerSettings, openMaker } from '../../../src/models/make-image/open-maker.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { startFakePainter } from '../../support/fake-painter.ts'
import { drawProductPng, openTestGeneration } from '../../support/generation.ts'
import { openTestServer } from '../../support/http.ts'
import { photoPath } from '../../support/pictures.ts'
import { breakOff, squeeze } from '../../support/redraw.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

describe('system D', () => {
  it('answers what could be made and names what could not', async () => {
    await using generation = await openTestGeneration(database)
    generation.lane.start()
    const png = await drawProductPng()
    const app = await openTestServer(database, {
      services: (real) => ({
        generations: generation.service,
        fetchPicture: async () => ({ filename: 'ring.png', stream: Readable.from([png]) }),
        ingest: { ...real.ingest, upload: (stream, filename) => generation.ingest.upload(stream, filename) },
      }),
    })
    try {
      const payload = {
        s3_urls: 'https://alyaimg.s3.amazonaws.com/ring.png',
        product_type: 'earring',
        num_images: 4,
        image_types: null,
        height: null,
        width: null,
      }
      const response = await app.inject({ method: 'POST', url: '/generate-images', payload })
      expect(response.statusCode).toBe(200)
      const answer = response.json()
      expect(answer.original_image_url).toBe(payload.s3_urls)
      expect(answer.gen_images).toHaveLength(1)
      expect(answer.gen_images[0]).toMatchObject({ prompt_index: 0, image_type: 1, image_type_name: 'White Background' })
      expect(answer.failed.map((each: { image_type: number }) => each.image_type)).toEqual([2, 4, 5])
      expect(answer.notice).toMatch(/none is configured/)
      const picture = await app.inject({ url: new URL(answer.gen_images[0].image_url).pathname })
      expect(picture.headers['content-type']).toBe('image/png')
      const zip = await app.inject({ url: new URL(answer.zip_url).pathname })
      expect(zip.headers['content-type']).toBe('application/zip')
      expect(
        (await app.inject({ method: 'POST', url: '/generate-images', payload: { ...payload, product_type: 'sofa' } })).statusCode,
      ).toBe(422)
      expect((await app.inject({ method: 'POST', url: '/generate-images', payload: { ...payload, image_types: [9] } })).statusCode).toBe(
        422,
      )
      // bracelets and necklaces are made by prompts of their own, as many as are asked for: no types are taken for them
      const bracelets = await app.inject({
        method: 'POST',
        url: '/generate-images',
        payload: { ...payload, product_type: 'bracelet', image_types: [3], num_images: 6 },
      })
      const made = bracelets.json()
      expect(made.gen_images).toMatchObject([{ prompt_index: 0, image_type: 1 }])
      expect(made.failed.map(({ prompt_index }: { prompt_index: number }) => prompt_index)).toEqual([1, 2, 3, 4, 5])
      expect(made.notice).toMatch(/^image_types is for earrings and rings/)
      const [run] = await generation.service.list(1)
      expect(new Set(run?.images.map(({ prompt }) => prompt)).size).toBe(6)
    } finally {
      await app.close()
    }
  })

  it('puts back what a model only moved, enlarged, turned, or lit otherwise; returns the rest with its measure, marked', async () => {
    await using painter = await startFakePainter(photoPath('fig'))
    await using maker = openMaker('gpt-image-1', { openaiUrl: painter.url, openaiKey: 'test', describeTimeoutMs: 60_000 } as MakerSettings)
    await using generation = await openTestGeneration(database, { maker })
    generation.lane.start()
    const png = await drawProductPng('pendant')
    const app = await openTestServer(database, {
      services: (real) => ({
        generations: generation.service,
        fetchPicture: async () => ({ filename: 'pendant.png', stream: Readable.from([png]) }),
        ingest: { ...real.ingest, upload: (stream, filename) => generation.ingest.upload(stream, filename) },
      }),
    })
    const order = async (): Promise<GeneratedImagesD> => {
      const payload = { s3_urls: 'https://alyaimg.s3.amazonaws.com/pendant.png', product_type: 'earring', image_types: [4] }
      const response = await app.inject({ method: 'POST', url: '/generate-images', payload })
      expect(response.statusCode).toBe(200)
      return response.json()
    }
    try {
      for (const how of [{ dx: 2 }, { scale: 1.02 }, { degrees: 3 }, { gain: [1.15, 1.15, 1.15] as const }]) {
        painter.how = how
        const { gen_images, failed, zip_url } = await order()
        expect(failed).toEqual([])
        expect(gen_images, JSON.stringify(how)).toMatchObject([{ needs_review: false, reason: null, fidelity: { most: 0, changed: 0 } }])
        const found = gen_images[0]?.fidelity?.redraw
        // twice as large as the server’s picture
        expect(Math.abs((found?.shift.x ?? 99) - 2 * ('dx' in how ? how.dx : 0))).toBeLessThan(2.5)
        expect(found?.scale).toBeCloseTo('scale' in how ? how.scale : 1, 1)
        expect(found?.degrees).toBeCloseTo('degrees' in how ? how.degrees : 0, 0)
        expect(zip_url).not.toBeNull()
      }
      expect(painter.fields).toMatchObject({ model: 'gpt-image-1', size: '1024x1024', n: '1', input_fidelity: 'high' })
      painter.how = { dx: 2 }
      for (const change of [(product: Rgba) => squeeze(product, 0.08), (product: Rgba) => breakOff(product, 0.06)]) {
        painter.change = change
        const { gen_images, failed, zip_url, notice } = await order()
        expect(failed).toEqual([])
        expect(gen_images).toMatchObject([{ needs_review: true, reason: expect.stringMatching(/drew the product otherwise/) }])
        expect(gen_images[0]?.fidelity?.redraw?.worst).toBeGreaterThan(REDRAW_LIMITS.worst)
        expect(notice).toMatch(/needs review/)
        expect(zip_url).toBeNull()
        const picture = await app.inject({ url: new URL(gen_images[0]?.image_url ?? '').pathname })
        expect(picture.headers['content-type']).toBe('image/png')
      }
    } finally {
      await app.close()
    }
  }, 300_000)
})
