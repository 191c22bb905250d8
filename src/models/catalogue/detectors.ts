/**
 * @file Small detectors of the 80 COCO classes under Apache-2.0. Digests and sizes as the hub’s pages state them; none was loaded where this
 * was written. Left out: `onnx-community/dfine_n_coco-ONNX` (its graph gives half the scores of the original), and DEIMv2-N (no published
 * ONNX file with a digest was found, and its licence is told differently by those who pass it on).
 */
import { COCO_LABELS } from '../providers/builtin-vision/coco-labels.ts'
import { VISION_MANIFEST, type VisionManifest } from '../providers/onnx-vision/manifest.ts'
import type { DownloadableModel } from './catalogue-row.ts'

const MODEL = 'model.onnx'
/** COCO numbers its 80 classes up to 90; what these numbers stood for is in no picture. */
const UNUSED_IDS = new Set([0, 12, 26, 29, 30, 45, 66, 68, 69, 71, 83])
/** The score from which on the models’ cards show a box. */
const THRESHOLD = 0.5

/** 80 logits per box, pictures from 0 to 1. */
export function describeDFine(): VisionManifest {
  return {
    format: 1,
    task: 'detect',
    model: MODEL,
    input: { width: 640, height: 640, resize: 'squash', kernel: 'linear' },
    output: { kind: 'detr', scores: 'logits', boxes: 'pred_boxes' },
    labels: [...COCO_LABELS],
    threshold: THRESHOLD,
  }
}

/** A logit per number of COCO, ImageNet’s mean and deviation. */
export function describeRfDetr(): VisionManifest {
  const labels = [...COCO_LABELS]
  return {
    format: 1,
    task: 'detect',
    model: MODEL,
    input: { width: 384, height: 384, resize: 'squash', kernel: 'linear', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
    output: { kind: 'detr', scores: 'labels', boxes: 'dets' },
    labels: Array.from({ length: 91 }, (_, id) => (UNUSED_IDS.has(id) ? '' : (labels.shift() ?? ''))),
    threshold: THRESHOLD,
  }
}

function row(name: string, repo: string, bytes: number, sha256: string, manifest: VisionManifest, note: string): DownloadableModel {
  return {
    kind: 'download',
    name,
    task: 'detect',
    repo,
    commit: null,
    files: [{ path: MODEL, bytes, isExact: true, sha256 }],
    beside: () => ({ [VISION_MANIFEST]: `${JSON.stringify(manifest, null, 1)}\n` }),
    width: null,
    licence: 'Apache-2.0',
    note: `${note}; not yet tried by us with its weights`,
  }
}

export const DETECTORS: readonly DownloadableModel[] = [
  row(
    'd-fine-n',
    'AnnotateIt/dfine-nano-coco-onnx',
    15_434_935,
    'b0ec2e5793f3a3cbd07440d098645a0e102cd450fb92f4f35e713f36e35d152e',
    describeDFine(),
    'D-FINE nano: 80 kinds of things, small and fast',
  ),
  row(
    'd-fine-s',
    'AnnotateIt/deim-dfine-s-coco-onnx',
    41_806_815,
    '9a3f3152d51c9f847207092f82f727d9a898aeffe30d84e9bf63d1a63ab87033',
    describeDFine(),
    'D-FINE small, trained by DEIM: 80 kinds of things',
  ),
  row(
    'rf-detr-n',
    'AnnotateIt/rfdetr-nano-coco-onnx',
    114_731_473,
    'd5082b3a93eba673cf71763842be73fb852ab79962dfb303bbf0012ab8805059',
    describeRfDetr(),
    'RF-DETR nano: 80 kinds of things, large for its speed',
  ),
]
