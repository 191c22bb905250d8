/** @file `/generate-images` of system D over what this library makes. */
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { drawProductPng, openTestGeneration } from '../../support/generation.ts'
import { openTestServer } from '../../support/http.ts'

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
})
