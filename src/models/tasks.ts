/**
 * @file The tasks an installed model can have: how a folder of each is told, which files belong to it, how it is tried.
 * A new kind of model is an entry here and its provider; installs, downloads and lists work for it then.
 */
import type { Capability, ModelTask } from '../contract/words.ts'
import { FototecaError } from '../domain/errors.ts'
import type { Runtime } from './onnx/session.ts'
import { readCutOutFolder } from './providers/onnx-cut-out/manifest.ts'
import { tryCutter } from './providers/onnx-cut-out/try-cutter.ts'
import { looksLikeEmbeddingModel, readEmbeddingFolder } from './providers/onnx-embedding/read-folder.ts'
import { tryEmbeddingModel } from './providers/onnx-embedding/try-embedding-model.ts'
import { looksLikeFacePack, readFaceFolder } from './providers/onnx-faces/read-folder.ts'
import { tryFacePack } from './providers/onnx-faces/try-face-pack.ts'
import { looksLikeVisionModel, readVisionFolder } from './providers/onnx-vision/manifest.ts'
import { tryVisionModel } from './providers/onnx-vision/try-vision-model.ts'

export interface TriedModel {
  /** numbers per vector; null for models that give none */
  readonly width: number | null
  /** one picture, warm, on the picture of the trial */
  readonly msPerPicture: number
}

interface TaskEntry {
  readonly capabilities: readonly Capability[]
  /** A cheap look at names: is this such a folder at all? */
  looksLike(folder: string): boolean
  /** Every file the model needs, relative. @throws FototecaError `invalid` naming the file that is missing or broken */
  readFiles(folder: string): Promise<readonly string[]>
  /** pictures in a run up to which is tried whether more are faster */
  readonly maxBatch: number
  /**
   * Loads it and runs it, `runtime.batch` pictures at a time.
   * @param before an earlier try of it: what that found need not be found again
   * @returns null where it cannot take that many
   * @throws FototecaError `invalid` or `model_failed` naming the file that does not work
   */
  tryOut(folder: string, runtime: Runtime, signal: AbortSignal, before?: Pick<TriedModel, 'width'>): Promise<TriedModel | null>
}

export const TASKS = {
  // first: its manifest says what it is, whatever else its repository holds
  'cut-out': {
    capabilities: ['cut-out'],
    looksLike: (folder) => looksLikeVisionModel(folder, 'cut-out'),
    readFiles: async (folder) => (await readCutOutFolder(folder)).files,
    maxBatch: 1,
    tryOut: tryCutter,
  },
  embedding: {
    capabilities: ['embed-image', 'embed-text'],
    looksLike: looksLikeEmbeddingModel,
    readFiles: async (folder) => (await readEmbeddingFolder(folder)).files,
    // FOTOTECA_WORKERS, whose most this is, says how many pictures can come together
    maxBatch: 64,
    tryOut: tryEmbeddingModel,
  },
  faces: {
    capabilities: ['find-faces'],
    looksLike: looksLikeFacePack,
    readFiles: async (folder) => (await readFaceFolder(folder)).files,
    // the faces of one photo go in together already
    maxBatch: 1,
    tryOut: tryFacePack,
  },
  detect: {
    capabilities: ['find-objects'],
    looksLike: (folder) => looksLikeVisionModel(folder, 'detect'),
    readFiles: async (folder) => (await readVisionFolder(folder)).files,
    maxBatch: 1,
    tryOut: tryVisionModel,
  },
  // last, and without a look at the task: what is wrong with a manifest is said when it is read
  tag: {
    capabilities: ['tag'],
    looksLike: (folder) => looksLikeVisionModel(folder),
    readFiles: async (folder) => (await readVisionFolder(folder)).files,
    maxBatch: 1,
    tryOut: tryVisionModel,
  },
} as const satisfies Record<ModelTask, TaskEntry>

/** What a folder holds. @throws FototecaError `invalid` when it is no model known here, saying which layouts there are */
export function findTask(folder: string): ModelTask {
  for (const [task, { looksLike }] of Object.entries(TASKS)) if (looksLike(folder)) return task as ModelTask
  throw new FototecaError(
    'invalid',
    `${folder} is no model known here: it holds neither visual/ and textual/ (OpenCLIP layout) nor onnx/ and preprocessor_config.json ` +
      '(transformers.js layout) nor detection/ and recognition/ (faces) nor manifest.json (a tagger, a detector or a model that cuts out)',
  )
}
