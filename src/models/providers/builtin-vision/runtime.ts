/**
 * @file Starts tfjs on WASM in the vision thread and reads the weights that came with npm.
 * Only `tfjs-core`, the converter's graph loader and the WASM kernels are loaded; the wrappers (`human`, `face-api`) never are:
 * their models are read as data, which keeps their canvas, fetch and configuration machinery out of the process.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import '@tensorflow/tfjs-backend-wasm'
import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter'
import * as tf from '@tensorflow/tfjs-core'
import { FototecaError } from '../../../domain/errors.ts'

export async function startBackend(): Promise<void> {
  // threads: the threaded build does not start in Node (its worker is a `blob:` URL, ERR_WORKER_PATH), so one core per call
  if (!(await tf.setBackend('wasm'))) throw new FototecaError('model_failed', 'the WASM backend of tfjs did not start')
  await tf.ready()
}

type NodeAttr = Record<string, unknown>
interface GraphNode {
  name: string
  op: string
  attr?: NodeAttr
}
interface GraphFile {
  format?: string
  modelTopology: { node: GraphNode[]; library?: unknown; versions?: unknown }
  weightsManifest: { weights: tf.io.WeightsManifestEntry[] }[]
}

/**
 * Opens `<dir>/<name>.json` + `.bin`, a tfjs graph model.
 * @param free nodes that become inputs of any shape: fixed picture sizes of the file are given at each call instead
 */
export async function openGraph(dir: string, name: string, free: readonly string[] = []): Promise<GraphModel> {
  const file = JSON.parse((await readModelFile(dir, `${name}.json`)).toString('utf8')) as GraphFile
  const weights = await readModelFile(dir, `${name}.bin`)
  for (const node of file.modelTopology.node) {
    if (!free.includes(node.name)) continue
    const dtype = node.attr?.dtype
    node.op = 'Placeholder'
    node.attr = { ...(dtype ? { dtype } : {}) }
  }
  const weightSpecs = file.weightsManifest
    .flatMap((group) => group.weights)
    .map((spec) => (free.includes(spec.name) ? { ...spec, name: `${spec.name}/fixed` } : spec))
  return loadGraphModel({
    load: async () => ({
      modelTopology: file.modelTopology,
      format: file.format ?? 'graph-model',
      weightSpecs,
      weightData: toArrayBuffer(weights),
    }),
  })
}

export type Weights = (name: string) => tf.Tensor

/** Reads `<dir>/<name>_model-weights_manifest.json` and its `.bin` (face-api's layout) and hands out the tensors by name. */
export async function readWeights(dir: string, name: string): Promise<{ get: Weights; dispose(): void }> {
  const manifest = JSON.parse((await readModelFile(dir, `${name}_model-weights_manifest.json`)).toString('utf8')) as {
    weights: tf.io.WeightsManifestEntry[]
  }[]
  const data = await readModelFile(dir, `${name}_model.bin`)
  const tensors = tf.io.decodeWeights(
    toArrayBuffer(data),
    manifest.flatMap((group) => group.weights),
  )
  return {
    get: (key) => {
      const tensor = tensors[key]
      if (!tensor) throw new FototecaError('model_failed', `the model file ${name}_model.bin in ${dir} has no weights named ${key}`)
      return tensor
    },
    dispose: () => tf.dispose(tensors),
  }
}

async function readModelFile(dir: string, file: string): Promise<Buffer> {
  try {
    return await readFile(join(dir, file))
  } catch (error) {
    throw new FototecaError(
      'model_missing',
      `the model file ${file} is missing in ${dir}; it comes with npm: run \`npm ci\` in the folder of fototeca`,
      { cause: error },
    )
  }
}

/** A file's bytes as a buffer of their own: small reads come out of Node's shared pool. */
function toArrayBuffer(bytes: Buffer): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
}
