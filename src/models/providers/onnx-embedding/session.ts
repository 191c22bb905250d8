/** @file Reads from a tower itself what goes in and what comes out. */

import { FototecaError } from '../../../domain/errors.ts'
import { type InferenceSession, Tensor } from '../../onnx/onnxruntime.ts'
import { fixedDimension, listTensors, toFloats, toUnitVectors, unusable } from '../../onnx/session.ts'

export interface TextInput {
  readonly name: string
  readonly type: 'int32' | 'int64'
  readonly holds: 'ids' | 'mask' | 'positions' | 'zeros'
}

/** Token inputs, each [1, length], and the length where the model fixes one. */
export function findTextInputs(
  metadata: readonly InferenceSession.ValueMetadata[],
  modelFile: string,
): { inputs: TextInput[]; length: number | null } {
  const found = listTensors(metadata)
  let length: number | null = null
  const inputs = found.map(({ name, type, shape }): TextInput => {
    if ((type !== 'int32' && type !== 'int64') || shape.length !== 2 || (fixedDimension(shape[0]) ?? 1) !== 1)
      throw unusable(modelFile, 'needs token inputs, int32 or int64 [1, length]', found)
    length = fixedDimension(shape[1]) ?? length
    const holds = /mask/.test(name) ? 'mask' : /position/.test(name) ? 'positions' : /type/.test(name) ? 'zeros' : 'ids'
    return { name, type, holds }
  })
  if (inputs.filter((input) => input.holds === 'ids').length !== 1) throw unusable(modelFile, 'needs exactly one input of token ids', found)
  return { inputs, length }
}

/** Names exporters give to the joint embedding, surest first; `pooler_output` is it in SigLIP, but not in CLIP, where `…_embeds` stands beside it. */
const OUTPUT_NAMES = [
  'image_embeds',
  'text_embeds',
  'image_embedding',
  'text_embedding',
  'embedding',
  'embeddings',
  'sentence_embedding',
  'pooler_output',
  'output',
]

/** Which output is the embedding: by name, else the only [1, width] there is. @param width the space's width where it is known */
export function findEmbeddingOutput(
  metadata: readonly InferenceSession.ValueMetadata[],
  modelFile: string,
  width: number | null,
): { name: string; width: number | null } {
  const outputs = listTensors(metadata)
  const candidates = outputs.filter(({ type, shape }) => {
    if (type !== 'float32' && type !== 'float16') return false
    if (shape.length !== 2 && shape.length !== 0) return false // [1, tokens, hidden] is the unpooled state
    const last = fixedDimension(shape[1])
    return width === null || last === null || last === width
  })
  const byName = OUTPUT_NAMES.map((name) => candidates.find((output) => output.name === name)).find((output) => output !== undefined)
  const chosen = byName ?? (candidates.length === 1 ? candidates[0] : undefined)
  if (!chosen)
    throw unusable(modelFile, `has no output that is clearly the embedding${width === null ? '' : ` of ${width} numbers`}`, outputs)
  return { name: chosen.name, width: fixedDimension(chosen.shape[1]) }
}

export function tokenTensor(type: 'int32' | 'int64', values: readonly number[]): Tensor {
  const dims = [1, values.length]
  return type === 'int32'
    ? new Tensor('int32', Int32Array.from(values), dims)
    : new Tensor('int64', BigInt64Array.from(values, BigInt), dims)
}

/**
 * The embeddings of a run as unit vectors.
 * @param count of what went in
 * @throws FototecaError `model_failed` when the model answered with another width, NaN, infinity or zeros
 */
export function unitVectors(tensor: Tensor, count: number, width: number | null, modelFile: string): Float32Array[] {
  const values = toFloats(tensor)
  const own = values.length / count
  if (count > 1 && (own === 0 || own !== (width ?? Math.trunc(own))))
    throw new FototecaError('model_failed', `${modelFile} answered ${values.length} numbers to ${count} pictures`)
  if (width !== null && own !== width)
    throw new FototecaError(
      'model_failed',
      `${modelFile} answered with ${own} numbers where ${width} were expected; its two towers do not belong together`,
    )
  return toUnitVectors(values, own, modelFile)
}
