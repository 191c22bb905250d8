/**
 * @file Which provider answers for each capability of a step. The analysis process creates the models from this table;
 * the library reads only the ids, so that the ledger knows what is due without loading anything.
 */
import type { Device } from '../config/device.ts'
import { message, textMessage } from '../contract/messages/message.ts'
import type { StepTask } from '../contract/words.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import { type Models, NoModel } from './model-set.ts'
import type { Model, ModelInfo, StepCapability, StepModels } from './ports/capability.ts'
import { openBasicMeaning } from './providers/builtin-meaning/index.ts'
import { createTextReader, TEXT_READER_INFO } from './providers/builtin-ocr/index.ts'
import { createVisionModels, FACE_FINDER_INFO, OBJECT_FINDER_INFO } from './providers/builtin-vision/index.ts'
import { openEmbeddingModel } from './providers/onnx-embedding/open-embedding-model.ts'
import { openFacePack } from './providers/onnx-faces/open-face-pack.ts'
import { openVisionModel } from './providers/onnx-vision/open-vision-model.ts'

/** Built-in models by capability; embedding models and taggers are the user’s choice. */
export const BUILTIN_INFO = {
  'find-objects': OBJECT_FINDER_INFO,
  'read-text': TEXT_READER_INFO,
  'find-faces': FACE_FINDER_INFO,
  tag: null,
  'embed-image': null,
} as const satisfies Record<StepCapability, ModelInfo | null>

/** Where an installed model lies, and how many threads and pictures in a run serve it best here (undefined: not measured). */
export interface ModelPlace {
  readonly folder: string
  readonly threads?: number | undefined
  readonly batch?: number | undefined
}

/** Which models a process may load. Structured-cloneable. */
export interface ModelOptions {
  readonly device: Device
  /** the active embedding model, if there is one */
  readonly embedding: ModelPlace | 'built-in' | null
  /** the chosen model of each task, or why it cannot be used; what is built in otherwise */
  readonly chosen: Readonly<Record<StepTask, 'built-in' | ModelPlace | { readonly missing: string }>>
}

/** Nothing was chosen. */
export const BUILT_IN: ModelOptions['chosen'] = { faces: 'built-in', tag: 'built-in', detect: 'built-in' }

/** A model that cannot be loaded is not loaded again for every photo. */
const LOAD_AGAIN_MS = 30_000

export function createModels(options: ModelOptions): Models {
  const open = new Set<Model>()
  const keep = <M extends Model>(model: M): M => {
    open.add(model)
    return model
  }
  let vision: ReturnType<typeof createVisionModels> | undefined
  const visionModels = () => {
    vision ??= createVisionModels({}, options.embedding === 'built-in')
    return vision
  }
  const create: { [C in StepCapability]: () => Promise<StepModels[C] | NoModel> } = {
    'find-objects': async () => {
      const { detect } = options.chosen
      if (detect === 'built-in') return keep(visionModels().objects)
      if ('missing' in detect) return new NoModel(textMessage(detect.missing))
      return keep(await (await openVisionModel(detect.folder, runtimeOf(detect))).openDetector())
    },
    tag: async () => {
      const { tag } = options.chosen
      if (tag === 'built-in') return new NoModel(message('model.no-tagger'))
      if ('missing' in tag) return new NoModel(textMessage(tag.missing))
      return keep(await (await openVisionModel(tag.folder, runtimeOf(tag))).openTagger())
    },
    'find-faces': async () => {
      const { faces } = options.chosen
      if (faces === 'built-in') return keep(visionModels().faces)
      // never silently another: faces of two models cannot be compared
      if ('missing' in faces) return new NoModel(textMessage(faces.missing))
      return keep(await (await openFacePack(faces.folder, runtimeOf(faces))).open())
    },
    'read-text': async () => keep(createTextReader()),
    'embed-image': async () => {
      if (options.embedding === null) return new NoModel(message('model.no-embedding'))
      if (options.embedding === 'built-in') return keep((await openBasicMeaning()).image(visionModels().features))
      return keep((await openEmbeddingModel(options.embedding.folder, runtimeOf(options.embedding))).image())
    },
  }
  const runtimeOf = ({ threads, batch }: ModelPlace) => ({ device: options.device, threads, batch })
  const loaded = new Map<StepCapability, Promise<Model | NoModel>>()
  const failed = new Map<StepCapability, { readonly error: FototecaError; readonly untilMs: number }>()
  return {
    async get<C extends StepCapability>(capability: C) {
      const before = failed.get(capability)
      if (before && performance.now() < before.untilMs) throw before.error
      let model = loaded.get(capability)
      if (!model) {
        model = create[capability]()
        loaded.set(capability, model)
      }
      try {
        return (await model) as StepModels[C] | NoModel
      } catch (error) {
        loaded.delete(capability)
        const named =
          error instanceof FototecaError
            ? error
            : new FototecaError('model_failed', `the model for ${capability} could not be loaded: ${describeError(error)}`, {
                cause: error,
              })
        failed.set(capability, { error: named, untilMs: performance.now() + LOAD_AGAIN_MS })
        throw named
      }
    },
    async [Symbol.asyncDispose]() {
      for (const model of open) await model[Symbol.asyncDispose]()
    },
  }
}
