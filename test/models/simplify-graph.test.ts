/** @file The text reader's networks say the same, in fewer passes, after they were simplified; and what the rewriting must leave alone. */
import { expect, test } from 'vitest'
import { decodeGraph } from '../../src/models/onnx/decode-graph.ts'
import { encodeGraph, type Graph, type Node } from '../../src/models/onnx/encode-graph.ts'
import * as ort from '../../src/models/onnx/onnxruntime.ts'
import { simplifyModel } from '../../src/models/onnx/simplify-graph.ts'
import { findWeightsFolder, loadWeights } from '../../src/models/providers/builtin-ocr/weights.ts'

const weights = await loadWeights(findWeightsFolder())

test.for([
  { name: 'detector', model: weights.detector, dims: [1, 3, 224, 160], saved: 100 },
  { name: 'recogniser', model: weights.recogniser, dims: [2, 3, 48, 200], saved: 120 },
])('the $name answers the same, with fewer operations', async ({ model, dims, saved }) => {
  const simpler = simplifyModel(model)
  const [before, after] = [await answer(model, dims), await answer(simpler, dims)]
  expect(after.length).toBe(before.length)
  expect(furthest(before, after)).toBeLessThan(1e-4)
  expect(decodeGraph(model).graph.nodes.length - decodeGraph(simpler).graph.nodes.length).toBeGreaterThanOrEqual(saved)
})

test('a model read and written again is the same model', async () => {
  const { graph, opset } = decodeGraph(weights.recogniser)
  expect(furthest(await answer(weights.recogniser, [1, 3, 48, 64]), await answer(encodeGraph(graph, opset), [1, 3, 48, 64]))).toBe(0)
})

// conv → · 2 → + 1 → hard swish → · scale → + shift → conv
test.for([
  { name: 'unpadded', pads: [0, 0, 0, 0], scale: 0.7, shift: -0.4, seen: false },
  // beside the map there is 0, not the shift: it cannot go into the bias
  { name: 'padded', pads: [1, 1, 1, 1], scale: 0.7, shift: -0.4, seen: false },
  { name: 'of a negative scale', pads: [1, 1, 1, 1], scale: -1.3, shift: 0.2, seen: false },
  { name: 'whose middle is an output of the network', pads: [1, 1, 1, 1], scale: 0.7, shift: -0.4, seen: true },
])('a hard swish before a convolution, $name', async ({ pads, scale, shift, seen }) => {
  const model = encodeGraph(hardSwish(pads, scale, shift, seen), 9)
  const simpler = simplifyModel(model)
  expect(furthest(await answer(model, [1, 2, 5, 6]), await answer(simpler, [1, 2, 5, 6]))).toBeLessThan(1e-5)
  expect(decodeGraph(simpler).graph.nodes.length).toBeLessThan(decodeGraph(model).graph.nodes.length)
})

test('bytes that are no model are refused', () => {
  expect(() => simplifyModel(weights.recogniser.subarray(0, 5_000_000))).toThrow('ends too early')
  expect(() => simplifyModel(new Uint8Array())).toThrow('operators outside the standard')
})

function hardSwish(pads: readonly number[], scale: number, shift: number, seen: boolean): Graph {
  const scalar = (name: string, value: number) => ({ name, dims: [], data: Float32Array.of(value) })
  const random = (name: string, dims: readonly number[]) => ({ name, dims, data: noise(dims.reduce((a, b) => a * b, 1)) })
  const two = (op: string, a: string, b: string, output: string): Node => ({ op, inputs: [a, b], outputs: [output] })
  const side = pads[0] === 0 ? 1 : 3
  const output = (name: string) => ({ name, type: 'float32' as const, shape: [1, 3, 'height', 'width'] })
  return {
    inputs: [{ name: 'x', type: 'float32', shape: [1, 2, 'height', 'width'] }],
    outputs: [output('y'), ...(seen ? [output('swished')] : [])],
    weights: [
      random('w1', [3, 2, 3, 3]),
      random('w2', [3, 3, side, side]),
      scalar('2', 2),
      scalar('1', 1),
      scalar('3', 3),
      scalar('6', 6),
      scalar('scale', scale),
      scalar('shift', shift),
    ],
    nodes: [
      { op: 'Conv', inputs: ['x', 'w1'], outputs: ['c'], attributes: { pads: [1, 1, 1, 1], kernel_shape: [3, 3] } },
      two('Mul', '2', 'c', 'doubled'),
      two('Add', 'doubled', '1', 'v'),
      two('Add', 'v', '3', 'raised'),
      { op: 'Clip', inputs: ['raised'], outputs: ['cut'], attributes: { min: { float: 0 }, max: { float: 6 } } },
      two('Mul', 'v', 'cut', 'product'),
      two('Div', 'product', '6', 'swished'),
      two('Mul', 'scale', 'swished', 'scaled'),
      two('Add', 'scaled', 'shift', 'shifted'),
      { op: 'Conv', inputs: ['shifted', 'w2'], outputs: ['y'], attributes: { pads: [...pads], kernel_shape: [side, side] } },
    ],
  }
}

async function answer(model: Uint8Array, dims: readonly number[]): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(model, { logSeverityLevel: 3 })
  const input = new ort.Tensor('float32', noise(dims.reduce((a, b) => a * b, 1)), dims)
  const outputs = await session.run({ [session.inputNames[0] as string]: input })
  const values = session.outputNames.flatMap((name) => [...((outputs[name] as ort.Tensor).data as Float32Array)])
  await session.release()
  return Float32Array.from(values)
}

/** Values from -1 to 1, always the same. */
function noise(length: number): Float32Array {
  let state = 1
  return Float32Array.from({ length }, () => {
    state = (state * 16_807) % 2_147_483_647
    return (state / 2_147_483_647) * 2 - 1
  })
}

function furthest(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0)
}
