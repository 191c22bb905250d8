/** @file What Florence-2 needs on this machine: its files, whole and of one precision, and transformers.js. Loads neither. */
import { access, readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FototecaError } from '../../../domain/errors.ts'

const NEEDED = ['config.json', 'preprocessor_config.json', 'tokenizer.json'] as const
const GRAPHS = ['vision_encoder', 'embed_tokens', 'encoder_model', 'decoder_model_merged'] as const
/** Ends of file names by precision, best first; a folder may hold any of them, all four graphs in the same one. */
const PRECISIONS = [
  ['fp32', ''],
  ['fp16', '_fp16'],
  ['q8', '_quantized'],
  ['q4', '_q4'],
] as const

const INSTALL = 'Install it beside fototeca: npm install @huggingface/transformers'

/**
 * @returns the best precision of which all four graphs are there
 * @throws FototecaError `model_missing` naming what is not
 */
export async function findPrecision(folder: string): Promise<string> {
  const there = new Set(await readdir(join(folder, 'onnx')).catch(() => []))
  const found = PRECISIONS.find(([, end]) => GRAPHS.every((graph) => there.has(`${graph}${end}.onnx`)))
  const missing: string[] = []
  for (const file of NEEDED) if (!(await exists(join(folder, file)))) missing.push(file)
  if (!found)
    missing.push(...GRAPHS.filter((graph) => ![...there].some((file) => file.startsWith(graph))).map((graph) => `onnx/${graph}.onnx`))
  if (found && missing.length === 0) return found[0]
  throw new FototecaError(
    'model_missing',
    `Florence-2 is not whole in ${folder} (${missing.join(', ') || 'its four graphs are of different precisions'}); bring the files of onnx-community/Florence-2-base-ft there`,
  )
}

/** @param why it could not be loaded; absent where nobody tried */
export function sayPackageMissing(why?: string): string {
  return why === undefined
    ? `Florence-2 needs the package @huggingface/transformers, which is not installed. ${INSTALL}`
    : `Florence-2 needs the package @huggingface/transformers, which is not installed or does not load (${why}). ${INSTALL}`
}

/** @returns what is not here, for a person; null when all is */
export async function findMissing(folder: string, packageName: string): Promise<string | null> {
  const missing = [
    await findPrecision(folder).then(
      () => null,
      (error: FototecaError) => error.message,
    ),
    (await isInstalled(packageName)) ? null : sayPackageMissing(),
  ]
  return missing.filter((each) => each !== null).join('. ') || null
}

/** Looked for on the disk each time: Node's own resolving remembers what was not there, and it may be brought while the server runs. */
async function isInstalled(packageName: string): Promise<boolean> {
  if (packageName.startsWith('file:')) return exists(fileURLToPath(packageName))
  for (const folder of createRequire(import.meta.url).resolve.paths(packageName) ?? [])
    if (await exists(join(folder, packageName, 'package.json'))) return true
  return false
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
