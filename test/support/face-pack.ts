/** @file A face pack in InsightFace’s layout, put together from the small test models. */
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { modelPath } from './shared.ts'

const DETECTORS = { scrfd: 'face-detection-scrfd-2.5g.onnx', yunet: 'face-detection-yunet.onnx' } as const
export type TestDetector = keyof typeof DETECTORS

export async function writeFacePack(folder: string, detector: TestDetector): Promise<string> {
  await mkdir(join(folder, 'detection'), { recursive: true })
  await mkdir(join(folder, 'recognition'), { recursive: true })
  await copyFile(modelPath(DETECTORS[detector]), join(folder, 'detection/model.onnx'))
  await copyFile(modelPath('face-embedding-arcface-mbf-int8.onnx'), join(folder, 'recognition/model.onnx'))
  return folder
}
