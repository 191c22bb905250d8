/** @file `manifest.json` beside an ONNX file that cuts out: how it is fed, what its answer means (docs/bring-your-own-model.md). */
import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { FototecaError } from '../../../domain/errors.ts'
import { FileInside, ModelInput, readManifestJson, refuseManifest, VISION_MANIFEST } from '../onnx-vision/manifest.ts'

const CutOutManifest = z.strictObject({
  format: z.literal(1),
  task: z.literal('cut-out'),
  model: FileInside.default('model.onnx'),
  // the mask is laid over the whole picture, so nothing of it may be cut off or added
  input: ModelInput.refine(({ resize }) => resize === 'squash', { path: ['resize'], message: 'a cut-out sees the picture squashed' }),
  output: z.strictObject({
    /** [1, 1, height, width]: `logits` become alpha by a sigmoid, `sigmoid` is 0–1 already */
    kind: z.enum(['logits', 'sigmoid']),
    name: z.string().optional(),
  }),
})
export type CutOutManifest = z.input<typeof CutOutManifest>

/** Structured-cloneable. */
export interface CutOutModel extends Pick<z.output<typeof CutOutManifest>, 'input' | 'output'> {
  readonly modelFile: string
  /** relative paths of everything an install takes along */
  readonly files: readonly string[]
}

/** @throws FototecaError `invalid` naming the file and the field */
export async function readCutOutFolder(folder: string): Promise<CutOutModel> {
  const path = join(folder, VISION_MANIFEST)
  const parsed = CutOutManifest.safeParse(await readManifestJson(path))
  if (!parsed.success) throw refuseManifest(path, parsed.error)
  const { model, input, output } = parsed.data
  const info = await stat(join(folder, model)).catch(() => null)
  if (!info?.isFile()) throw new FototecaError('invalid', `${join(folder, model)} is missing; ${path} names it as the model`)
  const weights = `${model}_data`
  return {
    modelFile: join(folder, model),
    input,
    output,
    files: [VISION_MANIFEST, model, ...(existsSync(join(folder, weights)) ? [weights] : [])],
  }
}
