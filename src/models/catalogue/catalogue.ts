/**
 * @file The models this library knows: where they come from, under which licence, what they can do.
 * Sizes and digests are as the hub's own pages state them (null: not known here; then the hub's header is checked and remembered).
 * Cut-offs are not listed: none of the downloaded models could be measured yet, and a threshold without a measurement is a guess.
 */

import { BIREFNET } from './birefnet.ts'
import type { CatalogueFile, CatalogueRow, DownloadableModel } from './catalogue-row.ts'
import { RAM_PLUS } from './ram-plus.ts'

const MB = 1_000_000

const INSIGHTFACE_TERMS =
  'The weights of InsightFace are for non-commercial research only; any other use needs a licence from InsightFace (insightface.ai).'

/** See docs/adr/0003-default-embedding-model.md. */
export const DEFAULT_EMBEDDING_MODEL = 'siglip2-base-patch16-256'

export const CATALOGUE: readonly CatalogueRow[] = [
  {
    kind: 'download',
    name: DEFAULT_EMBEDDING_MODEL,
    task: 'embedding',
    repo: 'onnx-community/siglip2-base-patch16-256-ONNX',
    revision: 'main',
    files: [
      { path: 'config.json', bytes: 458, isExact: true },
      { path: 'preprocessor_config.json', bytes: 394, isExact: true },
      { path: 'tokenizer_config.json', bytes: 0.05 * MB },
      { path: 'tokenizer.json', bytes: 34.4 * MB },
      { path: 'onnx/vision_model.onnx', bytes: 372 * MB },
      // its word table has 256,000 rows: 786 MB of the 1.13 GB in f32. A query is encoded once and only its direction counts,
      // so the text tower is the place to save; pictures keep full precision because their vectors are stored for ever
      { path: 'onnx/text_model_quantized.onnx', orElse: 'onnx/text_model_int8.onnx', bytes: 283 * MB },
    ],
    width: 768,
    licence: 'Apache-2.0',
    note: 'SigLIP 2 by Google, many languages; software Apache-2.0, other materials CC-BY 4.0, see the model’s card',
  },
  {
    kind: 'download',
    name: 'clip-vit-b-32',
    task: 'embedding',
    repo: 'Xenova/clip-vit-base-patch32',
    revision: 'main',
    files: [
      { path: 'config.json', bytes: 0.01 * MB },
      { path: 'preprocessor_config.json', bytes: 0.001 * MB },
      { path: 'tokenizer_config.json', bytes: 0.001 * MB },
      { path: 'tokenizer.json', bytes: 2.22 * MB },
      { path: 'onnx/vision_model_quantized.onnx', bytes: 89.1 * MB },
      {
        path: 'onnx/text_model_quantized.onnx',
        bytes: 64.5 * MB,
        sha256: '73baab855d406190da9faa498cfedf65f15cf309f4cc7385b7b032e6d08e5c3a',
      },
    ],
    width: 512,
    licence: 'MIT',
    note: 'CLIP ViT-B/32 by OpenAI in 8 bits, English: the smallest useful download',
  },
  {
    kind: 'download',
    name: 'vit-b-32-openai',
    task: 'embedding',
    repo: 'immich-app/ViT-B-32__openai',
    revision: 'main',
    files: openClipFiles(352, 254),
    width: 512,
    licence: 'MIT',
    note: 'CLIP ViT-B/32 by OpenAI in full precision, English',
  },
  {
    kind: 'download',
    name: 'vit-b-32-laion2b',
    task: 'embedding',
    repo: 'immich-app/ViT-B-32__laion2b-s34b-b79k',
    revision: 'main',
    files: openClipFiles(351, 254),
    width: 512,
    licence: 'MIT',
    note: 'OpenCLIP ViT-B/32, trained on LAION-2B, English: fast, finds better than OpenAI’s weights',
  },
  {
    kind: 'download',
    name: 'vit-h-14-laion2b',
    task: 'embedding',
    repo: 'immich-app/ViT-H-14__laion2b-s32b-b79k',
    revision: 'main',
    // the vision tower keeps its weights in many files beside the graph, whose names only the hub knows
    files: { prefixes: ['config.json', 'visual/', 'textual/'], bytes: 3900 * MB },
    width: 1024,
    licence: 'MIT',
    note: 'OpenCLIP ViT-H/14, trained on LAION-2B, English: about 4 GB, seven times the work of the default per picture',
  },
  {
    kind: 'download',
    name: 'siglip-base-patch16-224',
    task: 'embedding',
    repo: 'Xenova/siglip-base-patch16-224',
    revision: 'main',
    files: [
      { path: 'config.json', bytes: 0.001 * MB },
      { path: 'preprocessor_config.json', bytes: 0.001 * MB },
      { path: 'tokenizer_config.json', bytes: 0.001 * MB },
      { path: 'tokenizer.json', bytes: 2.4 * MB },
      { path: 'onnx/vision_model_quantized.onnx', bytes: 99.5 * MB },
      { path: 'onnx/text_model_quantized.onnx', bytes: 111 * MB },
    ],
    width: 768,
    licence: 'Apache-2.0',
    note: 'SigLIP B/16 by Google in 8 bits, English',
  },
  {
    kind: 'download',
    name: 'marqo-fashion-siglip',
    task: 'embedding',
    repo: 'Marqo/marqo-fashionSigLIP',
    revision: 'main',
    files: [
      { path: 'config.json', bytes: 302 },
      { path: 'preprocessor_config.json', bytes: 516 },
      { path: 'tokenizer_config.json', bytes: 0.02 * MB },
      { path: 'tokenizer.json', bytes: 2.42 * MB },
      { path: 'onnx/vision_model.onnx', bytes: 372 * MB },
      {
        path: 'onnx/text_model_int8.onnx',
        bytes: 111 * MB,
        sha256: 'f5a7995e029c6ee9346fa46857661c4a171d28b164fa7703b85a527d73adf170',
      },
    ],
    width: 768,
    licence: 'Apache-2.0',
    note: 'SigLIP B/16 by Marqo, tuned for products: fashion and accessories, English',
  },
  {
    kind: 'download',
    name: 'buffalo_l',
    task: 'faces',
    repo: 'immich-app/buffalo_l',
    revision: 'main',
    files: faceFiles(16.9, 174),
    width: 512,
    licence: 'InsightFace, non-commercial research',
    terms: INSIGHTFACE_TERMS,
    note: 'SCRFD-10G and ArcFace R50 by InsightFace: the large pack',
  },
  {
    kind: 'download',
    name: 'buffalo_s',
    task: 'faces',
    repo: 'immich-app/buffalo_s',
    revision: 'main',
    files: faceFiles(2.5, 13.6),
    width: 512,
    licence: 'InsightFace, non-commercial research',
    terms: INSIGHTFACE_TERMS,
    note: 'SCRFD-500M and ArcFace MobileFaceNet by InsightFace: the small pack',
  },
  ...RAM_PLUS,
  ...BIREFNET,
  {
    kind: 'built-in',
    name: 'plain-background',
    licence: 'MIT',
    width: null,
    note: 'cuts products out of plain backgrounds, without any network',
    capabilities: ['cut-out'],
    bytes: 0,
    step: null,
  },
  {
    kind: 'built-in',
    name: 'words',
    licence: 'of the embedding model',
    width: null,
    note: 'tags in words, by the text tower of the embedding model; a tagger says its labels beside them',
    capabilities: ['tag'],
    bytes: 0,
    step: null,
  },
  {
    kind: 'built-in',
    name: 'pp-ocrv4',
    licence: 'Apache-2.0',
    width: null,
    note: 'PP-OCRv4 mobile: text in Latin and Chinese script',
    capabilities: ['read-text'],
    bytes: 16.1 * MB,
    step: 'ocr',
  },
  {
    kind: 'built-in',
    name: 'centernet',
    licence: 'MIT',
    width: null,
    note: 'CenterNet: 80 kinds of things',
    capabilities: ['find-objects'],
    bytes: 4.2 * MB,
    step: 'objects',
  },
  {
    kind: 'built-in',
    name: 'face-api',
    licence: 'MIT',
    width: 128,
    note: 'faces and their vectors',
    capabilities: ['find-faces'],
    bytes: 14.1 * MB,
    step: 'faces',
  },
  {
    kind: 'built-in',
    name: 'look',
    licence: 'MIT',
    width: null,
    note: 'layout of colours and edges: search by picture without any model',
    capabilities: [],
    bytes: 0,
    step: 'look',
  },
]

export function downloadBytes({ files }: DownloadableModel): number {
  return 'bytes' in files ? files.bytes : files.reduce((sum, file) => sum + file.bytes, 0)
}

/** The immich exports of InsightFace’s packs. */
function faceFiles(detectionMb: number, recognitionMb: number): CatalogueFile[] {
  return [
    { path: 'detection/model.onnx', bytes: detectionMb * MB },
    { path: 'recognition/model.onnx', bytes: recognitionMb * MB },
  ]
}

/** The immich exports of the OpenCLIP layout: the same files in each repository. */
function openClipFiles(visualMb: number, textualMb: number): CatalogueFile[] {
  return [
    { path: 'config.json', bytes: 196 },
    { path: 'visual/preprocess_cfg.json', bytes: 197 },
    { path: 'textual/tokenizer_config.json', bytes: 704 },
    { path: 'textual/tokenizer.json', bytes: 2.22 * MB },
    { path: 'visual/model.onnx', bytes: visualMb * MB },
    { path: 'textual/model.onnx', bytes: textualMb * MB },
  ]
}
