/** @file Reads what an embedding model's folder says of itself, in either layout of the hub, without loading any weights. */
import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { describeError, FototecaError } from '../../../domain/errors.ts'
import { type ImagePreparation, readOpenClipPreparation, readTransformersPreparation } from './image-preparation.ts'
import { type TextRules, tokenText } from './tokenize.ts'

export interface EmbeddingFolder {
  readonly folder: string
  readonly layout: 'openclip' | 'transformers'
  readonly image: { readonly modelFile: string; readonly preparation: ImagePreparation }
  readonly text: {
    readonly modelFile: string
    readonly tokenizerFile: string
    readonly configFile: string | null
    readonly rules: TextRules
  }
  /** null where the configs do not state it; the model then tells */
  readonly width: number | null
  /** every file the two towers need, relative to the folder, sorted */
  readonly files: readonly string[]
}

/** Which of several precisions to take when a folder holds more than one: exact first, then what a CPU runs well. */
const VARIANTS = ['', '_quantized', '_int8', '_uint8', '_fp16', '_q4', '_bnb4', '_q4f16'] as const
/** SigLIP was trained on exactly 64 tokens and pools over the last position, so shorter input must be filled. */
const SIGLIP_TOKENS = 64
/** CLIP's context; used where no config states another. */
const CLIP_TOKENS = 77

/**
 * @throws FototecaError `invalid` naming the file that is missing or broken and what to do
 */
export async function readEmbeddingFolder(folder: string): Promise<EmbeddingFolder> {
  const info = await stat(folder).catch(() => null)
  if (!info?.isDirectory())
    throw new FototecaError('invalid', `${folder} is not a folder; name the folder that holds the model’s config.json`)
  if (isOpenClip(folder)) return readOpenClip(folder)
  if (isTransformers(folder)) return readTransformers(folder)
  throw new FototecaError(
    'invalid',
    `${folder} is no embedding model: it holds neither visual/ and textual/ (OpenCLIP layout) nor onnx/ and preprocessor_config.json (transformers.js layout)`,
  )
}

export function looksLikeEmbeddingModel(folder: string): boolean {
  return isOpenClip(folder) || isTransformers(folder)
}

const isOpenClip = (folder: string) => existsSync(join(folder, 'visual')) || existsSync(join(folder, 'textual'))
const isTransformers = (folder: string) => existsSync(join(folder, 'onnx')) || existsSync(join(folder, 'preprocessor_config.json'))

const OpenClipConfig = z.looseObject({
  embed_dim: z.number().int().positive().optional(),
  text_cfg: z
    .looseObject({
      context_length: z.number().int().positive().optional(),
      tokenizer_kwargs: z.looseObject({ clean: z.string().optional() }).optional(),
    })
    .optional(),
})

async function readOpenClip(folder: string): Promise<EmbeddingFolder> {
  const config = await readConfig(folder, 'config.json', OpenClipConfig.parse)
  const tokens = await readTokenizer(folder, 'textual/')
  const maxTokens = config.text_cfg?.context_length ?? CLIP_TOKENS
  const clean = config.text_cfg?.tokenizer_kwargs?.clean
  return {
    folder,
    layout: 'openclip',
    image: {
      modelFile: needFile(folder, 'visual/model.onnx'),
      preparation: await readConfig(folder, 'visual/preprocess_cfg.json', readOpenClipPreparation),
    },
    text: {
      modelFile: needFile(folder, 'textual/model.onnx'),
      tokenizerFile: tokens.tokenizerFile,
      configFile: tokens.configFile,
      rules: {
        clean: clean === 'canonicalize' ? 'canonicalize' : clean === 'lower' ? 'lower' : 'none',
        maxTokens,
        padTo: maxTokens,
        padToken: tokenText(tokens.config.pad_token),
      },
    },
    width: config.embed_dim ?? null,
    // large exports keep weights in files of any name beside model.onnx: everything there belongs to the model
    files: ['config.json', ...(await weightFiles(folder, 'visual')), ...(await weightFiles(folder, 'textual'))].sort(),
  }
}

const TransformersConfig = z.looseObject({
  model_type: z.string().optional(),
  projection_dim: z.number().int().positive().optional(),
  text_config: z.looseObject({ max_position_embeddings: z.number().int().positive().optional() }).optional(),
  vision_config: z.looseObject({ hidden_size: z.number().int().positive().optional() }).optional(),
})

