/**
 * @file A small text–image model that the tests make themselves, and that gives true answers on their own pictures.
 * Its image tower measures how much of some colours, and how much detail, lies in each of nine fields of a picture; what tells the
 * pictures of the tests apart in that is its space. A word lies where the pictures lie whose captions hold it, a sentence where its words do.
 */

import sharp from 'sharp'
import { encodeGraph, type Graph, type Node, type Weight } from '../../src/models/onnx/encode-graph.ts'
import { InferenceSession, Tensor } from '../../src/models/onnx/onnxruntime.ts'
import { CAPTIONS } from '../pictures/captions.ts'
import { textTower, wordTokenizer, writeFiles } from './embedding-folder.ts'
import { type DrawnName, type PhotoName, picturePath } from './pictures.ts'

/** pixels; three fields of eight */
const SIDE = 24
const FIELD = SIDE / 3
/** How far a pixel belongs to the nearest colour rather than to the others. */
const SHARPNESS = 12
/** Added to the spread of each number, as a part of their mean spread: what varies less than that tells little. */
const SMOOTHING = 0.3
const MAX_TOKENS = 24
const COLOURS = [
  '000000',
  '3c3c3c',
  '808080',
  'c0c0c0',
  'ffffff',
  '101c40',
  '2456a0',
  '7fb4e6',
  '143012',
  '3c7a2c',
  '9ab060',
  '5a3418',
  'a8763c',
  'e0c89a',
  '7a1010',
  'd83020',
  'f08a20',
  'f8d840',
  'b02878',
].map((hex) => [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255))
const FEATURES = (COLOURS.length + 1) * 9
/** They say nothing of a picture. */
const SMALL_WORDS = new Set('a an and against among at by from in of on over the through two with'.split(' '))

/** @param layout of the folder: both are exports of the same model */
export async function writeTinyMeaningModel(folder: string, layout: 'openclip' | 'transformers' = 'openclip'): Promise<string> {
  const { image, text, words } = await makeTowers()
  const stats = { mean: [0, 0, 0], std: [1, 1, 1] }
  const tokens = { tokenizer: { ...wordTokenizer(words), ...WORDS_ONLY }, config: { pad_token: '[PAD]', model_max_length: MAX_TOKENS } }
  await writeFiles(
    folder,
    layout === 'openclip'
      ? {
          'config.json': { embed_dim: FEATURES, text_cfg: { context_length: MAX_TOKENS } },
          'visual/preprocess_cfg.json': { size: [SIDE, SIDE], ...stats, interpolation: 'bicubic', resize_mode: 'squash' },
          'visual/model.onnx': image,
          'textual/model.onnx': text,
          'textual/tokenizer.json': tokens.tokenizer,
          'textual/tokenizer_config.json': tokens.config,
        }
      : {
          'config.json': { model_type: 'clip', projection_dim: FEATURES, text_config: { max_position_embeddings: MAX_TOKENS } },
          'preprocessor_config.json': {
            size: { height: SIDE, width: SIDE },
            image_processor_type: 'ViTImageProcessor',
            image_mean: stats.mean,
            image_std: stats.std,
          },
          'onnx/vision_model.onnx': image,
          'onnx/text_model.onnx': text,
          'tokenizer.json': tokens.tokenizer,
          'tokenizer_config.json': tokens.config,
        },
  )
  return folder
}

/** Small letters, without punctuation. */
const WORDS_ONLY = {
  normalizer: { type: 'Lowercase' },
  pre_tokenizer: { type: 'Split', pattern: { Regex: '[a-z]+' }, behavior: 'Removed', invert: true },
}

interface Towers {
  readonly image: Uint8Array
  readonly text: Uint8Array
  readonly words: readonly string[]
}

async function makeTowers(): Promise<Towers> {
  const names = Object.keys(CAPTIONS) as (PhotoName | DrawnName)[]
  const measured = await measure(names)
  const mean = meanOf(measured)
  const whiten = invertLower(cholesky(spreadOf(measured, mean)))
  const places = measured.map((row) =>
    unit(
      apply(
        whiten,
        row.map((value, at) => value - (mean[at] ?? 0)),
      ),
    ),
  )
  const captions = names.map((name) => new Set(`${name.includes('-') ? '' : 'photo '}${CAPTIONS[name]}`.match(/[a-z]+/g)))
  const said = captions.flatMap((caption) => [...caption]).filter((word) => !SMALL_WORDS.has(word))
  // one dog is like two
  const words = [...new Set(said.flatMap((word) => (/[^s]s$/.test(word) ? [word, word.slice(0, -1)] : [word])))]
  const rows = words.map((word) => unit(meanOf(places.filter((_, at) => captions[at]?.has(word) || captions[at]?.has(`${word}s`)))))
  const shift = apply(whiten, mean).map((value) => -value)
  const transposed = whiten.map((_, row) => whiten.map((own) => own[row] ?? 0))
  return {
    image: imageTower([
      { name: 'whiten', dims: [FEATURES, FEATURES], data: Float32Array.from(transposed.flat()) },
      { name: 'shift', dims: [FEATURES], data: Float32Array.from(shift) },
    ]),
    // unknown words and padding are row 0, and say nothing
    text: textTower({
      ids: 'text',
      output: 'embedding',
      type: 'int32',
      length: MAX_TOKENS,
      table: [...Array<number>(FEATURES).fill(0), ...rows.flat()],
      width: FEATURES,
    }),
    words,
  }
}

