/** @file Networks that cut out: pulled like other models, tried, chosen, used for pictures of products; when they fail the built-in one is used and that is said. */

import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { placeOf } from '../../../src/compose/model-choice.ts'
import type { Generation } from '../../../src/contract/generate.ts'
import { EVERY_PHOTO } from '../../../src/domain/visibility.ts'
import { CATALOGUE } from '../../../src/models/catalogue/catalogue.ts'
import type { CatalogueRow, DownloadableModel } from '../../../src/models/catalogue/catalogue-row.ts'
import { darkCutter, writeCutOutFolder } from '../../support/cut-out-folder.ts'
import { openTestGeneration, type TestGeneration } from '../../support/generation.ts'
import { openModelLibrary, untilState } from '../../support/model-library.ts'

/** The catalogue, with a network of our own in place of the weights it pins. */
const ANY_WEIGHTS: CatalogueRow[] = CATALOGUE.map((row) =>
  row.name === 'birefnet-lite'
    ? { ...(row as DownloadableModel), commit: null, files: [{ path: 'onnx/model.onnx', bytes: 1000, sha256: null }] }
    : row,
)
const library = openModelLibrary()
const REQUEST = { product_type: 'earring', num_images: 1, image_types: [1], height: null, width: null, shadow: 'natural' } as const

async function makeOne({ service }: TestGeneration, photo: number): Promise<Generation['images'][number]> {
  const { id } = await service.start(EVERY_PHOTO, { ...REQUEST, image_types: [...REQUEST.image_types], photos: [photo] })
  await expect.poll(async () => (await service.read(id)).state, { timeout: 120_000 }).not.toBe('running')
  return (await service.read(id)).images[0]!
}

describe('BiRefNet lite', () => {
  it('is pulled, chosen and cuts out; provenance names it; without it the built-in one is used and says why', async () => {
    const service = await library.create({ catalogue: ANY_WEIGHTS })
    library.hub.files.set('onnx-community/BiRefNet_lite-ONNX/onnx/model.onnx', darkCutter(1024))
    expect(await service.show('plain-background')).toMatchObject({ state: 'active', capabilities: ['cut-out'] })
    await service.pull('birefnet-lite')
    await untilState(service, 'birefnet-lite', 'installed')
    expect(await service.show('birefnet-lite')).toMatchObject({ task: 'cut-out', licence: 'MIT', capabilities: ['cut-out'] })
    await service.choose('cut-out', { active: 'birefnet-lite' })
    expect((await service.show('plain-background')).state).toBe('built-in')

    await using generation = await openTestGeneration(library.database, { cutter: () => placeOf(service.chosen('cut-out')) })
    generation.lane.start()
    const photo = await generation.addProduct('hoop', 'white')
    const image = await makeOne(generation, photo)
    expect(image).toMatchObject({ state: 'done', review: 'open', cutter: expect.stringMatching(/^onnx\/birefnet-lite@/) })
    expect(image.fidelity).toMatchObject({ changed: 0 })
    expect(image.fidelity?.pixels).toBeGreaterThan(100_000)
    expect(image.checks.filter(({ verdict }) => verdict === 'fail')).toEqual([])

    await rm(join(library.modelDir, 'birefnet-lite'), { recursive: true })
    const other = await library.create({ catalogue: CATALOGUE })
    await using after = await openTestGeneration(library.database, { cutter: () => placeOf(other.chosen('cut-out')) })
    after.lane.start()
    const fallback = await makeOne(after, await after.addProduct('pearl', 'white'))
    expect(fallback).toMatchObject({ state: 'done', cutter: 'builtin/plain-background@1' })
    expect(fallback.checks).toContainEqual({
      name: 'cutter',
      verdict: 'warn',
      says: expect.stringMatching(/built-in cutter instead.*birefnet-lite cannot be used.*models pull birefnet-lite/),
    })
  })

  it('is refused by what is wrong with it, before it is chosen', async () => {
    const service = await library.create({ catalogue: CATALOGUE })
    const refusal = (folder: string) =>
      service.importFolder(folder).then(
        () => 'installed',
        (error: Error) => error.message,
      )
    const nan = writeCutOutFolder(join(library.root, 'nan'), darkCutter(64, Number.NaN), 64)
    expect(await refusal(nan)).toMatch(/values that are not numbers/)
    const small = writeCutOutFolder(join(library.root, 'small'), darkCutter(64), 128)
    expect(await refusal(small)).toMatch(/should take one picture, float \[1, 3, 128, 128\].*input_image float32 \[1, 3, 64, 64\]/)
    const own = writeCutOutFolder(join(library.root, 'own-cutter'), darkCutter(64), 64)
    expect(await refusal(own)).toBe('installed')
    expect(await service.show('own-cutter')).toMatchObject({ task: 'cut-out', state: 'installed' })
  })
})
