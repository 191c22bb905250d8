/** @file Makes small embedding-model folders for tests: synthetic ones of either layout. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Element, encodeGraph, type Graph, type Weight } from '../../src/models/onnx/encode-graph.ts'

export async function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array | object>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content))
  }
}

export interface ImageTower {
  readonly input?: string
  readonly output?: string
  readonly type?: Element
  readonly side: number | string
  /** [3, width] row by row: the embedding is the mean colour times this */
  readonly matrix: readonly number[]
  readonly width: number
  readonly external?: string
  /** takes one picture in a run; otherwise as many as it is given */
  readonly isAlone?: boolean
}

/** Mean of each colour plane times a matrix; a second, unpooled output lies before the embedding as in real exports. */
export function imageTower({
  input = 'pixel_values',
  output = 'pooler_output',
  type = 'float32',
  side,
  matrix,
  width,
  external,
  isAlone = false,
}: ImageTower): {
  graph: Uint8Array
  weights: Float32Array
} {
  const weights = Float32Array.from(matrix)
  const batch = isAlone ? 1 : 'batch'
  const projection: Weight = { name: 'projection', dims: [3, width], data: weights, ...(external === undefined ? {} : { external }) }
  const graph: Graph = {
    inputs: [{ name: input, type, shape: [batch, 3, side, side] }],
    outputs: [
      { name: 'last_hidden_state', type: 'float32', shape: [batch, 1, 3] },
      { name: output, type, shape: [batch, width] },
    ],
    weights: [projection],
    nodes: [
      { op: 'Cast', inputs: [input], outputs: ['pixels'], attributes: { to: 1 } },
      { op: 'ReduceMean', inputs: ['pixels'], outputs: ['mean'], attributes: { axes: [2, 3], keepdims: 0 } },
      { op: 'Unsqueeze', inputs: ['mean'], outputs: ['last_hidden_state'], attributes: { axes: [1] } },
      { op: 'MatMul', inputs: ['mean', 'projection'], outputs: ['joint'] },
      { op: 'Cast', inputs: ['joint'], outputs: [output], attributes: { to: type === 'float16' ? 10 : 1 } },
    ],
  }
  return { graph: encodeGraph(graph), weights }
}

export interface TextTower {
  readonly ids?: string
  readonly mask?: string
  readonly output?: string
  readonly type: 'int32' | 'int64'
  readonly length: number | string
  /** [words, width] row by row */
  readonly table: readonly number[]
  readonly width: number
}

/** Sum of the table rows of all tokens; of the unmasked ones where there is a mask. */
export function textTower({ ids = 'input_ids', mask, output = 'pooler_output', type, length, table, width }: TextTower): Uint8Array {
  return encodeGraph({
    inputs: [ids, ...(mask === undefined ? [] : [mask])].map((name) => ({ name, type, shape: [1, length] })),
    outputs: [{ name: output, type: 'float32', shape: [1, width] }],
    weights: [{ name: 'table', dims: [table.length / width, width], data: Float32Array.from(table) }],
    nodes: [
      { op: 'Gather', inputs: ['table', ids], outputs: ['rows'], attributes: { axis: 0 } },
      ...(mask === undefined
        ? [{ op: 'Identity', inputs: ['rows'], outputs: ['kept'] }]
        : [
            { op: 'Cast', inputs: [mask], outputs: ['weights'], attributes: { to: 1 } },
            { op: 'Unsqueeze', inputs: ['weights'], outputs: ['column'], attributes: { axes: [2] } },
            { op: 'Mul', inputs: ['rows', 'column'], outputs: ['kept'] },
          ]),
      { op: 'ReduceSum', inputs: ['kept'], outputs: [output], attributes: { axes: [1], keepdims: 0 } },
    ],
  })
}

/** Words split at spaces; `[PAD]` is 0. */
export function wordTokenizer(words: readonly string[]): object {
  return {
    version: '1.0',
    added_tokens: [{ id: 0, content: '[PAD]', special: true, normalized: false, lstrip: false, rstrip: false, single_word: false }],
    normalizer: null,
    pre_tokenizer: { type: 'WhitespaceSplit' },
    post_processor: null,
    decoder: null,
    model: { type: 'WordLevel', unk_token: '[PAD]', vocab: Object.fromEntries(['[PAD]', ...words].map((word, id) => [word, id])) },
  }
}