async function readTransformers(folder: string): Promise<EmbeddingFolder> {
  const config = await readConfig(folder, 'config.json', TransformersConfig.parse)
  const preparation = await readConfig(folder, 'preprocessor_config.json', readTransformersPreparation)
  const imageModel = chooseVariant(folder, 'vision_model')
  const textModel = chooseVariant(folder, 'text_model')
  const tokens = await readTokenizer(folder, '')
  const isSiglip = config.model_type?.startsWith('siglip') ?? false
  // tokenizers without a limit say 1e30
  const stated = [config.text_config?.max_position_embeddings, tokens.config.model_max_length].find(
    (length) => typeof length === 'number' && length > 0 && length <= 4096,
  ) as number | undefined
  const maxTokens = stated ?? (isSiglip ? SIGLIP_TOKENS : CLIP_TOKENS)
  return {
    folder,
    layout: 'transformers',
    image: { modelFile: imageModel, preparation },
    text: {
      modelFile: textModel,
      tokenizerFile: tokens.tokenizerFile,
      configFile: tokens.configFile,
      rules: {
        clean: isSiglip ? 'lower' : 'none',
        maxTokens,
        padTo: isSiglip ? maxTokens : null,
        padToken: tokenText(tokens.config.pad_token),
      },
    },
    width: config.projection_dim ?? (isSiglip ? (config.vision_config?.hidden_size ?? null) : null),
    files: [
      'config.json',
      'preprocessor_config.json',
      tokens.tokenizerFile,
      ...(tokens.configFile === null ? [] : [tokens.configFile]),
      ...(await externalData(folder, imageModel)),
      ...(await externalData(folder, textModel)),
    ].sort(),
  }
}

/** @param part `textual/`, or nothing where the tokenizer lies at the top. The config beside it may be absent. */
async function readTokenizer(folder: string, part: string) {
  const tokenizerFile = needFile(folder, `${part}tokenizer.json`)
  const path = `${part}tokenizer_config.json`
  const configFile = existsSync(join(folder, path)) ? path : null
  const config = configFile === null ? {} : ((await readJson(folder, configFile)) as Record<string, unknown>)
  return { tokenizerFile, configFile, config }
}

function chooseVariant(folder: string, stem: string): string {
  for (const variant of VARIANTS) {
    const path = `onnx/${stem}${variant}.onnx`
    if (existsSync(join(folder, path))) return path
  }
  throw new FototecaError('invalid', `${folder} holds no onnx/${stem}*.onnx; download the model’s folder again, with its onnx/ part`)
}

/** The graph and the weights kept beside it (`x.onnx`, `x.onnx_data`, `x.onnx_data_1`, `x.onnx.data`). */
async function externalData(folder: string, modelFile: string): Promise<string[]> {
  const stem = basename(modelFile)
  const names = await readdir(join(folder, 'onnx'))
  return names
    .filter((name) => name === stem || name.startsWith(`${stem}_data`) || name.startsWith(`${stem}.data`))
    .map((name) => `onnx/${name}`)
}

async function weightFiles(folder: string, part: string): Promise<string[]> {
  const names: string[] = []
  for (const name of await readdir(join(folder, part))) {
    // exports for other runtimes lie there too
    if (name.endsWith('.armnn') || name.endsWith('.rknn') || name.startsWith('.')) continue
    if ((await stat(join(folder, part, name))).isFile()) names.push(`${part}/${name}`)
  }
  return names
}

function needFile(folder: string, path: string): string {
  if (!existsSync(join(folder, path)))
    throw new FototecaError('invalid', `${join(folder, path)} is missing; download the model’s folder again, or import a complete one`)
  return path
}

async function readJson(folder: string, path: string): Promise<unknown> {
  const text = await readFile(join(folder, needFile(folder, path)), 'utf8')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new FototecaError(
      'invalid',
      `${join(folder, path)} is not valid JSON (${describeError(error)}); it may be cut or an error page: download it again`,
      { cause: error },
    )
  }
}

/** @throws FototecaError `invalid` naming file and field where `read` does not know what it says */
async function readConfig<T>(folder: string, path: string, read: (json: unknown) => T): Promise<T> {
  const json = await readJson(folder, path)
  try {
    return read(json)
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    const what = error.issues.map((issue) => `${issue.path.join('.') || 'content'}: ${issue.message}`).join('; ')
    throw new FototecaError(
      'invalid',
      `${join(folder, path)} says something this loader does not know (${what}); mend the file or use another export`,
      {
        cause: error,
      },
    )
  }
}
