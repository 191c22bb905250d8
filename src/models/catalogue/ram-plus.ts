/** @file RAM++ (recognize-anything): 4,585 tags with a threshold each, in the three ONNX exports whose digests are known. */
import { readFileSync } from 'node:fs'
import { VISION_MANIFEST, type VisionManifest } from '../providers/onnx-vision/manifest.ts'
import type { DownloadableModel } from './catalogue-row.ts'

/** As upstream prepares pictures (`ram/transform.py`): squashed to 384 pixels, bilinear, ImageNet’s mean and deviation. */
export function describeRamPlus(model: string): VisionManifest {
  return {
    format: 1,
    task: 'tag',
    model,
    input: {
      width: 384,
      height: 384,
      resize: 'squash',
      kernel: 'linear',
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
    },
    output: { kind: 'logits', max: 50 },
    labels: 'tags.txt',
    threshold: 'thresholds.txt',
  }
}

const data = (name: string): string => readFileSync(new URL(`../../lexicon/data/${name}`, import.meta.url), 'utf8')

function row(name: string, repo: string, path: string, bytes: number, sha256: string, note: string): DownloadableModel {
  return {
    kind: 'download',
    name,
    task: 'tag',
    repo,
    commit: null,
    files: [{ path, bytes, isExact: true, sha256 }],
    beside: () => ({
      [VISION_MANIFEST]: `${JSON.stringify(describeRamPlus(path), null, 1)}\n`,
      'tags.txt': data('starting-tags.txt'),
      'thresholds.txt': data('starting-tag-thresholds.txt'),
    }),
    width: null,
    licence: 'Apache-2.0',
    note,
  }
}

export const RAM_PLUS: readonly DownloadableModel[] = [
  row(
    'ram-plus',
    'imagent/ram-plus-onnx',
    'ram_plus.onnx',
    1_859_243_322,
    '4197a2cd19b6623e1286e9feda991e793fed7749ed9cee9793b174fee0eb844f',
    'RAM++ in full precision: 4,585 kinds of things, scenes and actions',
  ),
  row(
    'ram-plus-fp16',
    'imagent/ram-plus-fp16-onnx',
    'ram_plus_fp16.onnx',
    929_837_546,
    'a2ac88e1715f50886281a0826c8d62257b52586af9ecbe0490351b1ee3156381',
    'RAM++ with halved weights',
  ),
  row(
    'ram-plus-int8',
    'imagent/ram-plus-onnx',
    'ram_plus_int8.onnx',
    872_789_856,
    '44836da6724dcbdd7446632599c190426af96bd47d4457d47d876b019e10f8bd',
    'RAM++ in 8 bits: the smallest',
  ),
]
