/** @file Pictures made from photos: the render process, the maker of scenes, the lane, the service. */

import type { Readable } from 'node:stream'
import { childEnvironment } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import type { OpenDatabase } from '../db/client.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { Outages } from '../domain/outage.ts'
import { PRODUCT_PROFILES } from '../domain/product/product-profiles.ts'
import { createGenerationService, type ServiceDeps } from '../generate/generation-service.ts'
import { GenerationLane, type PutInStore } from '../generate/lane.ts'
import type { RenderSettings } from '../generate/render/protocol.ts'
import type { Ingest } from '../ingest/ingest.ts'
import { openMaker } from '../models/make-image/open-maker.ts'
import type { ModelService } from '../models/model-service.ts'
import type { ImageMaker } from '../models/ports/image-maker.ts'
import { ProcessModel } from '../models/workers/process-model.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import { placeOf } from './model-choice.ts'

interface Needs {
  readonly processId: string
  readonly outages: Outages
  readonly ingest: Ingest
  readonly held: BlobStore
  readonly models: Pick<ModelService, 'chosen'>
  readonly sign: ServiceDeps['sign']
  readonly putInStore: PutInStore
  readonly moveInStore: ServiceDeps['moveInStore']
  /** names */
  readonly stores: readonly string[]
}

/** Of the process that makes pictures: canvases and cut-outs. A model is loaded between decodes, and then counts as held before. */
const RENDER_BYTES = 400_000_000

/** @throws FototecaError `config` for a maker that does not exist */
export function composeGenerating(
  config: Config,
  { db }: OpenDatabase,
  stack: AsyncDisposableStack,
  log: Log,
  { processId, outages, ingest, held, models, sign, putInStore, moveInStore, stores }: Needs,
) {
  const { maker, missing } = tryOpen(config)
  const settings: RenderSettings = {
    limits: { maxPixels: config.maxPixels, maxBytes: config.maxBytes, timeoutMs: config.decodeTimeoutMs },
    device: config.device,
  }
  const render = stack.use(
    new ProcessModel(new URL('../generate/render/worker.ts', import.meta.url), settings, {
      environment: childEnvironment(),
      name: 'the process that makes pictures',
      ownBytes: RENDER_BYTES,
    }),
  )
  const shared = {
    db,
    processId,
    outages,
    maker: () => maker,
    cutter: () => placeOf(models.chosen('cut-out')),
    scenesPerDay: config.generatePerDay,
    offered: PRODUCT_PROFILES[config.productProfile].products,
    locate: (photoId: number) => ingest.locate(photoId),
    upload: (file: Readable, filename: string) => ingest.upload(file, filename, 'made'),
    held,
    pricePerScene: config.generatePrice ?? null,
    sign,
    putInStore,
    moveInStore,
    stores,
  }
  const lane = stack.use(new GenerationLane({ ...shared, render, log }))
  return { lane, sendsTo: maker?.sendsTo ?? [], service: createGenerationService({ ...shared, lane, makerMissing: () => missing }) }
}

/** A missing key keeps scenes from being made, not the library from starting. */
function tryOpen(config: Config): { maker: ImageMaker | null; missing: string | null } {
  if (config.generate === undefined) return { maker: null, missing: null }
  try {
    return { maker: openMaker(config.generate, config), missing: null }
  } catch (error) {
    if (error instanceof FototecaError && error.code === 'config') throw error
    return { maker: null, missing: describeError(error) }
  }
}
