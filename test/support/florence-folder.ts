/** @file A model folder in Florence-2's layout whose graphs say one fixed sentence: no knowledge in it, only the signature. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeGraph, type Graph } from '../../src/models/onnx/encode-graph.ts'

export const SENTENCE = 'A dog runs on a beach'
const WORDS = ['<s>', '<pad>', '</s>', ...SENTENCE.split(' '), 'Describe']
const [START, PAD, END] = [0, 1, 2]
const WIDTH = WORDS.length

export async function makeFlorenceFolder(folder: string): Promise<void> {
  await mkdir(join(folder, 'onnx'), { recursive: true })
  for (const [name, graph] of Object.entries(GRAPHS)) await writeFile(join(folder, 'onnx', `${name}.onnx`), encodeGraph(graph))
  for (const [name, content] of Object.entries(FILES)) await writeFile(join(folder, name), JSON.stringify(content))
}

/** Each word is its own direction … */
const EMBEDDING = Float32Array.from({ length: WIDTH * WIDTH }, (_, at) => (at % (WIDTH + 1) === 0 ? 1 : 0))
/** … and points to the next one; the last to the end. */
const FOLLOWS = new Float32Array(WIDTH * WIDTH)
for (let word = END; word < WIDTH - 1; word++) FOLLOWS[word * WIDTH + (word === WIDTH - 2 ? END : word + 1)] = 10

const GRAPHS: Readonly<Record<string, Graph>> = {
  embed_tokens: {
    inputs: [{ name: 'input_ids', type: 'int64', shape: ['b', 's'] }],
    outputs: [{ name: 'inputs_embeds', type: 'float32', shape: ['b', 's', WIDTH] }],
    weights: [{ name: 'table', dims: [WIDTH, WIDTH], data: EMBEDDING }],
    nodes: [{ op: 'Gather', inputs: ['table', 'input_ids'], outputs: ['inputs_embeds'] }],
  },
  vision_encoder: {
    inputs: [{ name: 'pixel_values', type: 'float32', shape: ['b', 3, 'h', 'w'] }],
    outputs: [{ name: 'image_features', type: 'float32', shape: ['b', 1, WIDTH] }],
    weights: [{ name: 'colours', dims: [3, WIDTH], data: new Float32Array(3 * WIDTH).fill(0.1) }],
    nodes: [
      { op: 'ReduceMean', inputs: ['pixel_values'], outputs: ['mean'], attributes: { axes: [2, 3], keepdims: 0 } },
      { op: 'MatMul', inputs: ['mean', 'colours'], outputs: ['row'] },
      { op: 'Unsqueeze', inputs: ['row'], outputs: ['image_features'], attributes: { axes: [1] } },
    ],
  },
  encoder_model: {
    inputs: [
      { name: 'attention_mask', type: 'int64', shape: ['b', 's'] },
      { name: 'inputs_embeds', type: 'float32', shape: ['b', 's', WIDTH] },
    ],
    outputs: [{ name: 'last_hidden_state', type: 'float32', shape: ['b', 's', WIDTH] }],
    weights: [],
    nodes: [{ op: 'Identity', inputs: ['inputs_embeds'], outputs: ['last_hidden_state'] }],
  },
  decoder_model_merged: {
    inputs: [
      { name: 'inputs_embeds', type: 'float32', shape: ['b', 't', WIDTH] },
      { name: 'encoder_hidden_states', type: 'float32', shape: ['b', 's', WIDTH] },
    ],
    outputs: [{ name: 'logits', type: 'float32', shape: ['b', 't', WIDTH] }],
    weights: [{ name: 'follows', dims: [WIDTH, WIDTH], data: FOLLOWS }],
    nodes: [{ op: 'MatMul', inputs: ['inputs_embeds', 'follows'], outputs: ['logits'] }],
  },
}

const SPECIAL = { bos_token_id: START, eos_token_id: END, pad_token_id: PAD }
const FILES: Readonly<Record<string, object>> = {
  'config.json': {
    model_type: 'florence2',
    architectures: ['Florence2ForConditionalGeneration'],
    is_encoder_decoder: true,
    ...SPECIAL,
    text_config: {
      model_type: 'florence2_language',
      d_model: WIDTH,
      decoder_layers: 1,
      decoder_attention_heads: 1,
      encoder_layers: 1,
      encoder_attention_heads: 1,
      vocab_size: WIDTH,
      ...SPECIAL,
    },
  },
  'generation_config.json': { decoder_start_token_id: END, num_beams: 1, ...SPECIAL },
  'preprocessor_config.json': {
    processor_class: 'Florence2Processor',
    image_processor_type: 'CLIPImageProcessor',
    image_mean: [0.485, 0.456, 0.406],
    image_std: [0.229, 0.224, 0.225],
    size: { height: 768, width: 768 },
    do_center_crop: false,
    tasks_answer_post_processing_type: {
      '<OD>': 'description_with_bboxes',
      '<CAPTION>': 'pure_text',
      '<MORE_DETAILED_CAPTION>': 'pure_text',
    },
    task_prompts_without_inputs: { '<OD>': 'Describe', '<CAPTION>': 'Describe', '<MORE_DETAILED_CAPTION>': 'Describe' },
    task_prompts_with_input: {},
  },
  'tokenizer.json': {
    version: '1.0',
    added_tokens: [START, PAD, END].map((id) => ({
      id,
      content: WORDS[id],
      special: true,
      normalized: false,
      lstrip: false,
      rstrip: false,
      single_word: false,
    })),
    normalizer: null,
    pre_tokenizer: { type: 'WhitespaceSplit' },
    post_processor: null,
    decoder: null,
    model: { type: 'WordLevel', unk_token: '<pad>', vocab: Object.fromEntries(WORDS.map((word, id) => [word, id])) },
  },
  'tokenizer_config.json': {
    tokenizer_class: 'BartTokenizer',
    bos_token: '<s>',
    eos_token: '</s>',
    pad_token: '<pad>',
    unk_token: '<pad>',
  },
}
