/**
 * @file The models this library knows: where they come from, under which licence, what they can do.
 * Sizes, commits and digests are as the hub's own pages state them, or at least two public projects that pin the same file
 * (null: not known here; then the hub's header is checked, and what came is remembered: `install/pin.ts`).
 * Cut-offs are not listed: none of the downloaded models could be measured yet, and a threshold without a measurement is a guess.
 */

import { BASIC_MEANING, BASIC_MEANING_LABEL } from '../../contract/words.ts'
import { BASIC_LICENCE, BASIC_TERMS } from '../providers/builtin-meaning/index.ts'
import { BIREFNET } from './birefnet.ts'
import type { CatalogueFile, CatalogueRow, DownloadableModel } from './catalogue-row.ts'
import { DETECTORS } from './detectors.ts'
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
    commit: 'd1114256522a37ffa257a0a58017348ab0058db2',
    files: [
      { path: 'config.json', bytes: 458, isExact: true, sha256: null },
      { path: 'preprocessor_config.json', bytes: 394, isExact: true, sha256: null },
      { path: 'tokenizer_config.json', bytes: 0.05 * MB, sha256: null },
      {
        path: 'tokenizer.json',
        bytes: 34_363_039,
        isExact: true,
        sha256: 'cb9140fae3ac5122c972d37adf83e1248471a38147ad76f8215c8872c6fd8322',
      },
      {
        path: 'onnx/vision_model.onnx',
        bytes: 371_992_072,
        isExact: true,
        sha256: 'f5cb16728a704703f05516ded628397e11dbca4de2eb5db04b0c0bcee988aa7a',
      },
      // its word table has 256,000 rows: 786 MB of the 1.13 GB in f32. A query is encoded once and only its direction counts,
      // so the text tower is the place to save; pictures keep full precision because their vectors are stored for ever.
      // The same file under both names
      {
        path: 'onnx/text_model_quantized.onnx',
        orElse: 'onnx/text_model_int8.onnx',
        bytes: 283_438_275,
        isExact: true,
        sha256: '6f59b39d880c413042314b79302b74d0dd93b273caf8fbfdb1eb2df61a7fefd4',
      },
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
    commit: 'd15189d7028b43f1d3e65039190477f6af591c2a',
    files: [
      { path: 'config.json', bytes: 4524, isExact: true, sha256: '493ef57ff783e42d1530c91b53469b7fdf8db8a9c1408e86998fcb7899a4f495' },
      {
        path: 'preprocessor_config.json',
        bytes: 520,
        isExact: true,
        sha256: '6f638fb9401a6d6296feff533ee7efe657b787c49f954f82f5906b36ef2a1b1f',
      },
      {
        path: 'tokenizer_config.json',
        bytes: 775,
        isExact: true,
        sha256: '60ba2912bc6344c94bc16bbdec27fa1209409167b6f2fdf3cfe9e65462ea3967',
      },
      {
        path: 'tokenizer.json',
        bytes: 2_224_119,
        isExact: true,
        sha256: 'f7f3b7af117d467b58374797691a6438d3e6b9e9cef800dfd5dced7f697a90cd',
      },
      {
        path: 'onnx/vision_model_quantized.onnx',
        bytes: 89_117_001,
        isExact: true,
        sha256: '583fd1110a514667812fee7d684952aaf82a99b959760c8d7dca7e0ab9839299',
      },
      {
        path: 'onnx/text_model_quantized.onnx',
        bytes: 64_504_507,
        isExact: true,
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
    commit: 'a857c8de2c07bbcfa6646adfcf31b798845afa1e',
    files: openClipFiles(
      '33a3df41ceef21acdf371af00f6dd0456ec1f9eba24d03a7720f9c3734e40859',
      'b80cf0af751533a6712d92247f0ddc0c95208748bc59a1a27f33e67be6864e3b',
    ),
    width: 512,
    licence: 'MIT',
    note: 'CLIP ViT-B/32 by OpenAI in full precision, English',
  },
  {
    kind: 'download',
    name: 'vit-b-32-laion2b',
    task: 'embedding',
    repo: 'immich-app/ViT-B-32__laion2b-s34b-b79k',
    commit: '19a057a0fb927cf239541300e74237cd56c7ffe2',
    files: openClipFiles(
      'b9ce24b91a8c62ef8d40ea786051709c93140104cbf2b6b4a2cc270df3838f9c',
      '48c25be37b352398f2533c9426dab6f9340535e14e46f884cc894236a5060722',
    ),
    width: 512,
    licence: 'MIT',
    note: 'OpenCLIP ViT-B/32, trained on LAION-2B, English: fast, finds better than OpenAI’s weights',
  },
  {
    kind: 'download',
    name: 'vit-h-14-laion2b',
    task: 'embedding',
    repo: 'immich-app/ViT-H-14__laion2b-s32b-b79k',
    commit: null,
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
    commit: '4649052661e53c7000355844105f8a1792088239',
    files: [
      { path: 'config.json', bytes: 0.001 * MB, sha256: null },
      { path: 'preprocessor_config.json', bytes: 0.001 * MB, sha256: null },
      { path: 'tokenizer_config.json', bytes: 0.001 * MB, sha256: null },
      {
        path: 'tokenizer.json',
        bytes: 2_398_744,
        isExact: true,
        sha256: '4a17c975210be5ab4c36b47d8dae4eefb866dbfb1e676e394aad85dc30a3ae08',
      },
      {
        path: 'onnx/vision_model_quantized.onnx',
        bytes: 99_499_129,
        isExact: true,
        sha256: 'ef14a954f3d57e1806666432bd9785004c1dc27100aa260eee0cb0f10a5de058',
      },
      {
        path: 'onnx/text_model_quantized.onnx',
        bytes: 111_475_220,
        isExact: true,
        sha256: 'ad0329b1f35acc66d8953ff2559ce358da8eb0a7011794cf951523d63a4dbce2',
      },
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
    commit: null,
    files: [
      { path: 'config.json', bytes: 302, sha256: null },
      { path: 'preprocessor_config.json', bytes: 516, sha256: null },
      { path: 'tokenizer_config.json', bytes: 0.02 * MB, sha256: null },
      { path: 'tokenizer.json', bytes: 2.42 * MB, sha256: null },
      { path: 'onnx/vision_model.onnx', bytes: 372 * MB, sha256: null },
      { path: 'onnx/text_model_int8.onnx', bytes: 111 * MB, sha256: 'f5a7995e029c6ee9346fa46857661c4a171d28b164fa7703b85a527d73adf170' },
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
    commit: 'd09715916a0778919a770c343533641e250b8699',
    files: faceFiles(
      [16_923_827, '5838f7fe053675b1c7a08b633df49e7af5495cee0493c7dcf6697200b85b5b91'],
      [174_383_860, '4c06341c33c2ca1f86781dab0e829f88ad5b64be9fba56e56bc9ebdefc619e43'],
    ),
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
    commit: '0ff1751885575e62e084dff70549ce24a11fa5dc',
    files: faceFiles(
      [2_524_817, '5e4447f50245bbd7966bd6c0fa52938c61474a04ec7def48753668a9d8b4ea3a'],
      [13_616_099, '9cc6e4a75f0e2bf0b1aed94578f144d15175f357bdc05e815e5c4a02b319eb4f'],
    ),
    width: 512,
    licence: 'InsightFace, non-commercial research',
    terms: INSIGHTFACE_TERMS,
    note: 'SCRFD-500M and ArcFace MobileFaceNet by InsightFace: the small pack',
  },
  ...DETECTORS,
  ...RAM_PLUS,
  ...BIREFNET,
  {
    kind: 'built-in',
    name: BASIC_MEANING,
    licence: BASIC_LICENCE,
    width: null,
    note: `${BASIC_MEANING_LABEL}: search by meaning until another model is installed. ${BASIC_TERMS}`,
    capabilities: ['embed-image', 'embed-text'],
    bytes: 1.5 * MB,
    step: null,
  },
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

type Weights = readonly [bytes: number, sha256: string]

/** The immich exports of InsightFace’s packs. */
function faceFiles(detection: Weights, recognition: Weights): CatalogueFile[] {
  return [
    { path: 'detection/model.onnx', bytes: detection[0], isExact: true, sha256: detection[1] },
    { path: 'recognition/model.onnx', bytes: recognition[0], isExact: true, sha256: recognition[1] },
  ]
}

/** The immich exports of ViT-B/32 in the OpenCLIP layout: the same files in each repository, of the same size. */
function openClipFiles(visualSha256: string, textualSha256: string): CatalogueFile[] {
  return [
    { path: 'config.json', bytes: 196, sha256: null },
    { path: 'visual/preprocess_cfg.json', bytes: 197, sha256: null },
    { path: 'textual/tokenizer_config.json', bytes: 704, sha256: null },
    { path: 'textual/tokenizer.json', bytes: 3.64 * MB, sha256: null },
    { path: 'visual/model.onnx', bytes: 351_613_724, isExact: true, sha256: visualSha256 },
    { path: 'textual/model.onnx', bytes: 254_193_396, isExact: true, sha256: textualSha256 },
  ]
}
