/** @file Folders with real networks, put together from the small test models beside the project: a tagger, a detector, and face packs. */
import { readdirSync } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { COCO_LABELS } from '../../src/models/providers/builtin-vision/coco-labels.ts'
import type { VisionManifest } from '../../src/models/providers/onnx-vision/manifest.ts'
import { dataPath, modelPath } from './shared.ts'
import { writeVisionFolder } from './vision-folder.ts'

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

const DETECTORS = { scrfd: 'face-detection-scrfd-2.5g.onnx', yunet: 'face-detection-yunet.onnx' } as const
export type TestDetector = keyof typeof DETECTORS

/** In InsightFace’s layout. */
export async function writeFacePack(folder: string, detector: TestDetector): Promise<string> {
  await mkdir(join(folder, 'detection'), { recursive: true })
  await mkdir(join(folder, 'recognition'), { recursive: true })
  await copyFile(modelPath(DETECTORS[detector]), join(folder, 'detection/model.onnx'))
  await copyFile(modelPath('face-embedding-arcface-mbf-int8.onnx'), join(folder, 'recognition/model.onnx'))
  return folder
}
