/** @file BiRefNet lite (Zheng et al. 2024): products cut out of any background, in two ONNX exports. Sizes as the hub’s pages state them; no digests are stated there. */

import type { CutOutManifest } from '../providers/onnx-cut-out/manifest.ts'
import { VISION_MANIFEST } from '../providers/onnx-vision/manifest.ts'
import type { DownloadableModel } from './catalogue-row.ts'

const MB = 1_000_000
const MODEL = 'onnx/model.onnx'

/** As its card says: squashed, bilinear, ImageNet’s mean and deviation; `input_image` in, logits `output_image` out. */
export function describeBiRefNet(side: number, model = MODEL): CutOutManifest {
  return {
    format: 1,
    task: 'cut-out',
    model,
    input: { width: side, height: side, resize: 'squash', kernel: 'linear', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
    output: { kind: 'logits', name: 'output_image' },
  }
}

function row(name: string, repo: string, side: number, megabytes: number, note: string): DownloadableModel {
  return {
    kind: 'download',
    name,
    task: 'cut-out',
    repo,
    revision: 'main',
    files: [{ path: MODEL, bytes: megabytes * MB }],
    beside: () => ({ [VISION_MANIFEST]: `${JSON.stringify(describeBiRefNet(side), null, 1)}\n` }),
    width: null,
    licence: 'MIT',
    note,
  }
}

export const BIREFNET: readonly DownloadableModel[] = [
  row('birefnet-lite', 'onnx-community/BiRefNet_lite-ONNX', 1024, 224, 'BiRefNet lite at 1024 px: cuts products out of any background; needs gigabytes of memory while it works'),
  row('birefnet-lite-512', 'studioludens/birefnet-lite-512', 512, 183, 'BiRefNet lite at 512 px: a quarter of the work and memory, coarser edges'),
] // biome-ignore format: a table
