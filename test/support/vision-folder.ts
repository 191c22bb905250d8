/** @file Folders with a brought-along tagger or detector, as small graphs of the test's own. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { encodeGraph } from '../../src/models/onnx/encode-graph.ts'
import type { VisionManifest } from '../../src/models/providers/onnx-vision/manifest.ts'

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

/** A detector that says these boxes [centre and size in pixels of its input, then how sure it is of each label] of every picture. */
export function fixedDetector(side: number, boxes: readonly (readonly number[])[]): Uint8Array {
  const dims = [1, boxes.length, boxes[0]?.length ?? 0]
  return encodeGraph({
    inputs: [{ name: 'images', type: 'float32', shape: [1, 3, side, side] }],
    outputs: [{ name: 'output0', type: 'float32', shape: dims }],
    weights: [{ name: 'boxes', dims, data: Float32Array.from(boxes.flat()) }],
    nodes: [{ op: 'Identity', inputs: ['boxes'], outputs: ['output0'] }],
  })
}

/** A detector with these answers to every picture, by name: DETR’s signature, or with a size asked for the exporters’ own. */
export function fixedAnswers(
  input: { readonly name: string; readonly side: number },
  answers: Readonly<Record<string, { readonly dims: readonly number[]; readonly data: Float32Array | BigInt64Array }>>,
  size?: string,
): Uint8Array {
  const { name, side } = input
  return encodeGraph({
    inputs: [
      { name, type: 'float32', shape: [1, 3, side, side] },
      ...(size === undefined ? [] : [{ name: size, type: 'int64' as const, shape: [1, 2] }]),
    ],
    outputs: Object.entries(answers).map(([output, { dims, data }]) => ({
      name: output,
      type: data instanceof Float32Array ? ('float32' as const) : ('int64' as const),
      shape: dims,
    })),
    weights: Object.entries(answers).map(([output, { dims, data }]) => ({ name: `${output} of all`, dims, data })),
    nodes: Object.keys(answers).map((output) => ({ op: 'Identity', inputs: [`${output} of all`], outputs: [output] })),
  })
}

/** A detector of YOLOv8’s signature: each cell of its input is a cup as far as it is more red than blue, as coffee and wood are. */
function cellDetector(side: number, cell: number): Uint8Array {
  const across = side / cell
  const cells = Array.from({ length: across * across }, (_, at) => [at % across, Math.floor(at / across)] as const)
  const middle = (place: number) => (place + 0.5) * cell
  const boxes = [...cells.map(([x]) => middle(x)), ...cells.map(([, y]) => middle(y)), ...Array<number>(2 * cells.length).fill(cell)]
  return encodeGraph({
    inputs: [{ name: 'images', type: 'float32', shape: [1, 3, side, side] }],
    outputs: [{ name: 'output0', type: 'float32', shape: [1, 5, cells.length] }],
    weights: [
      { name: 'colours', dims: [1, 3, 1, 1], data: Float32Array.of(12, 0, -12) },
      { name: 'bias', dims: [1], data: Float32Array.of(-2) },
      { name: 'boxes', dims: [4, cells.length], data: Float32Array.from(boxes) },
    ],
    nodes: [
      { op: 'AveragePool', inputs: ['images'], outputs: ['means'], attributes: { kernel_shape: [cell, cell], strides: [cell, cell] } },
      { op: 'Conv', inputs: ['means', 'colours', 'bias'], outputs: ['logits'] },
      { op: 'Sigmoid', inputs: ['logits'], outputs: ['scores'] },
      { op: 'Flatten', inputs: ['scores'], outputs: ['row'], attributes: { axis: 2 } },
      { op: 'Concat', inputs: ['boxes', 'row'], outputs: ['answer'], attributes: { axis: 0 } },
      { op: 'Unsqueeze', inputs: ['answer'], outputs: ['output0'], attributes: { axes: [0] } },
    ],
  })
}

/** @param side of the input and @param cell of one of its cells, in pixels */
export function writeCellDetector(folder: string, { side, cell }: { readonly side: number; readonly cell: number }): string {
  const manifest: VisionManifest = {
    format: 1,
    task: 'detect',
    model: 'cells.onnx',
    input: { width: side, height: side, resize: 'letterbox' },
    output: { kind: 'yolo' },
    labels: ['cup'],
    threshold: 0.4,
  }
  return writeVisionFolder(folder, manifest, { 'cells.onnx': cellDetector(side, cell) })
}
