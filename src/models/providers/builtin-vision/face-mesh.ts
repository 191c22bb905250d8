/**
 * @file The face mesh of `@vladmandic/human` (MediaPipe), used only for its face flag: a second opinion whether a crop shows a face at all.
 * It drops dogs, backs of heads and watch faces that the detector takes for faces.
 */
import type { GraphModel } from '@tensorflow/tfjs-converter'
import * as tf from '@tensorflow/tfjs-core'
import { openGraph } from './runtime.ts'

export const MESH_SIDE = 192
/** MediaPipe cuts the face one and a half times as large as its box, turned upright. */
export const MESH_MARGIN = 0.375

export function openMesh(dir: string): Promise<GraphModel> {
  return openGraph(dir, 'facemesh')
}

/** @param faces [n,192,192,3] float32 0–255 RGB. @returns [n,1]: 0–1, whether there is a face */
export function runMesh(model: GraphModel, faces: tf.Tensor4D): tf.Tensor2D {
  return tf.tidy(() => {
    const outputs = model.execute(tf.div(faces, 255)) as tf.Tensor[]
    const flag = outputs.find((tensor) => tensor.shape.at(-1) === 1)
    if (!flag) throw new Error('the face mesh has no face flag')
    return tf.reshape(flag, [-1, 1]) as tf.Tensor2D
  })
}
