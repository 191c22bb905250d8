/**
 * @file What every network costs a picture by device and by pictures in a run, and how far the answers of a device lie from the processor's.
 * One network after the other in this thread: runs of two threads at once on WebGPU end the process (ADR 70).
 */
import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { describeError } from '../src/domain/errors.ts'
import type { Picture } from '../src/media/picture.ts'
import { env, InferenceSession, listSupportedBackends, Tensor } from '../src/models/onnx/onnxruntime.ts'
import { fixedDimension, listTensors } from '../src/models/onnx/session.ts'
import { findWeightsFolder } from '../src/models/providers/builtin-ocr/weights.ts'
import { ensureNetworks, findFolders } from '../src/models/providers/builtin-vision/convert/ensure-networks.ts'
import { measureRuns } from '../src/models/trial/measure-runs.ts'
import { openTestPicture } from '../test/support/picture.ts'
import { dataPath, modelPath } from '../test/support/shared.ts'
import type { Benchmark, Row } from './row.ts'

const BATCHES = [1, 4, 16, 64]
/** a larger run is not tried after one that took so long */
const LONG_RUN_MS = 500
/** whose answers are compared */
const COMPARED = 4

interface Network {
  readonly file: string
  /** of the pictures it is given */
  readonly width: number
  readonly height: number
  /** what the values 0–255 are divided by, after the shift */
  readonly shift?: number
  readonly divisor?: number
  /** the output that is stored and compared by its angle */
  readonly vector?: string
}

type Device = { readonly name: string; readonly options: InferenceSession.SessionOptions }
type Answers = Readonly<Record<string, Tensor>>

export async function run(): Promise<Benchmark> {
  env.logLevel = 'fatal'
  const names = readdirSync(dataPath('labelled-photos/images')).slice(0, COMPARED)
  const pictures = await Promise.all(names.map((name) => openTestPicture(dataPath('labelled-photos/images', name))))
  const { devices, notes } = await findDevices()
  const rows: Row[] = []
  for (const network of await listNetworks()) {
    const reference = await open(network, devices[0] as Device)
    const answers = await answerEach(reference, network, pictures)
    await reference.release()
    for (const device of devices) {
      const label = `${nameOf(network)}, ${device.name}`
      const session = await open(network, device)
      try {
        if (!device.name.startsWith('cpu')) rows.push(...compare(label, network, answers, await answerEach(session, network, pictures)))
        rows.push(...(await measureBatches(label, session, network, pictures)))
      } catch (error) {
        notes.push(`${label}: ${firstLine(error)}`)
      } finally {
        await session.release()
      }
    }
  }
  return { name: 'device', rows, notes }
}

async function listNetworks(): Promise<Network[]> {
  const converted = await ensureNetworks(findFolders())
  const signed = { shift: 127.5, divisor: 127.5 }
  const unit = { divisor: 255 }
  const text = (name: string, width: number, height: number) => ({
    file: join(findWeightsFolder(), `${name}.onnx`),
    width,
    height,
    ...signed,
  })
  const builtIn = (name: string, width: number, height: number) => ({ file: join(converted, `${name}.onnx`), width, height })
  return [
    builtIn('centernet', 512, 384),
    builtIn('tiny', 320, 320),
    builtIn('ssd', 512, 384),
    builtIn('landmarks', 112, 112),
    { ...builtIn('descriptor', 150, 150), vector: 'vectors' },
    builtIn('mesh', 192, 192),
    text('ch_PP-OCRv4_det_infer', 640, 480),
    text('ch_PP-OCRv4_rec_infer', 320, 48),
    text('ch_ppocr_mobile_v2.0_cls_infer', 192, 48),
    { file: modelPath('semantic-standin/visual/model.onnx'), width: 224, height: 224, ...signed, vector: 'image_embeds' },
    { file: modelPath('imagenet-mobilenetv2-int8.onnx'), width: 224, height: 224, ...signed },
    { file: modelPath('object-detection-yolov8n-int8.onnx'), width: 640, height: 640, ...unit },
    { file: modelPath('face-detection-yunet.onnx'), width: 640, height: 640 },
    { file: modelPath('face-detection-scrfd-2.5g.onnx'), width: 640, height: 640, ...signed },
    { file: modelPath('face-embedding-arcface-mbf-int8.onnx'), width: 112, height: 112, ...signed, vector: '516' },
    { file: modelPath('people-cutout-selfie.onnx'), width: 256, height: 256, ...unit },
  ]
}

