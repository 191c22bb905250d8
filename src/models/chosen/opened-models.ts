/** @file Opens every installed model far enough to know who it is (no weights are loaded), and keeps why one cannot be opened. */
import type { Device } from '../../config/device.ts'
import type { ChosenTask } from '../../contract/words.ts'
import { FototecaError } from '../../domain/errors.ts'
import { listInstalled } from '../install/install-manifest.ts'
import type { ModelInfo, Space, TextEmbedder } from '../ports/capability.ts'
import { openCutter } from '../providers/onnx-cut-out/open-cutter.ts'
import { openEmbeddingModel } from '../providers/onnx-embedding/open-embedding-model.ts'
import { openFacePack } from '../providers/onnx-faces/open-face-pack.ts'
import { openVisionModel } from '../providers/onnx-vision/open-vision-model.ts'

/** An embedding model as far as questions need it. */
export type SpeakingModel = { readonly info: ModelInfo; readonly space: Space; text(): TextEmbedder }

export interface OpenedModels {
  /** `folder` null: built in */
  readonly embeddings: ReadonlyMap<string, { readonly model: SpeakingModel; readonly folder: string | null }>
  /** models of which one is in use at a time */
  readonly others: ReadonlyMap<string, { readonly task: ChosenTask; readonly info: ModelInfo; readonly folder: string }>
  /** by name */
  readonly failures: ReadonlyMap<string, unknown>
}

export async function openInstalled(
  modelDir: string,
  device: Device,
  onNotice: (name: string, notice: string) => void,
  builtIn: SpeakingModel | null,
): Promise<OpenedModels> {
  const embeddings = new Map<string, { model: SpeakingModel; folder: string | null }>()
  if (builtIn) embeddings.set(builtIn.info.name, { model: builtIn, folder: null })
  const others = new Map<string, { task: ChosenTask; info: ModelInfo; folder: string }>()
  const failures = new Map<string, unknown>()
  for (const { folder, manifest, damaged } of await listInstalled(modelDir)) {
    const { name, task } = manifest
    try {
      if (damaged.length > 0)
        throw new FototecaError('model_missing', `${folder} is damaged (${damaged.join(', ')}); “fototeca models pull ${name}” mends it`)
      const options = { device, onNotice: (notice: string) => onNotice(name, notice) }
      if (task === 'embedding') embeddings.set(name, { model: await openEmbeddingModel(folder, options), folder })
      else if (task === 'faces') others.set(name, { task, info: (await openFacePack(folder, options)).info, folder })
      else if (task === 'cut-out') others.set(name, { task, info: (await openCutter(folder, options)).info, folder })
      else others.set(name, { task, info: (await openVisionModel(folder, options)).info, folder })
    } catch (error) {
      failures.set(name, error)
    }
  }
  return { embeddings, others, failures }
}
