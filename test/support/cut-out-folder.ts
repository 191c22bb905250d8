/** @file A folder with a network of BiRefNet’s signature whose weights a test can reckon: what is darker than a grey is product. */
import { describeBiRefNet } from '../../src/models/catalogue/birefnet.ts'
import { encodeGraph } from '../../src/models/onnx/encode-graph.ts'
import { writeVisionFolder } from './vision-folder.ts'

/** `input_image` [1, 3, side, side] → `output_image` [1, 1, side, side] logits: bias − steepness × the sum of the planes. */
export function darkCutter(side: number, steepness = 12, bias = 60): Uint8Array {
  return encodeGraph({
    inputs: [{ name: 'input_image', type: 'float32', shape: [1, 3, side, side] }],
    outputs: [{ name: 'output_image', type: 'float32', shape: [1, 1, side, side] }],
    weights: [
      { name: 'weights', dims: [1, 3, 1, 1], data: Float32Array.of(-steepness, -steepness, -steepness) },
      { name: 'bias', dims: [1], data: Float32Array.of(bias) },
    ],
    nodes: [{ op: 'Conv', inputs: ['input_image', 'weights', 'bias'], outputs: ['output_image'], attributes: { kernel_shape: [1, 1] } }],
  })
}

export function writeCutOutFolder(folder: string, graph: Uint8Array, side: number): string {
  return writeVisionFolder(folder, describeBiRefNet(side), { 'onnx/model.onnx': graph })
}
