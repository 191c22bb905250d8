/** @file Folders with a brought-along tagger or detector, as small graphs of the test's own. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { encodeGraph } from './onnx-graph.ts'

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
