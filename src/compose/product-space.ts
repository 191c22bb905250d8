/** @file The space of product pictures, and the filler that brings pictures that were there before its model into it. */
import { childEnvironment } from '../config/load.ts'
import type { OpenDatabase } from '../db/client.ts'
import type { Log } from '../domain/log.ts'
import type { Outages } from '../domain/outage.ts'
import type { Ingest } from '../ingest/ingest.ts'
import type { ActiveModel } from '../models/chosen/active-models.ts'
import type { ModelService } from '../models/model-service.ts'
import { BUILT_IN, type ModelOptions } from '../models/registry.ts'
import type { AnalyserOptions } from '../pipeline/analyser/protocol.ts'
import { PhotoFiller } from '../pipeline/spaces/photo-filler.ts'
import type { Steps } from '../pipeline/steps.ts'
import { createOwnSpace } from '../product/own-space.ts'
import { placeOfEmbedding } from './model-choice.ts'
import { Signal, type Signals } from './signals.ts'

/** The embedding model of product pictures, where it is installed. */
const PRODUCT_MODEL = 'marqo-fashion-siglip'

interface Needs {
  readonly models: Pick<ModelService, 'installed' | 'active' | 'next'>
  readonly steps: Steps
  readonly ingest: Pick<Ingest, 'locate'>
  readonly outages: Outages
  readonly optionsWith: (chosen: Pick<ModelOptions, 'embedding' | 'chosen'>) => AnalyserOptions
  readonly room: () => number
}

export function composeProductSpace({ db }: OpenDatabase, stack: AsyncDisposableStack, log: Log, signals: Signals, needs: Needs) {
  const { models, steps, ingest } = needs
  const switched = new Signal()
  const owed = new Signal()
  const model = (): ActiveModel | null => {
    const found = models.installed(PRODUCT_MODEL)
    // the library itself fills the space of a model that answers its searches, or will
    return found && ![models.active()?.info.id, models.next()?.info.id].includes(found.info.id) ? found : null
  }
  const own = createOwnSpace({ db, model, wakeFiller: owed.emit, onSwitched: switched.emit })
  const filler = stack.use(
    new PhotoFiller({
      db,
      log,
      outages: needs.outages,
      step: steps.embedding,
      scope: 'products',
      target: own.target,
      analyserOptions: () => {
        const found = model()
        return needs.optionsWith({
          embedding: placeOfEmbedding(found),
          chosen: BUILT_IN,
        })
      },
      timeoutOf: (step) => steps[step].timeoutMs,
      environment: childEnvironment(),
      locate: (photoId) => ingest.locate(photoId),
      room: needs.room,
    }),
  )
  filler.whenFull(own.onFull)
  owed.listen(() => filler.wake())
  for (const signal of [signals.modelsChanged, signals.groupsDecided]) signal.listen(() => own.wake())
  return { ...own, switched, task: filler.task, start: () => filler.start() }
}
