/** @file Pictures of products from order to library: own pixels, scenes, fidelity, budget, outages, redo, review, cancel, kill, ZIP. */

import { readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EVERY_PHOTO } from '../../../src/domain/visibility.ts'
import { readMade } from '../../../src/generate/store-made.ts'
import { writeZip, zipLength, zipTag } from '../../../src/library/zip.ts'
import { readTags } from '../../../src/media/exiftool.ts'
import type { ImageMaker } from '../../../src/models/ports/image-maker.ts'
import { createFakeMaker } from '../../../src/models/providers/fake/make-image.ts'
import { ProviderFailure } from '../../../src/models/providers/provider-failure.ts'
import { pathOf } from '../../support/blobs.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { drawProductPng, openTestGeneration, startTestRender, type TestGeneration } from '../../support/generation.ts'

let database: TestDatabase
let render: ReturnType<typeof startTestRender>
let open: TestGeneration | undefined
beforeAll(async () => {
  database = await openTestDatabase()
  render = startTestRender()
})
afterAll(async () => {
  await render[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})
beforeEach(() => truncateAll(database.db))
afterEach(async () => {
  await open?.[Symbol.asyncDispose]()
  open = undefined
})

async function start(options: Parameters<typeof openTestGeneration>[1] = {}): Promise<TestGeneration> {
  open = await openTestGeneration(database, { render, ...options })
  open.lane.start()
  return open
}
const REQUEST = { product_type: 'earring', num_images: 4, image_types: null, height: null, width: null, shadow: 'natural' } as const
const ended = async ({ service }: TestGeneration, id: number) => {
  await expect.poll(async () => (await service.read(id)).state, { timeout: 120_000 }).not.toBe('running')
  return service.read(id)
}

describe('own pixels', () => {
  it('makes a white background and dimensions without any model, as photos with their origin written in', async () => {
    const generation = await start()
    const photo = await generation.addProduct('hoop', 'white with shadow')
    const { id } = await generation.service.start(EVERY_PHOTO, {
      ...REQUEST,
      photos: [photo],
      image_types: [1, 3],
      height: '38 mm',
      width: '38mm',
    })
    const run = await ended(generation, id)
    expect(run.images.map(({ state, reason }) => [state, reason])).toEqual([
      ['done', null],
      ['done', null],
    ])
    for (const image of run.images) {
      expect(image.model).toBeNull()
      expect(image.fidelity).toMatchObject({ most: 0, changed: 0 })
      expect(image.fidelity?.pixels).toBeGreaterThan(100_000)
      expect(image.checks.filter(({ verdict }) => verdict === 'fail')).toEqual([])
      expect(image.photo).not.toBe(photo)
    }
    const path = await pathOf((await generation.service.picture(run.images[0]?.id ?? 0)).file)
    const { width, height } = await sharp(path).metadata()
    expect([width, height]).toEqual([2000, 2000])
    const corner = await sharp(path).extract({ left: 0, top: 0, width: 60, height: 2000 }).raw().toBuffer()
    expect(corner.every((value) => value === 255)).toBe(true)
    const tags = await readTags(path, ['-G1', '-all'])
    expect(tags['XMP-iptcExt:DigitalSourceType']).toContain('algorithmicallyEnhanced')
    expect(tags['XMP-dc:Source']).toContain('hoop on white with shadow.png')
  })

  it('reads no file that a link leads to, put in the place of a photo after it was found', async () => {
    // the uploads lie in a folder of their own
    const outside = join(database.dataDir, 'outside.png')
    await writeFile(outside, await drawProductPng('pendant'))
    // a process that has read nothing yet
    await using fresh = startTestRender()
    const generation = await start({
      render: fresh,
      onLocated: async (path) => {
        await rm(path)
        await symlink(outside, path)
      },
    })
    const photo = await generation.addProduct()
    const { id } = await generation.service.start(EVERY_PHOTO, { ...REQUEST, photos: [photo], image_types: [1] })
    const run = await ended(generation, id)
    expect(run.images[0]).toMatchObject({ state: 'failed', reason: expect.stringContaining('the store originals has no') })
  })

  it('says what it lacks: no length, no maker, no product', async () => {
    const generation = await start()
    const photo = await generation.addProduct()
    const { id } = await generation.service.start(EVERY_PHOTO, { ...REQUEST, photos: [photo], image_types: [3, 2] })
    const run = await ended(generation, id)
    expect(run.images[0]?.reason).toMatch(/at least one/)
    expect(run.images[1]?.reason).toMatch(/none is configured/)
    expect(run.zip).toBeNull()
    await expect(generation.service.inspire(EVERY_PHOTO, { photo, prompt: 'x' })).rejects.toThrow(/none is configured/)
    // which photo is missing counts before what the library lacks
    await expect(generation.service.inspire(EVERY_PHOTO, { photo: 999_999, prompt: 'x' })).rejects.toMatchObject({ code: 'not_found' })
    await expect(generation.service.start(EVERY_PHOTO, { ...REQUEST, photos: [999_999] })).rejects.toMatchObject({ code: 'not_found' })
    await expect(generation.service.start(EVERY_PHOTO, { ...REQUEST, photos: [photo], product_type: 'tiara' })).rejects.toThrow(
      'there is no “tiara”; there are bag, bracelet, earring, garment, necklace, object, ring, shoes',
    )
    await expect(generation.service.start(EVERY_PHOTO, { ...REQUEST, photos: [photo], image_types: [1, 9] })).rejects.toThrow(
      'there is no type 9; there are 1 White Background, 2 Hand Holding',
    )
  })

  it('goes on after a kill, and a deleted source leaves what was made', async () => {
    const generation = await start()
    const photo = await generation.addProduct()
    const { id } = await generation.service.start(EVERY_PHOTO, { ...REQUEST, photos: [photo], image_types: [1] })
    const made = await ended(generation, id)
    // as a kill in the middle leaves it
    await database.db.updateTable('generated_images').set({ state: 'running' }).execute()
    await database.db.updateTable('generations').set({ state: 'running' }).execute()
    generation.lane.start()
    const again = await ended(generation, id)
    // the same bytes: the photo is not there twice
    expect(again.images[0]).toMatchObject({ state: 'done', photo: made.images[0]?.photo })
    await database.db.deleteFrom('photos').where('id', '=', photo).execute()
    expect((await generation.service.read(id)).images[0]).toMatchObject({ source: null, source_state: 'deleted', state: 'done' })
  })

  it('makes nothing of what lies in the trash, and says so', async () => {
    const generation = await start()
    const [photo, other] = [await generation.addProduct('hoop'), await generation.addProduct('pearl')]
    const trash = (id: number) => database.db.updateTable('photos').set({ trashed_at: new Date() }).where('id', '=', id).execute()
    await trash(photo)
    await expect(generation.service.start(EVERY_PHOTO, { ...REQUEST, photos: [photo] })).rejects.toMatchObject({
      message: expect.stringMatching(/in the trash/),
    })
    // thrown away after it was ordered
    await generation.lane[Symbol.asyncDispose]()
    const { id } = await generation.service.start(EVERY_PHOTO, { ...REQUEST, photos: [other], image_types: [1] })
    await trash(other)
    await generation[Symbol.asyncDispose]()
    const next = await start()
    const [image] = (await ended(next, id)).images
    expect(image).toMatchObject({ state: 'failed', source_state: 'trashed', reason: expect.stringMatching(/in the trash; restore it/) })
  })
})

describe('scenes', () => {
  it('every product has its default batch, in its own words and its own size', async () => {
    const generation = await start({ maker: createFakeMaker() })
    const photo = await generation.addProduct('hoop', 'white')
    const { products } = await generation.service.options()
    expect(products.map(({ name }) => name)).toEqual(['bracelet', 'earring', 'necklace', 'ring'])
    const widths: Record<string, number> = {}
    const prompts = new Set<string | null>()
    for (const { name, default_types } of products) {
      const batch = await generation.service.start(EVERY_PHOTO, { ...REQUEST, photos: [photo], product_type: name })
      expect(batch.images.map(({ image_type }) => image_type)).toEqual(default_types)
      await generation.service.cancel(batch.id)
      const { id } = await generation.service.start(EVERY_PHOTO, { ...REQUEST, photos: [photo], product_type: name, image_types: [5] })
      const [image] = (await ended(generation, id)).images
      expect(image).toMatchObject({ state: 'done', review: 'open' })
      prompts.add(image?.prompt ?? null)
      widths[name] = Number(/takes (\d+)/.exec(image?.checks.find((check) => check.name === 'resolution')?.says ?? '')?.[1])
    }
    expect(prompts.size).toBe(products.length)
    expect(widths.ring).toBeLessThan(widths.earring ?? 0)
  })

  it('lays the product back over the scene, unchanged, says who made what, and packs a ZIP', async () => {
    const generation = await start({ maker: createFakeMaker() })
    const photo = await generation.addProduct('pendant', 'grey falling off')
    const { id } = await generation.service.start(EVERY_PHOTO, { ...REQUEST, photos: [photo] })
    const run = await ended(generation, id)
    expect(run.images.map(({ image_type, state }) => [image_type, state])).toEqual([
      [1, 'done'],
      [2, 'done'],
      [4, 'done'],
      [5, 'done'],
    ])
    const scene = run.images[2]
    expect(scene).toMatchObject({ model: 'fake/fake@1', review: 'open', width: 2048, height: 2048 })
    expect(scene?.fidelity).toMatchObject({ most: 0, changed: 0, drift: null })
    const tags = await readTags(await pathOf((await generation.service.picture(scene?.id ?? 0)).file), ['-G1', '-all'])
    expect(tags['XMP-iptcExt:DigitalSourceType']).toContain('compositeWithTrainedAlgorithmicMedia')
    expect(tags['XMP-iptcExt:AISystemUsed']).toBe('fake/fake@1')
    expect(tags['XMP-iptcExt:AIPromptInformation']).toContain('stone')
    const zip = await generation.service.zip(id)
    // as any system unpacks them: no folders, and an ending
    expect(zip.map(({ name }) => name)).toEqual(zip.map((_, at) => expect.stringMatching(new RegExp(`^0${at + 1} [A-Z][A-Za-z ]+\\.png$`))))
    const bytes = await buffer(writeZip(zip))
    expect(bytes.length).toBe(zipLength(zip))
    // asked for again it is the same, byte for byte, from any byte on
    const again = await generation.service.zip(id)
    expect(zipTag(again)).toBe(zipTag(zip))
    expect((await buffer(writeZip(again, undefined, 5_000_000))).equals(bytes.subarray(5_000_000))).toBe(true)
    expect(bytes.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004')
  })

  it('holds what the model drew otherwise until a person approves it', async () => {
    const generation = await start({ maker: createFakeMaker('edit') })
    const photo = await generation.addProduct()
    const { id } = await generation.service.start(EVERY_PHOTO, { ...REQUEST, photos: [photo], image_types: [4] })
    const [image] = (await ended(generation, id)).images
    expect(image).toMatchObject({ state: 'done', review: 'held', photo: null })
    expect(image?.fidelity?.drift).toBeGreaterThan(24)
    expect(image?.reason).toMatch(/drew the product otherwise/)
    await expect(generation.service.zip(id)).rejects.toMatchObject({ code: 'not_found' })
    expect((await sharp(await pathOf((await generation.service.picture(image?.id ?? 0)).file)).metadata()).width).toBe(2048)
    const approved = await generation.service.review(image?.id ?? 0, 'approved')
    expect(approved.review).toBe('approved')
    expect(approved.photo).not.toBeNull()
    expect(await generation.service.zip(id)).toHaveLength(1)
  })

  it('makes a picture from words alone, with its provenance and no source', async () => {
    const generation = await start({ maker: createFakeMaker() })
    const { id } = await generation.service.inspire(EVERY_PHOTO, { photo: null, prompt: 'a lighthouse in fog' })
    const run = await ended(generation, id)
    const [image] = run.images
    expect(image).toMatchObject({ state: 'done', source: null, source_state: 'none', image_type: -1, image_type_name: 'From words' })
    const tags = await readTags(await pathOf((await generation.service.picture(image?.id ?? 0)).file), ['-G1', '-all'])
    expect(tags['XMP-iptcExt:DigitalSourceType']).toContain('trainedAlgorithmicMedia')
    expect(tags['XMP-iptcExt:AIPromptInformation']).toContain('a lighthouse in fog')
    expect(tags['XMP-dc:Source']).toBeUndefined()
    expect((await readMade(database.db, EVERY_PHOTO, image?.photo ?? 0)).made_from).toMatchObject({ photo: null, how: 'From words' })
    // without a photo there are no words but the given ones
    await expect(generation.service.inspire(EVERY_PHOTO, { photo: null, prompt: null })).rejects.toMatchObject({ code: 'conflict' })
  })

  it('waits out an outage and a spent budget, then goes on when a person wakes it; a redo has another seed', async () => {
    let calls = 0
    const real = createFakeMaker()
    const maker: ImageMaker = {
      ...real,
      makeImage: async (wish, options) => {
        calls++
        if (calls === 1) throw new ProviderFailure('rate-limited', 'too many requests', { retryAfterMs: 3_600_000 })
        return real.makeImage(wish, options)
      },
    }
    const generation = await start({ maker, scenesPerDay: 2 })
    const photo = await generation.addProduct()
    const { id } = await generation.service.start(EVERY_PHOTO, { ...REQUEST, photos: [photo], image_types: [2] })
    await expect.poll(async () => (await generation.service.read(id)).waits).toMatch(/too many requests/)
    expect((await generation.lane.report()).state).toBe('paused')
    // own pixels do not wait for the maker
    const own = await generation.service.start(EVERY_PHOTO, { ...REQUEST, photos: [photo], image_types: [1] })
    expect((await ended(generation, own.id)).images[0]?.state).toBe('done')
    expect(calls).toBe(1)
    generation.lane.tryNow()
    const run = await ended(generation, id)
    expect(run.images[0]?.state).toBe('done')
    const redone = await generation.service.redo(run.images[0]?.id ?? 0)
    expect(redone.review).toBe('open')
    expect(redone.seed).not.toBe(run.images[0]?.seed)
    await expect.poll(async () => (await generation.service.read(id)).waits).toMatch(/used up/)
    expect(calls).toBe(2)
    const cancelled = await generation.service.cancel(id)
    expect(cancelled.state).toBe('cancelled')
  })

  it('stops a run at its own budget, says so, keeps own pixels coming, goes on when it is raised; stores what is made', async () => {
    const real = createFakeMaker()
    const maker: ImageMaker = { ...real, makeImage: async (wish, options) => ({ ...(await real.makeImage(wish, options)), tokens: 400 }) }
    const stored: { photoId: number; store: string }[] = []
    const generation = await start({
      maker,
      pricePerScene: 0.5,
      // the picture may be rejected, trashed, deleted: the number is all that is kept, and here there is no table of pictures
      putInStore: async (made) => {
        stored.push(made)
        throw new Error('the bucket does not answer')
      },
    })
    const photo = await generation.addProduct()
    expect(await generation.service.options()).toMatchObject({ per_scene: { tokens: null, cost: 0.5 }, stores: ['alya'] })
    await expect(generation.service.start(EVERY_PHOTO, { ...REQUEST, photos: [photo], store: 'nowhere' })).rejects.toMatchObject({
      code: 'invalid',
    })
    const budget = { scenes: null, tokens: null, cost: 0.7 }
    const { id } = await generation.service.start(EVERY_PHOTO, {
      ...REQUEST,
      photos: [photo],
      image_types: [2, 4, 1],
      budget,
      store: 'alya',
    })
    await expect.poll(async () => (await generation.service.read(id)).images[2]?.state, { timeout: 120_000 }).toBe('done')
    const stopped = await generation.service.read(id)
    expect(stopped).toMatchObject({
      state: 'budget',
      spent: { scenes: 1, tokens: 400, cost: 0.5 },
      waits: expect.stringMatching(/0\.7 in money/),
    })
    expect(stopped.images.map(({ state }) => state)).toEqual(['done', 'due', 'done'])
    expect((await generation.lane.report()).due).toBe(0)
    await expect(generation.service.resume(999, budget)).rejects.toMatchObject({ code: 'not_found' })
    await generation.service.resume(id, { scenes: null, tokens: 1000, cost: null })
    const run = await ended(generation, id)
    expect(run).toMatchObject({ state: 'done', spent: { scenes: 2, tokens: 800, cost: 1 } })
    await expect(generation.service.resume(id, budget)).rejects.toMatchObject({ code: 'conflict' })
    expect(await generation.service.options()).toMatchObject({ per_scene: { tokens: 400, cost: 0.5 } })
    expect(stored[0]).toMatchObject({ store: 'alya', photoId: run.images[0]?.photo })
    expect(run.images[0]?.reason).toMatch(/not in the store alya yet: the bucket/)
  })

  it('takes a rejected picture out of the store of its run, and puts it back when it is approved after all', async () => {
    const { db } = database
    const moves: [number, 'in' | 'out'][] = []
    const addPicture = (photoId: number) =>
      db
        .insertInto('product_pictures')
        .values({ photo_id: photoId, store: 'alya', key: `gen_images/${photoId}.png`, display_name: 'made' })
        .returning('id')
        .executeTakeFirstOrThrow()
    const generation = await start({
      putInStore: async ({ photoId }) => (await addPicture(photoId)).id,
      moveInStore: async (picture, to) => void moves.push([picture, to]),
    })
    const { id } = await generation.service.start(EVERY_PHOTO, {
      ...REQUEST,
      photos: [await generation.addProduct()],
      image_types: [1],
      store: 'alya',
    })
    await expect.poll(async () => (await generation.service.read(id)).images[0]?.store_picture, { timeout: 120_000 }).not.toBeNull()
    const [image] = (await ended(generation, id)).images
    const [made, picture] = [image?.id ?? 0, image?.store_picture ?? 0]
    expect(await generation.service.review(made, 'rejected')).toMatchObject({ review: 'rejected' })
    await expect(generation.service.zip(id)).rejects.toMatchObject({ code: 'not_found' })
    expect(await generation.service.review(made, 'approved')).toMatchObject({ review: 'approved', store_picture: picture })
    expect(await generation.service.redo(made)).toMatchObject({ state: 'due', store_picture: null })
    expect(moves).toEqual([
      [picture, 'out'],
      [picture, 'in'],
      [picture, 'out'],
    ])
  })

  it('uses an answer of the maker that a dead process left on the disk', async () => {
    let calls = 0
    const real = createFakeMaker()
    const maker: ImageMaker = {
      ...real,
      makeImage: async (wish, options) => {
        calls++
        return real.makeImage(wish, options)
      },
    }
    const generation = await start({ maker })
    const photo = await generation.addProduct()
    const { id } = await generation.service.start(EVERY_PHOTO, { ...REQUEST, photos: [photo], image_types: [4] })
    const [image] = (await ended(generation, id)).images
    expect(calls).toBe(1)
    await generation[Symbol.asyncDispose]()
    const folder = join(database.dataDir, 'held')
    const { bytes } = await real.makeImage({ prompt: image?.prompt ?? '', width: 2048, height: 2048, seed: image?.seed ?? 0 })
    await writeFile(join(folder, `${image?.id}-${image?.seed}.scene`), bytes)
    await writeFile(join(folder, '9999-1.scene'), bytes)
    await database.db.updateTable('generated_images').set({ state: 'running' }).execute()
    await database.db.updateTable('generations').set({ state: 'running' }).execute()
    const next = await start({ maker })
    expect((await ended(next, id)).images[0]).toMatchObject({ state: 'done', photo: image?.photo })
    expect(calls).toBe(1)
    expect(await readdir(folder)).toEqual(['.incoming'])
  })

  it('makes a picture from what a photo inspired', async () => {
    const generation = await start({ maker: createFakeMaker() })
    const photo = await generation.addProduct()
    await expect(generation.service.inspire(EVERY_PHOTO, { photo, prompt: null })).rejects.toMatchObject({ code: 'conflict' })
    const { id } = await generation.service.inspire(EVERY_PHOTO, { photo, prompt: 'warm evening light' })
    const run = await ended(generation, id)
    expect(run.images[0]).toMatchObject({ source: photo, state: 'done', image_type_name: 'Inspired', model: 'fake/fake@1' })
    const made = run.images[0]?.photo ?? 0
    const { db } = database
    expect((await readMade(db, EVERY_PHOTO, made)).made_from).toMatchObject({
      photo: { id: photo },
      how: 'Inspired',
      run: id,
      model: 'fake/fake@1',
      prompt: 'warm evening light',
    })
    expect((await readMade(db, EVERY_PHOTO, photo)).made_of_it).toMatchObject([{ photo: { id: made }, how: 'Inspired', run: id }])
    expect((await readMade(db, EVERY_PHOTO, photo)).made_from).toBeNull()
    // what is in the trash is no way to go
    await db.updateTable('photos').set({ trashed_at: new Date() }).where('id', 'in', [photo, made]).execute()
    expect((await readMade(db, EVERY_PHOTO, made)).made_from).toMatchObject({ photo: null, how: 'Inspired' })
    expect((await readMade(db, EVERY_PHOTO, photo)).made_of_it).toEqual([])
    await db.updateTable('photos').set({ trashed_at: null }).execute()
    const tags = await readTags(await pathOf((await generation.service.picture(run.images[0]?.id ?? 0)).file), ['-G1', '-all'])
    expect(tags['XMP-iptcExt:DigitalSourceType']).toMatch(/\/trainedAlgorithmicMedia$/)
  })
})
