/** @file Generation over a test database and a real ingest: the real render thread, any maker. */

import { Readable } from 'node:stream'
import sharp from 'sharp'
import { PHOTO_FORMATS } from '../../src/contract/words.ts'
import { silentLog } from '../../src/domain/log.ts'
import { PRODUCT_PROFILES } from '../../src/domain/product/product-profiles.ts'
import { createGenerationService, type ServiceDeps } from '../../src/generate/generation-service.ts'
import { GenerationLane, type PutInStore } from '../../src/generate/lane.ts'
import type { CutterChoice } from '../../src/generate/render/protocol.ts'
import type { ImageMaker } from '../../src/models/ports/image-maker.ts'
import { ProcessModel } from '../../src/models/workers/process-model.ts'
import { openLibraryBlobs } from '../../src/storage/library-blobs.ts'
import { pathOf } from './blobs.ts'
import { CHILD_ENVIRONMENT } from './child-environment.ts'
import type { TestDatabase } from './database.ts'
import { type Backdrop, drawProduct, type Shape } from './drawn-product.ts'
import { openTestIngest } from './ingest.ts'

export interface TestGeneration extends AsyncDisposable {
  readonly service: ReturnType<typeof createGenerationService>
  readonly lane: GenerationLane
  readonly ingest: Awaited<ReturnType<typeof openTestIngest>>
  /** a photo of a drawn product; its id */
  readonly addProduct: (shape?: Shape, backdrop?: Backdrop) => Promise<number>
}

export async function openTestGeneration(
  { db, dataDir }: Pick<TestDatabase, 'db' | 'dataDir'>,
  options: {
    readonly maker?: ImageMaker | null
    readonly scenesPerDay?: number
    readonly cutter?: () => CutterChoice
    readonly pricePerScene?: number
    readonly putInStore?: PutInStore
    readonly sign?: ServiceDeps['sign']
    readonly moveInStore?: ServiceDeps['moveInStore']
    /** between finding a file and opening it */
    readonly onLocated?: (path: string) => Promise<void>
    /** of `startTestRender`, for several tests; without it this one has its own */
    readonly render?: ProcessModel
  } = {},
): Promise<TestGeneration> {
  const ingest = await openTestIngest(db, dataDir, { limits: { maxBytes: 50_000_000, formats: PHOTO_FORMATS } })
  const render = options.render ?? startTestRender()
  const blobs = await openLibraryBlobs({ dataDir })
  const shared = {
    db,
    processId: 'test',
    maker: () => options.maker ?? null,
    cutter: () => options.cutter?.() ?? ('built-in' as const),
    scenesPerDay: options.scenesPerDay ?? 100,
    locate: async (photoId: number) => {
      const found = await ingest.locate(photoId)
      if (found) await options.onLocated?.(await pathOf(found))
      return found
    },
    upload: (file: Readable, filename: string) => ingest.upload(file, filename, 'made'),
    held: blobs.held,
    pricePerScene: options.pricePerScene ?? null,
    putInStore: options.putInStore ?? (() => Promise.reject(new Error('this test has no stores'))),
    moveInStore: options.moveInStore ?? (() => Promise.reject(new Error('this test has no stores'))),
    stores: ['alya'],
    offered: PRODUCT_PROFILES.jewelry.products,
    sign: options.sign ?? ((path: string) => path),
  }
  const lane = new GenerationLane({ ...shared, render, log: silentLog })
  const service = createGenerationService({ ...shared, lane, makerMissing: () => null })
  return {
    service,
    lane,
    ingest,
    async addProduct(shape = 'hoop', backdrop = 'white') {
      const bytes = await drawProductPng(shape, backdrop)
      return (await ingest.upload(Readable.from([bytes]), `${shape} on ${backdrop}.png`)).id
    },
    async [Symbol.asyncDispose]() {
      await lane[Symbol.asyncDispose]()
      if (!options.render) await render[Symbol.asyncDispose]()
      await ingest[Symbol.asyncDispose]()
    },
  }
}

/** The process that makes pictures: it keeps the product it cut out last. */
export function startTestRender(): ProcessModel {
  return new ProcessModel(
    new URL('../../src/generate/render/worker.ts', import.meta.url),
    { limits: { maxPixels: 150_000_000, maxBytes: 50_000_000, timeoutMs: 60_000 }, device: 'cpu' },
    { environment: CHILD_ENVIRONMENT, name: 'the process that makes pictures', ownBytes: 400_000_000 },
  )
}

/** Drawing one takes half a second. */
const drawn = new Map<string, Promise<Buffer>>()

export function drawProductPng(shape: Shape = 'hoop', backdrop: Backdrop = 'white', side = 400): Promise<Buffer> {
  const key = `${shape} ${backdrop} ${side}`
  const known = drawn.get(key)
  if (known) return known
  const { width, height, data } = drawProduct(shape, backdrop, side)
  const png = sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
  drawn.set(key, png)
  return png
}
