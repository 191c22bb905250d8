/** @file Opens an image–text embedding model from its folder: two towers, each in its own thread, one space. */
import { join } from 'node:path'
import type { Picture, Pixels } from '../../../media/picture.ts'
import { identifyModel } from '../../install/identify-model.ts'
import { readManifest } from '../../install/install-manifest.ts'
import type { Runtime } from '../../onnx/session.ts'
import type { CallOptions, ImageEmbedder, ModelInfo, Space, TextEmbedder } from '../../ports/capability.ts'
import { gatherCalls } from '../../workers/gather-calls.ts'
import { WorkerModel } from '../../workers/worker-model.ts'
import type { ImageWorkerData } from './image-worker.ts'
import { type EmbeddingFolder, readEmbeddingFolder } from './read-folder.ts'
import type { TextWorkerData } from './text-worker.ts'

export interface EmbeddingModel {
  readonly info: ModelInfo
  readonly space: Space
  /** Starts the image tower at its first call; pictures asked for at the same time share runs of `batch`. The caller disposes of it. */
  image(): ImageTower
  /** Starts the text tower at its first call. The caller disposes of it. */
  text(): TextEmbedder
}

export interface ImageTower extends ImageEmbedder {
  /** whether it takes several pictures in one run */
  isBatched(): Promise<boolean>
  /** These in one run, whatever the batch. */
  embedTogether(pictures: readonly Picture[], options?: CallOptions): Promise<Float32Array[]>
}

export interface OpenOptions extends Runtime {
  /** where it is known already: to measure it a tower is loaded */
  readonly width?: number
  /** told once by each tower that runs elsewhere than asked */
  readonly onNotice?: (notice: string) => void
}

/**
 * @param folder in either layout of the hub (OpenCLIP-ONNX or transformers.js)
 * @throws FototecaError `invalid` or `model_failed`, naming the file and what to do
 */
export async function openEmbeddingModel(folder: string, options: OpenOptions): Promise<EmbeddingModel> {
  const { onNotice, width: given, ...runtime } = options
  const parts = await readEmbeddingFolder(folder)
  // what the install recorded saves hashing gigabytes and loading a tower only to see its width
  const known = await readManifest(folder)
  const info = await identifyModel(folder, parts.files)
  const width = known?.width ?? given ?? parts.width ?? (await measureWidth(parts, runtime))
  const space: Space = { name: `${info.id}/${width}`, width, hasText: true }
  return {
    info,
    space,
    image() {
      const worker = imageWorker(parts, runtime, width)
      const tellOnce = noticeTeller(worker, onNotice)
      const { resizeWidth, resizeHeight, how, kernel } = parts.image.preparation
      const prepare = async (picture: Picture) => plainPixels(await picture.exact(resizeWidth, resizeHeight, how, kernel))
      const embed = gatherCalls(runtime.batch ?? 1, (pictures: readonly Pixels[]) => worker.call<Float32Array[]>('embed', [pictures]))
      return {
        info,
        space,
        async embedImage(picture, { signal } = {}) {
          const vector = await embed(await prepare(picture), signal)
          await tellOnce()
          return vector
        },
        isBatched: async () => (await worker.call<{ isBatched: boolean }>('describe', [])).isBatched,
        async embedTogether(pictures, { signal } = {}) {
          return worker.call<Float32Array[]>('embed', [await Promise.all(pictures.map(prepare))], { signal })
        },
        [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
      }
    },
    text() {
      const worker = textWorker(parts, runtime, width)
      const tellOnce = noticeTeller(worker, onNotice)
      return {
        info,
        space,
        async embedText(text, { signal } = {}) {
          const vector = await worker.call<Float32Array>('embed', [text], { signal })
          await tellOnce()
          return vector
        },
        [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
      }
    },
  }
}

function noticeTeller(worker: WorkerModel, onNotice: OpenOptions['onNotice']): () => Promise<void> {
  let isTold = onNotice === undefined
  return async () => {
    if (isTold) return
    isTold = true
    const { notice } = await worker.call<{ notice: string | null }>('describe', [])
    if (notice !== null) onNotice?.(notice)
  }
}

/** Only the fields that cross to the thread, whatever else a decoder's object carries. */
function plainPixels({ width, height, channels, data }: Pixels): Pixels {
  return { width, height, channels, data }
}

async function measureWidth(parts: EmbeddingFolder, runtime: Runtime): Promise<number> {
  await using worker = imageWorker(parts, runtime, null)
  return (await worker.call<{ width: number }>('describe', [])).width
}

function imageWorker(parts: EmbeddingFolder, runtime: Runtime, width: number | null): WorkerModel {
  const data: ImageWorkerData = {
    modelFile: join(parts.folder, parts.image.modelFile),
    runtime,
    width,
    preparation: parts.image.preparation,
  }
  return new WorkerModel(new URL('./image-worker.ts', import.meta.url), data)
}

function textWorker(parts: EmbeddingFolder, runtime: Runtime, width: number): WorkerModel {
  const data: TextWorkerData = {
    modelFile: join(parts.folder, parts.text.modelFile),
    runtime,
    width,
    tokenizerFile: join(parts.folder, parts.text.tokenizerFile),
    configFile: parts.text.configFile === null ? null : join(parts.folder, parts.text.configFile),
    rules: parts.text.rules,
  }
  return new WorkerModel(new URL('./text-worker.ts', import.meta.url), data)
}
