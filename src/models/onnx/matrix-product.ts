/** @file One matrix product on onnxruntime: an ONNX graph of a single node, so that thousands of vectors are compared at the speed of the processor. */
import { InferenceSession, Tensor } from './onnxruntime.ts'

/** photos [n, w] MatMul words [w, t] → cosines [n, t]; written by `encodeGraph` of the tests, for the tag scorer at first. */
const GRAPH =
  'CAg6fQogCgZwaG90b3MKBXdvcmRzEgdjb3NpbmVzIgZNYXRNdWwSBWdyYXBoWhoKBnBob3RvcxIQCg4IARIKCgMSAW4KAxIBd1oZCgV3b3JkcxIQCg4IARIKCgMSAXcKAxIBdGIbCgdjb3NpbmVzEhAKDggBEgoKAxIBbgoDEgF0QgQKABAL'

export type MatrixProduct = (a: Float32Array, rows: number, b: Float32Array, columns: number) => Promise<Float32Array>

/**
 * @param threads undefined: as many as there are cores
 * @returns the product of [rows × width] and [width × columns], row by row. It blocks its thread: open it in a worker.
 */
export async function openMatrixProduct(width: number, threads?: number): Promise<MatrixProduct> {
  const session = await InferenceSession.create(Buffer.from(GRAPH, 'base64'), {
    executionProviders: ['cpu'],
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    logSeverityLevel: 3,
  })
  return async (a, rows, b, columns) => {
    const { cosines } = await session.run({
      photos: new Tensor('float32', a, [rows, width]),
      words: new Tensor('float32', b, [width, columns]),
    })
    return cosines?.data as Float32Array
  }
}