/** The processor with one thread, which answers are compared with, and with all; then what else can be opened here. */
async function findDevices(): Promise<{ devices: Device[]; notes: string[] }> {
  const cores = availableParallelism()
  const devices: Device[] = [...new Set([1, cores])].map((threads) => ({
    name: `cpu, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    options: { executionProviders: ['cpu'], intraOpNumThreads: threads },
  }))
  const notes: string[] = []
  const probe = join(await ensureNetworks(findFolders()), 'mesh.onnx')
  for (const { name } of listSupportedBackends().filter((backend) => backend.name !== 'cpu')) {
    const options = { executionProviders: [name, 'cpu'], intraOpNumThreads: 1, logSeverityLevel: 4 } as const
    try {
      await (await InferenceSession.create(probe, options)).release()
      devices.push({ name, options })
    } catch (error) {
      notes.push(`${name} cannot be used here: ${firstLine(error)}`)
    }
  }
  // onnxruntime does not tell which adapter it found, and the history is read later
  if (devices.length > 2) notes.push(`GPU: ${process.env.FOTOTECA_BENCH_GPU ?? 'not named (FOTOTECA_BENCH_GPU)'}`)
  return { devices, notes }
}

const open = ({ file }: Network, { options }: Device): Promise<InferenceSession> => InferenceSession.create(file, options)
const firstLine = (error: unknown): string => (describeError(error).split('\n')[0] ?? '').replace(/^.* was false\. /, '')
const nameOf = ({ file }: Network): string => basename(file, '.onnx').replace(/^model$/, 'stand-in, pictures')

async function answerEach(session: InferenceSession, network: Network, pictures: readonly Picture[]): Promise<Answers[]> {
  const answers: Answers[] = []
  for (const picture of pictures) answers.push(await session.run(await makeFeeds(session, network, [picture])))
  return answers
}

async function makeFeeds(session: InferenceSession, network: Network, pictures: readonly Picture[]): Promise<Record<string, Tensor>> {
  const { width, height, shift = 0, divisor = 1 } = network
  const [input] = listTensors(session.inputMetadata)
  if (!input) throw new Error(`${network.file} has no input`)
  const plane = width * height
  const isPlanes = input.shape[1] === 3
  const values = new (input.type === 'uint8' ? Uint8Array : Float32Array)(pictures.length * 3 * plane)
  for (const [at, picture] of pictures.entries()) {
    const { data } = await picture.exact(width, height, 'squash')
    for (const [index, value] of data.entries()) {
      const to = isPlanes ? (index % 3) * plane + Math.floor(index / 3) : index
      values[at * 3 * plane + to] = (value - shift) / divisor
    }
  }
  const dims = isPlanes ? [pictures.length, 3, height, width] : [pictures.length, height, width, 3]
  return { [input.name]: values instanceof Uint8Array ? new Tensor('uint8', values, dims) : new Tensor('float32', values, dims) }
}

/** Until a run takes long, or the network does not take so many. */
async function measureBatches(label: string, session: InferenceSession, network: Network, pictures: readonly Picture[]): Promise<Row[]> {
  const isBatched = [...listTensors(session.inputMetadata), ...listTensors(session.outputMetadata)].every(
    ({ shape }) => fixedDimension(shape[0]) === null,
  )
  const rows: Row[] = []
  for (const batch of isBatched ? BATCHES : [1]) {
    const some = Array.from({ length: batch }, (_, at) => pictures[at % pictures.length] as Picture)
    const feeds = await makeFeeds(session, network, some)
    await session.run(feeds)
    const ms = await measureRuns(() => session.run(feeds))
    rows.push({ label: `${label}, ${batch} in a run`, value: Math.round((1000 * batch * 100) / ms) / 100, unit: 'pictures/s' })
    rows.push({ label: `${label}, ${batch} in a run`, value: Math.round((ms / batch) * 1000) / 1000, unit: 'ms/picture' })
    if (ms > LONG_RUN_MS) break
  }
  return rows
}

/** The greatest distance of two numbers beside the largest number of their output; of vectors the lowest cosine too. */
function compare(label: string, { vector }: Network, references: readonly Answers[], answers: readonly Answers[]): Row[] {
  let greatest = 0
  let lowest = 1
  for (const [at, reference] of references.entries())
    for (const [name, tensor] of Object.entries(reference)) {
      const a = tensor.data as Float32Array
      const b = answers[at]?.[name]?.data as Float32Array
      const scale = a.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1
      greatest = a.reduce((most, value, index) => Math.max(most, Math.abs(value - (b[index] ?? Number.NaN)) / scale), greatest)
      if (name === vector) lowest = Math.min(lowest, cosine(a, b))
    }
  const row = {
    label: `${label}, greatest difference from the processor's answers`,
    value: Math.round(greatest * 1e8) / 100,
    unit: 'millionths of the largest',
  }
  if (vector === undefined) return [row]
  return [row, { label: `${label}, lowest cosine to the processor's vector`, value: Math.round(lowest * 1e6) / 1e6, unit: '' }]
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, index) => sum + value * (y[index] ?? 0), 0)
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))
}
