/** @file Opens a brought-along tagger or detector from its folder, behind the interfaces of the built-in ones. */
import { clampBox } from '../../../domain/geometry.ts'
import type { Picture, Pixels } from '../../../media/picture.ts'
import { identifyModel } from '../../install/identify-model.ts'
import type { Runtime } from '../../onnx/session.ts'
import type { ModelInfo, ObjectFinder, PictureTagger } from '../../ports/capability.ts'
import { fitShape, toPictureBox } from '../../vision/letterbox.ts'
import { TEST_PICTURE } from '../../vision/test-picture.ts'
import { WorkerModel } from '../../workers/worker-model.ts'
import { readVisionFolder, type VisionModel } from './manifest.ts'
import type { Said, SaidBox } from './read-answer.ts'
import type { VisionWorkerData } from './worker.ts'

export interface VisionOptions extends Runtime {
  readonly onNotice?: (notice: string) => void
}

export interface OpenableVisionModel {
  /** its version stands for weights, manifest, labels and thresholds: any change of them is another model */
  readonly info: ModelInfo
  readonly task: VisionModel['task']
  /** Loads and runs it once. The caller disposes of it. @throws FototecaError naming the file that does not work */
  openTagger(): Promise<PictureTagger>
  openDetector(): Promise<ObjectFinder>
}

/** @throws FototecaError `invalid` naming the file and field; the network is not loaded yet */
export async function openVisionModel(folder: string, options: VisionOptions): Promise<OpenableVisionModel> {
  const model = await readVisionFolder(folder)
  const info = await identifyModel(folder, model.files)
  return {
    info,
    task: model.task,
    async openTagger() {
      const thread = await openThread(model, options, 'tag')
      return {
        info,
        async tagPicture(picture, { signal } = {}) {
          const said = await thread.call<Said[]>('tag', [await prepare(picture, model.input)], { signal })
          return said.flatMap(({ label, score }) => {
            const tag = model.labels[label] ?? ''
            return tag === '' ? [] : [{ tag, confidence: score }]
          })
        },
        [Symbol.asyncDispose]: () => thread[Symbol.asyncDispose](),
      }
    },
    async openDetector() {
      const thread = await openThread(model, options, 'detect')
      return {
        info,
        async findObjects(picture, { signal } = {}) {
          const pixels = await prepare(picture, model.input)
          const said = await thread.call<SaidBox[]>('detect', [pixels], { signal })
          return said.flatMap(({ label, score, box }) => {
            const name = model.labels[label] ?? ''
            const edges = [box.x, box.y, box.x + box.width, box.y + box.height] as const
            const placed = model.input.resize === 'letterbox' ? toPictureBox([...edges], model.input, pixels) : clampBox(box)
            return name === '' || placed.width <= 0 || placed.height <= 0
              ? []
              : [{ label: name, confidence: Math.min(1, score), box: placed }]
          })
        },
        [Symbol.asyncDispose]: () => thread[Symbol.asyncDispose](),
      }
    },
  }
}

/** Run once, so that a model which does not work is found here and not at every photo. */
async function openThread(model: VisionModel, { onNotice, ...runtime }: VisionOptions, method: 'tag' | 'detect'): Promise<WorkerModel> {
  const data: VisionWorkerData = { model, runtime }
  const thread = new WorkerModel(new URL('./worker.ts', import.meta.url), data)
  try {
    const notice = await thread.call<string | null>('notice', [])
    if (notice !== null) onNotice?.(notice)
    await thread.call(method, [await prepare(TEST_PICTURE, model.input)])
    return thread
  } catch (error) {
    await thread[Symbol.asyncDispose]()
    throw error
  }
}

/** At the network's size; for a letterbox as large as fits it. Only the fields that cross to the thread. */
async function prepare(picture: Picture, { width, height, resize, kernel }: VisionModel['input']): Promise<Pixels> {
  const pixels = resize === 'letterbox' ? await fitShape(picture, { width, height }) : await picture.exact(width, height, resize, kernel)
  return { width: pixels.width, height: pixels.height, channels: 3, data: pixels.data }
}
