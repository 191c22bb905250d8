/** @file Reads where the networks of a face pack lie: InsightFace’s two, detection and recognition, in either layout. */
import { existsSync, readdirSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { FototecaError } from '../../../domain/errors.ts'

export interface FaceFolder {
  readonly folder: string
  /** relative to the folder */
  readonly detection: string
  readonly recognition: string
  /** what an install takes along */
  readonly files: readonly string[]
}

/** `immich-app/buffalo_l` and its like. */
const BY_TASK = { detection: 'detection/model.onnx', recognition: 'recognition/model.onnx' } as const
/** The archives of InsightFace itself: det_10g.onnx, w600k_r50.onnx, beside networks that are not used. */
const BY_NAME = { detection: /^(det|scrfd)_.*\.onnx$/, recognition: /^(w600k|glint360k|ms1mv\d)_.*\.onnx$/ } as const

export function looksLikeFacePack(folder: string): boolean {
  return existsSync(join(folder, 'detection')) || existsSync(join(folder, 'recognition')) || findByName(folder) !== null
}

/** @throws FototecaError `invalid` naming the file that is missing */
export async function readFaceFolder(folder: string): Promise<FaceFolder> {
  const found = findByName(folder) ?? BY_TASK
  for (const path of [found.detection, found.recognition]) {
    const info = await stat(join(folder, path)).catch(() => null)
    if (!info?.isFile())
      throw new FototecaError(
        'invalid',
        `${join(folder, path)} is missing; a face model needs a detector and a recogniser: download it again`,
      )
  }
  return { folder, ...found, files: [found.detection, found.recognition] }
}

function findByName(folder: string): Pick<FaceFolder, 'detection' | 'recognition'> | null {
  const names = existsSync(folder) ? readdirSync(folder).sort() : []
  const detection = names.find((name) => BY_NAME.detection.test(name))
  const recognition = names.find((name) => BY_NAME.recognition.test(name))
  return detection !== undefined && recognition !== undefined ? { detection, recognition } : null
}
