/** @file Folders with a brought-along tagger or detector: small graphs of the test's own, or the real networks beside the tests. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { COCO_LABELS } from '../../src/models/providers/builtin-vision/coco-labels.ts'
import type { VisionManifest } from '../../src/models/providers/onnx-vision/manifest.ts'
import { encodeGraph } from './onnx-graph.ts'
import { dataPath, modelPath } from './shared.ts'

/** A tagger whose logits are the means of the three input planes times a matrix [3 × labels]: RAM++’s signature with weights a test can reckon. */
export function meanTagger(side: number, labels: number, matrix: Float32Array): Uint8Array {
  return encodeGraph({
    inputs: [{ name: 'image', type: 'float32', shape: [1, 3, side, side] }],
    outputs: [{ name: 'logits', type: 'float32', shape: [1, labels] }],
    weights: [{ name: 'matrix', dims: [3, labels], data: matrix }],
    nodes: [
      { op: 'GlobalAveragePool', inputs: ['image'], outputs: ['means'] },
      { op: 'Flatten', inputs: ['means'], outputs: ['flat'], attributes: { axis: 1 } },
      { op: 'MatMul', inputs: ['flat', 'matrix'], outputs: ['logits'] },
    ],
  })
}

export function writeVisionFolder(folder: string, manifest: object, files: Readonly<Record<string, Uint8Array | string>>): string {
  for (const [path, content] of Object.entries({ ...files, 'manifest.json': JSON.stringify(manifest) })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

/** Every twentieth class of ImageNet is a test picture, whose name is its file’s; the other classes go by their number here. */
export function listImageNetLabels(): string[] {
  const labels: string[] = Array.from({ length: 1000 }, (_, index) => `class ${index}`)
  for (const [index, file] of readdirSync(dataPath('classified-photos')).sort().entries()) labels[index * 20] = nameOfClass(file)
  return labels
}
export const nameOfClass = (file: string): string =>
  file
    .replace(/^n\d+_/, '')
    .replace(/\.JPEG$/, '')
    .replaceAll('_', ' ')

const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } satisfies Partial<VisionManifest['input']>

/** This export’s logits end at 4.04, where the surest classes lie together: sigmoid .9827. */
export async function writeMobileNet(folder: string, threshold = 0.98): Promise<string> {
  const manifest: VisionManifest = {
    format: 1,
    task: 'tag',
    input: { width: 224, height: 224, resize: 'cover', ...IMAGENET },
    output: { kind: 'logits', max: 5 },
    labels: 'labels.json',
    threshold,
  }
  writeVisionFolder(folder, manifest, { 'labels.json': JSON.stringify(listImageNetLabels()) })
  await copyFile(modelPath('imagenet-mobilenetv2-int8.onnx'), join(folder, 'model.onnx'))
  return folder
}

export async function writeYolo(folder: string, threshold = 0.4): Promise<string> {
  const manifest: VisionManifest = {
    format: 1,
    task: 'detect',
    model: 'yolov8n.onnx',
    input: { width: 640, height: 640, resize: 'letterbox' },
    output: { kind: 'yolo' },
    labels: [...COCO_LABELS],
    threshold,
  }
  writeVisionFolder(folder, manifest, {})
  await copyFile(modelPath('object-detection-yolov8n-int8.onnx'), join(folder, 'yolov8n.onnx'))
  return folder
}
