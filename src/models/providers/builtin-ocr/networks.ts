/** @file The three networks of PP-OCRv4 on onnxruntime. Runs in the model's thread: `run` blocks it. */

import type { Pixels } from '../../../media/picture.ts'
import * as ort from '../../onnx/onnxruntime.ts'
import { simplifyModel } from '../../onnx/simplify-graph.ts'
import type { Crop } from './crop.ts'
import type { TextMap } from './find-regions.ts'
import type { Timeline } from './read-timeline.ts'
import type { Weights } from './weights.ts'

/** 2 threads in one worker gave more throughput than 2 workers with one thread (libraries-and-models.md §5). */
const OPTIONS: ort.InferenceSession.SessionOptions = {
  intraOpNumThreads: 2,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
  // one memory plan per input shape would be kept for ever, and every picture has its own shapes
  enableMemPattern: false,
  // Analysis keeps all cores busy, and threads that spin while they wait take them from the others. On 2 cores with load 6, per run:
  // detector at 960 px 99–258 ms and 176–212 core-ms without spinning, 97–694 and 194–355 with; recogniser, 6 lines of 400 px, 200–226 and
  // 181–209 against 400–442 and 274–388. (Alone on an idle machine spinning is faster: 137 against 267 ms, libraries-and-models.md §5.)
  extra: { session: { intra_op: { allow_spinning: '0' } } },
}

/** ImageNet mean and deviation, in the order of the planes (B, G, R). */
const MEAN = [0.406, 0.456, 0.485] as const
const DEVIATION = [0.225, 0.224, 0.229] as const

export interface Networks extends AsyncDisposable {
  /** Where text is: one probability per pixel of the picture given. */
  detect(pixels: Pixels): Promise<TextMap>
  /** What is written in crops of height 48; shorter ones are padded to the longest. */
  recognise(crops: readonly Crop[], width: number): Promise<Timeline[]>
  /** Probability (0–1) that each crop of 192 × 48 stands on its head. */
  findFlipped(crops: readonly Crop[]): Promise<number[]>
}

export async function openNetworks(weights: Weights): Promise<Networks> {
  const detector = await ort.InferenceSession.create(simplifyModel(weights.detector), OPTIONS)
  const recogniser = await ort.InferenceSession.create(simplifyModel(weights.recogniser), OPTIONS)
  const direction = await ort.InferenceSession.create(weights.direction, OPTIONS)

  return {
    async detect(pixels) {
      const { tensor, width, height } = toDetectorInput(pixels)
      const output = await run(detector, tensor)
      return { data: output.data as Float32Array, stride: width, width: pixels.width, height: Math.min(height, pixels.height) }
    },
    async recognise(crops, width) {
      const output = await run(recogniser, stack(crops, width))
      const [, steps, classes] = output.dims as [number, number, number]
      const data = output.data as Float32Array
      return crops.map((crop, i) => ({
        data: data.subarray(i * steps * classes, (i + 1) * steps * classes),
        // what lies in the padding is no text
        steps: Math.min(steps, Math.ceil((crop.width / width) * steps)),
        classes,
      }))
    },
    async findFlipped(crops) {
      const output = await run(direction, stack(crops, 192))
      const data = output.data as Float32Array
      return crops.map((_, i) => data[i * 2 + 1] as number)
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([detector.release(), recogniser.release(), direction.release()])
    },
  }
}

async function run(session: ort.InferenceSession, input: ort.Tensor): Promise<ort.Tensor> {
  const name = session.inputNames[0] as string
  const outputs = await session.run({ [name]: input })
  return outputs[session.outputNames[0] as string] as ort.Tensor
}

/** Sides padded (not stretched) to multiples of 32 with the mean colour. */
function toDetectorInput(pixels: Pixels): { tensor: ort.Tensor; width: number; height: number } {
  const width = Math.ceil(pixels.width / 32) * 32
  const height = Math.ceil(pixels.height / 32) * 32
  const plane = width * height
  const input = new Float32Array(plane * 3)
  for (let c = 0; c < 3; c++) {
    const scale = 1 / (255 * (DEVIATION[c] as number))
    const shift = (MEAN[c] as number) / (DEVIATION[c] as number)
    const channel = 2 - c
    for (let y = 0; y < pixels.height; y++) {
      let from = y * pixels.width * 3 + channel
      const row = c * plane + y * width
      for (let x = 0; x < pixels.width; x++, from += 3) input[row + x] = (pixels.data[from] as number) * scale - shift
    }
  }
  return { tensor: new ort.Tensor('float32', input, [1, 3, height, width]), width, height }
}

/** [n, 3, 48, width], shorter crops padded with mid grey (0). */
function stack(crops: readonly Crop[], width: number): ort.Tensor {
  const height = crops[0]?.height ?? 0
  const input = new Float32Array(crops.length * 3 * height * width)
  for (const [i, crop] of crops.entries()) {
    for (let row = 0; row < 3 * height; row++) {
      input.set(crop.data.subarray(row * crop.width, (row + 1) * crop.width), (i * 3 * height + row) * width)
    }
  }
  return new ort.Tensor('float32', input, [crops.length, 3, height, width])
}
