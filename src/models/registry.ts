/**
 * @file Which provider answers for each capability of a step. The analysis process creates the models from this table;
 * the library reads only the ids, so that the ledger knows what is due without loading anything.
 */
import { describeError, FototecaError } from '../domain/errors.ts'
import type { Model, ModelInfo, StepCapability, StepModels } from './capability.ts'
import { type Models, NoModel } from './model-set.ts'
import { createTextReader, TEXT_READER_INFO } from './providers/builtin-ocr/index.ts'
import { createVisionModels, FACE_FINDER_INFO, OBJECT_FINDER_INFO } from './providers/builtin-vision/index.ts'
import { openEmbeddingModel } from './providers/onnx-embedding/open-embedding-model.ts'

/** Built-in models by capability; the embedding model is the user’s choice and has none. */
export const BUILTIN_INFO = {
  'find-objects': OBJECT_FINDER_INFO,
  'read-text': TEXT_READER_INFO,
  'find-faces': FACE_FINDER_INFO,
  'embed-image': null,
} as const satisfies Record<StepCapability, ModelInfo | null>

export interface ModelOptions {
  readonly device: 'auto' | 'cpu' | 'cuda'
  readonly embeddingFolder: string | null
}

export function createModels(options: ModelOptions): Models {
  const open = new Set<Model>()
  const keep = <M extends Model>(model: M): M => {
    open.add(model)
    return model
  }
  let vision: ReturnType<typeof createVisionModels> | undefined
  const visionModels = () => {
    vision ??= createVisionModels()
    return vision
  }
  const create: { [C in StepCapability]: () => Promise<StepModels[C] | NoModel> } = {
    'find-objects': async () => keep(visionModels().objects),
    'find-faces': async () => keep(visionModels().faces),
    'read-text': async () => keep(createTextReader()),
    'embed-image': async () => {
      if (options.embeddingFolder === null) return new NoModel('no image–text model is installed; search by meaning waits for one')
      return keep((await openEmbeddingModel(options.embeddingFolder, { device: options.device })).image())
    },
  }
  const loaded = new Map<StepCapability, Promise<Model | NoModel>>()
  return {
    async get<C extends StepCapability>(capability: C) {
      let model = loaded.get(capability)
      if (!model) {
        model = create[capability]()
        loaded.set(capability, model)
      }
      try {
        return (await model) as StepModels[C] | NoModel
      } catch (error) {
        loaded.delete(capability)
        if (error instanceof FototecaError) throw error
        throw new FototecaError('model_failed', `the model for ${capability} could not be loaded: ${describeError(error)}`, {
          cause: error,
        })
      }
    },
    async [Symbol.asyncDispose]() {
      for (const model of open) await model[Symbol.asyncDispose]()
    },
  }
}
