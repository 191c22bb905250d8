/** @file Pixels as the tensor a manifest describes, and whether a network takes such a one. */
import type { Pixels } from '../../../media/picture.ts'
import { fixedDimension, listTensors, type OpenSession, unusable } from '../../onnx/session.ts'
import { layInto } from '../../vision/letterbox.ts'
import type { ModelInput } from './manifest.ts'

export function pictureShape({ layout, width, height }: ModelInput): number[] {
  return layout === 'NCHW' ? [1, 3, height, width] : [1, height, width, 3]
}

export function checkPictureInput(
  metadata: OpenSession['session']['inputMetadata'],
  input: ModelInput,
  modelFile: string,
  sizeInput: string | null = null,
): { readonly name: string; readonly type: 'float32' | 'float16' } {
  const inputs = listTensors(metadata)
  const fed = inputs.find((one) => one.name !== sizeInput)
  const hasSize = sizeInput === null || inputs.some((one) => one.name === sizeInput && one.type === 'int64')
  const shape = pictureShape(input)
  const fits =
    fed !== undefined &&
    hasSize &&
    inputs.length === (sizeInput === null ? 1 : 2) &&
    fed.shape.length === 4 &&
    shape.every((side, at) => (fixedDimension(fed.shape[at]) ?? side) === side)
  if (!fed || !fits || (fed.type !== 'float32' && fed.type !== 'float16'))
    throw unusable(
      modelFile,
      `should take one picture, float [${shape.join(', ')}]${sizeInput === null ? '' : `, and “${sizeInput}”, int64`}, as the manifest says`,
      inputs,
    )
  return { name: fed.name, type: fed.type }
}

/** Laid into the input's size (grey where a letterbox leaves room), scaled and normalised, in the network's layout. */
export function toTensor(pixels: Pixels, { width, height, layout, channels, scale, mean, std }: ModelInput): Float32Array {
  const laid = layInto(pixels, { width, height })
  const tensor = new Float32Array(laid.length)
  const plane = width * height
  for (let channel = 0; channel < 3; channel++) {
    // mean and deviation are stated in the order the network takes
    const from = channels === 'RGB' ? channel : 2 - channel
    const offset = mean[channel] ?? 0
    const divisor = std[channel] ?? 1
    for (let index = 0; index < plane; index++) {
      const value = ((laid[index * 3 + from] ?? 0) * scale - offset) / divisor
      tensor[layout === 'NCHW' ? channel * plane + index : index * 3 + channel] = value
    }
  }
  return tensor
}
