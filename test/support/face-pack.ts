/** @file A face pack in InsightFace’s layout with small graphs of the test’s own: it sees one face in the middle of every picture. */

import { encodeGraph, type Graph } from '../../src/models/onnx/encode-graph.ts'
import { writeFiles } from './embedding-folder.ts'
import { meanTagger } from './vision-folder.ts'

const SIDE = 64
const STRIDES = [8, 16, 32]
/** In steps of 8 from the middle of the network’s input: eyes, nose, corners of the mouth. */
const POINTS = [-1, -1, 1, -1, 0, 0, -1, 1, 1, 1]

/** SCRFD’s outputs, always the same: half the input is the face. */
export function fixedScrfd(): Uint8Array {
  const parts = STRIDES.flatMap((stride, level) => {
    const columns = SIDE / stride
    const cells = columns ** 2
    const middle = level === 0 ? (cells + columns) / 2 : -1
    const fill = (values: readonly number[]) =>
      Float32Array.from({ length: cells * values.length }, (_, at) =>
        Math.floor(at / values.length) === middle ? values[at % values.length]! : 0,
      )
    return [[0.9], [2, 2, 2, 2], POINTS].map((values) => ({
      name: `${values.length}_${stride}`,
      dims: [cells, values.length],
      data: fill(values),
    }))
  })
  const graph: Graph = {
    inputs: [{ name: 'input.1', type: 'float32', shape: [1, 3, SIDE, SIDE] }],
    outputs: parts.map(({ name, dims }) => ({ name: `said_${name}`, type: 'float32', shape: dims })),
    weights: parts,
    nodes: parts.map(({ name }) => ({ op: 'Identity', inputs: [name], outputs: [`said_${name}`] })),
  }
  return encodeGraph(graph)
}

export const RECOGNISED_WIDTH = 32
/** A recogniser that tells faces by their mean colour. */
export const meanRecogniser = (matrix = Array.from({ length: 3 * RECOGNISED_WIDTH }, (_, at) => (at % 7) - 3)): Uint8Array =>
  meanTagger(112, RECOGNISED_WIDTH, Float32Array.from(matrix))

/** @returns the folder */
export async function writeSmallFacePack(folder: string): Promise<string> {
  await writeFiles(folder, { 'detection/model.onnx': fixedScrfd(), 'recognition/model.onnx': meanRecogniser() })
  return folder
}