/** What the image tower measures in each picture, before any of it is weighed. */
async function measure(names: readonly (PhotoName | DrawnName)[]): Promise<number[][]> {
  const session = await InferenceSession.create(imageTower(null))
  const rows: number[][] = []
  for (const name of names) {
    const { data } = await sharp(picturePath(name)).resize(SIDE, SIDE, { fit: 'fill' }).raw().toBuffer({ resolveWithObject: true })
    const planes = Float32Array.from({ length: data.length }, (_, at) => {
      const [channel, pixel] = [Math.floor(at / SIDE ** 2), at % SIDE ** 2]
      return (data[pixel * 3 + channel] ?? 0) / 255
    })
    const answer = await session.run({ image: new Tensor('float32', planes, [1, 3, SIDE, SIDE]) })
    rows.push(Array.from(answer.embedding?.data ?? [], Number))
  }
  await session.release()
  return rows
}

/** @param weigh `whiten` and `shift`; null: what is measured comes out as it is */
function imageTower(weigh: readonly Weight[] | null): Uint8Array {
  // |pixel − colour|² without |pixel|², which is the same for all colours
  const colours = COLOURS.flatMap((colour) => colour.map((value) => 2 * SHARPNESS * value))
  const offsets = COLOURS.map((colour) => -SHARPNESS * colour.reduce((sum, value) => sum + value * value, 0))
  const edges = Array.from({ length: 27 }, (_, at) => (at % 9 === 4 ? 8 / 3 : -1 / 3))
  const pool = { kernel_shape: [FIELD, FIELD], strides: [FIELD, FIELD] }
  const nodes: Node[] = [
    { op: 'Conv', inputs: ['image', 'colours', 'offsets'], outputs: ['near'] },
    { op: 'Transpose', inputs: ['near'], outputs: ['last'], attributes: { perm: [0, 2, 3, 1] } },
    { op: 'Softmax', inputs: ['last'], outputs: ['shares'], attributes: { axis: 3 } },
    { op: 'Transpose', inputs: ['shares'], outputs: ['first'], attributes: { perm: [0, 3, 1, 2] } },
    { op: 'Conv', inputs: ['image', 'edges'], outputs: ['signed'], attributes: { pads: [1, 1, 1, 1] } },
    { op: 'Abs', inputs: ['signed'], outputs: ['detail'] },
    { op: 'Concat', inputs: ['first', 'detail'], outputs: ['planes'], attributes: { axis: 1 } },
    { op: 'AveragePool', inputs: ['planes'], outputs: ['fields'], attributes: pool },
    { op: 'Flatten', inputs: ['fields'], outputs: [weigh ? 'measured' : 'embedding'], attributes: { axis: 1 } },
  ]
  const graph: Graph = {
    inputs: [{ name: 'image', type: 'float32', shape: ['batch', 3, SIDE, SIDE] }],
    outputs: [{ name: 'embedding', type: 'float32', shape: ['batch', FEATURES] }],
    weights: [
      { name: 'colours', dims: [COLOURS.length, 3, 1, 1], data: Float32Array.from(colours) },
      { name: 'offsets', dims: [COLOURS.length], data: Float32Array.from(offsets) },
      { name: 'edges', dims: [1, 3, 3, 3], data: Float32Array.from(edges) },
      ...(weigh ?? []),
    ],
    nodes: weigh
      ? [
          ...nodes,
          { op: 'MatMul', inputs: ['measured', 'whiten'], outputs: ['weighed'] },
          { op: 'Add', inputs: ['weighed', 'shift'], outputs: ['embedding'] },
        ]
      : nodes,
  }
  return encodeGraph(graph)
}

const meanOf = (rows: readonly (readonly number[])[]): number[] =>
  (rows[0] ?? []).map((_, at) => rows.reduce((sum, row) => sum + (row[at] ?? 0), 0) / rows.length)
const unit = (row: readonly number[]): number[] => row.map((value) => value / Math.hypot(...row))
const apply = (matrix: readonly (readonly number[])[], row: readonly number[]): number[] =>
  matrix.map((own) => own.reduce((sum, value, at) => sum + value * (row[at] ?? 0), 0))

/** Covariance, with something on its diagonal so that it can be inverted. */
function spreadOf(rows: readonly (readonly number[])[], mean: readonly number[]): number[][] {
  const centred = rows.map((row) => row.map((value, at) => value - (mean[at] ?? 0)))
  const spread = mean.map((_, i) => mean.map((_x, j) => centred.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), 0) / rows.length))
  const smoothing = (SMOOTHING * spread.reduce((sum, row, i) => sum + (row[i] ?? 0), 0)) / mean.length
  return spread.map((row, i) => row.map((value, j) => (i === j ? value + smoothing : value)))
}

/** The lower triangle whose product with its own transpose is the matrix. */
function cholesky(matrix: readonly (readonly number[])[]): number[][] {
  const lower: number[][] = matrix.map((row) => row.map(() => 0))
  for (const [i, row] of matrix.entries())
    for (let j = 0; j <= i; j++) {
      const own = lower[i] ?? []
      const other = lower[j] ?? []
      let rest = row[j] ?? 0
      for (let k = 0; k < j; k++) rest -= (own[k] ?? 0) * (other[k] ?? 0)
      own[j] = i === j ? Math.sqrt(rest) : rest / (other[j] ?? 1)
    }
  return lower
}

function invertLower(lower: readonly (readonly number[])[]): number[][] {
  const inverse: number[][] = lower.map((row) => row.map(() => 0))
  for (const [i, row] of lower.entries())
    for (let j = 0; j <= i; j++) {
      let rest = i === j ? 1 : 0
      for (let k = j; k < i; k++) rest -= (row[k] ?? 0) * (inverse[k]?.[j] ?? 0)
      const own = inverse[i] ?? []
      own[j] = rest / (row[i] ?? 1)
    }
  return inverse
}
