/** @file Opens a converted network and runs it. One thread each: photos are analysed side by side, and threads that wait for each other spin. */
import { join } from 'node:path'
import { Tensor } from '../../onnx/onnxruntime.ts'
import { openSession, runSession } from '../../onnx/session.ts'
import type { Shape } from '../../vision/letterbox.ts'
import type { NetworkName } from './convert/networks.ts'

/** Pictures of one size, one after another, [n,h,w,3]. */
export interface NetworkInput extends Shape {
  readonly pixels: Uint8Array | Float32Array
}
export interface NetworkOutput {
  readonly values: Float32Array
  readonly dims: readonly number[]
}
/** @param outputs which are wanted; all by default */
export type Network = (input: NetworkInput, outputs?: readonly string[]) => Promise<(output: string) => NetworkOutput>

/** @param folder where `ensureNetworks` put them */
export async function openNetwork(folder: string, name: NetworkName): Promise<Network> {
  const file = join(folder, `${name}.onnx`)
  const { session } = await openSession(file, { device: 'cpu', threads: 1, keepsMemory: false })
  const [input] = session.inputNames as [string]
  return async ({ pixels, width, height }, outputs) => {
    const feeds = { [input]: toTensor(pixels, [pixels.length / (width * height * 3), height, width, 3]) }
    const results = await runSession(session, file, feeds, outputs)
    return (output) => {
      const tensor = results[output] as Tensor
      return { values: tensor.data as Float32Array, dims: tensor.dims }
    }
  }
}

function toTensor(pixels: Uint8Array | Float32Array, dims: readonly number[]): Tensor {
  return pixels instanceof Uint8Array ? new Tensor('uint8', pixels, dims) : new Tensor('float32', pixels, dims)
}
