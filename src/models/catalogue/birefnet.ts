/** @file BiRefNet lite (Zheng et al. 2024): products cut out of any background, in two ONNX exports. Digests: see `catalogue.ts`. */

import type { CutOutManifest } from '../providers/onnx-cut-out/manifest.ts'
import { VISION_MANIFEST } from '../providers/onnx-vision/manifest.ts'
import type { CatalogueFile, DownloadableModel } from './catalogue-row.ts'

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

function row(
  name: string,
  repo: string,
  commit: string | null,
  side: number,
  weights: Omit<CatalogueFile, 'path'>,
  note: string,
): DownloadableModel {
  return {
    kind: 'download',
    name,
    task: 'cut-out',
    repo,
    commit,
    files: [{ path: MODEL, ...weights }],
    beside: () => ({ [VISION_MANIFEST]: `${JSON.stringify(describeBiRefNet(side), null, 1)}\n` }),
    width: null,
    licence: 'MIT',
    note,
  }
}

export const BIREFNET: readonly DownloadableModel[] = [
  row(
    'birefnet-lite',
    'onnx-community/BiRefNet_lite-ONNX',
    'de15b22ba131738a16dff04aab8bdf8dc32e3ac1',
    1024,
    { bytes: 224_005_088, isExact: true, sha256: '5600024376f572a557870a5eb0afb1e5961636bef4e1e22132025467d0f03333' },
    'BiRefNet lite at 1024 px: cuts products out of any background; needs gigabytes of memory while it works',
  ),
  row(
    'birefnet-lite-512',
    'studioludens/birefnet-lite-512',
    null,
    512,
    { bytes: 183 * MB, sha256: null },
    'BiRefNet lite at 512 px: a quarter of the work and memory, coarser edges',
  ),
]
