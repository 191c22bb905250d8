/** @file Opens a network that cuts out (BiRefNet and its like) behind the interface of the built-in cutter. */
import { OUTLINE_SIDE, type Rgb } from '../../../domain/product/cut-out/cut-out.ts'
import { GUIDE_SIDE } from '../../../domain/product/cut-out/guided-filter.ts'
import { readMask } from '../../../domain/product/cut-out/read-mask.ts'
import type { Picture, Pixels } from '../../../media/picture.ts'
import { identifyModel } from '../../install/identify-model.ts'
import type { Runtime } from '../../onnx/session.ts'
import type { FoundOutline, ModelInfo, ProductCutter } from '../../ports/capability.ts'
import { WorkerModel } from '../../workers/worker-model.ts'
import { readCutOutFolder } from './manifest.ts'
import type { CutOutWorkerData } from './worker.ts'

/**
 * Of a mask: share of the product's pixels that are neither in nor out, up to which it is trusted. A clean edge of a product that
 * fills a tenth of the picture has .04; hair and glass more. A guess: no such network could be run where this was written.
 */
const MAX_UNDECIDED = 0.25

export interface CutterOptions extends Runtime {
  readonly onNotice?: (notice: string) => void
}

export interface OpenableCutter {
  /** its version stands for weights and manifest */
  readonly info: ModelInfo
  /** Loads it. The caller disposes of it. @throws FototecaError naming the file that does not work */
  open(): Promise<ProductCutter>
}

/** @throws FototecaError `invalid` naming the file and field; the network is not loaded yet */
export async function openCutter(folder: string, { onNotice, ...runtime }: CutterOptions): Promise<OpenableCutter> {
  const model = await readCutOutFolder(folder)
  const info = await identifyModel(folder, model.files)
  return {
    info,
    async open() {
      const data: CutOutWorkerData = { model, runtime }
      const thread = new WorkerModel(new URL('./worker.ts', import.meta.url), data)
      try {
        const notice = await thread.call<string | null>('notice', [])
        if (notice !== null) onNotice?.(notice)
      } catch (error) {
        await thread[Symbol.asyncDispose]()
        throw error
      }
      const { width, height, kernel } = model.input
      return {
        info,
        async findOutline(picture: Picture, { signal } = {}): Promise<FoundOutline> {
          const seen = await picture.exact(width, height, 'squash', kernel)
          const alpha = await thread.call<Uint8Array>('cutOut', [only(seen)], { signal })
          const { outline, undecided } = readMask({ width, height, alpha }, await picture.fit(OUTLINE_SIDE), await picture.fit(GUIDE_SIDE))
          const isSure = outline !== null && undecided <= MAX_UNDECIDED
          return {
            outline,
            shadow: null,
            sureness: outline ? Math.max(0, 1 - undecided) : 0,
            isSure,
            notice: isSure ? null : explain(outline === null),
          }
        },
        [Symbol.asyncDispose]: () => thread[Symbol.asyncDispose](),
      }
    },
  }
}

const explain = (isEmpty: boolean): string =>
  isEmpty
    ? 'the model that cuts out finds no product in this picture'
    : 'the model that cuts out is not sure where the product ends: look at it, or take a picture on a plain background'

/** Only the fields that cross to the thread. */
const only = ({ width, height, data }: Pixels): Rgb & { channels: 3 } => ({ width, height, channels: 3, data })
