/**
 * @file `manifest.json` beside an ONNX file: how any tagger or detector is fed and what its answer means (docs/bring-your-own-model.md).
 * What is wrong with it is said with its path and the field.
 */
import { existsSync, readFileSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { describeError, FototecaError } from '../../../domain/errors.ts'
import { nameSenses } from '../../vision/label-senses.ts'

export const VISION_MANIFEST = 'manifest.json'

const Side = z.number().int().min(8).max(4096)
const Three = z.tuple([z.number(), z.number(), z.number()])
/** a file of the same folder or below */
export const FileInside = z.string().regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$))[^\\]+$/, 'must be a path inside the folder')
const Share = z.number().min(0).max(1)

export const ModelInput = z.strictObject({
  width: Side,
  height: Side,
  layout: z.enum(['NCHW', 'NHWC']).default('NCHW'),
  channels: z.enum(['RGB', 'BGR']).default('RGB'),
  /** multiplies the 0–255 value before mean and deviation */
  scale: z
    .number()
    .positive()
    .default(1 / 255),
  mean: Three.default([0, 0, 0]),
  std: Three.default([1, 1, 1]),
  /** `squash` ignores the aspect, `cover` cuts the centre, `letterbox` fills the rest with grey */
  resize: z.enum(['squash', 'cover', 'letterbox']).default('squash'),
  kernel: z.enum(['linear', 'cubic']).default('linear'),
})
export type ModelInput = z.output<typeof ModelInput>

const TagOutput = z.strictObject({
  /** `logits`: each class for itself; `softmax`: logits of which one class is right; `sigmoid`: already 0–1 */
  kind: z.enum(['logits', 'softmax', 'sigmoid']),
  name: z.string().optional(),
  /** at most so many tags a photo */
  max: z.number().int().min(1).max(100).default(20),
})
const DetectOutput = z.discriminatedUnion('kind', [
  z.strictObject({
    /** [1, 4 + classes, boxes] or turned, centre and size in pixels of the input; with one more row: how sure there is anything */
    kind: z.literal('yolo'),
    name: z.string().optional(),
    overlap: Share.default(0.45),
    max: z.number().int().min(1).max(300).default(100),
  }),
  z.strictObject({
    /** [1, queries, classes] logits and [1, queries, 4] boxes, centre and size in fractions; one class more: “nothing”, by softmax */
    kind: z.literal('detr'),
    scores: z.string().default('logits'),
    boxes: z.string().default('pred_boxes'),
    max: z.number().int().min(1).max(300).default(100),
  }),
  z.strictObject({
    /**
     * [1, n] classes and scores and [1, n, 4] boxes, left, top, right, bottom in pixels of the size that the second input asks for:
     * what D-FINE, DEIM and RT-DETR write themselves (`export_onnx.py`)
     */
    kind: z.literal('boxes'),
    labels: z.string().default('labels'),
    scores: z.string().default('scores'),
    boxes: z.string().default('boxes'),
    /** the input for that size, int64 [1, 2], width and height */
    size: z.string().default('orig_target_sizes'),
    max: z.number().int().min(1).max(300).default(100),
  }),
])
const Common = {
  format: z.literal(1),
  model: FileInside.default('model.onnx'),
  input: ModelInput,
  /** in the order of the classes, or a file: a JSON list or one a line; an empty one is never said */
  labels: z.union([z.array(z.string().max(200)).min(1).max(100_000), FileInside]),
  /** for all, by label, or a file with a number per line */
  threshold: z.union([Share, z.record(z.string(), Share), FileInside]),
}
const VisionManifest = z.discriminatedUnion('task', [
  z.strictObject({ task: z.literal('tag'), ...Common, output: TagOutput }),
  z.strictObject({ task: z.literal('detect'), ...Common, output: DetectOutput }).refine(({ input }) => input.resize !== 'cover', {
    path: ['input', 'resize'],
    message: 'a detector must see the whole picture: squash or letterbox',
  }),
])
export type VisionManifest = z.input<typeof VisionManifest>
type Parsed = z.output<typeof VisionManifest>

/** A manifest with its lists read. Structured-cloneable. */
export interface VisionModel {
  readonly task: Parsed['task']
  readonly modelFile: string
  readonly input: Parsed['input']
  readonly output: Parsed['output']
  /** in words of one sense where the list tells which (`vision/label-senses.ts`) */
  readonly labels: readonly string[]
  /** 0–1, one per label */
  readonly thresholds: readonly number[]
  /** relative paths of everything an install takes along */
  readonly files: readonly string[]
}

export function looksLikeVisionModel(folder: string, task?: Parsed['task'] | 'cut-out'): boolean {
  return existsSync(join(folder, VISION_MANIFEST)) && (task === undefined || readTask(folder) === task)
}

/** @throws FototecaError `invalid` naming the file and the field */
export async function readVisionFolder(folder: string): Promise<VisionModel> {
  const path = join(folder, VISION_MANIFEST)
  const parsed = VisionManifest.safeParse(await readManifestJson(path))
  if (!parsed.success) throw refuseManifest(path, parsed.error)
  const { task, model, input, output, labels, threshold } = parsed.data
  const info = await stat(join(folder, model)).catch(() => null)
  if (!info?.isFile()) throw new FototecaError('invalid', `${join(folder, model)} is missing; ${path} names it as the model`)
  const names = typeof labels === 'string' ? await readList(join(folder, labels)) : labels
  const thresholds = await readThresholds(folder, threshold, names)
  const files = [VISION_MANIFEST, model, labels, threshold].filter((file) => typeof file === 'string')
  const weights = `${model}_data`
  if (existsSync(join(folder, weights))) files.push(weights)
  return { task, modelFile: join(folder, model), input, output, labels: nameSenses(names), thresholds, files }
}

async function readThresholds(folder: string, threshold: Parsed['threshold'], labels: readonly string[]): Promise<number[]> {
  if (typeof threshold === 'number') return labels.map(() => threshold)
  if (typeof threshold === 'object') {
    const unknown = Object.keys(threshold).filter((label) => label !== '*' && !labels.includes(label))
    if (unknown.length > 0)
      throw new FototecaError(
        'invalid',
        `${join(folder, VISION_MANIFEST)}: threshold names labels that are not there: ${unknown.join(', ')}`,
      )
    return labels.map((label) => threshold[label] ?? threshold['*'] ?? 0.5)
  }
  const path = join(folder, threshold)
  const values = (await readList(path)).map(Number)
  if (values.length !== labels.length || values.some((value) => !(value >= 0 && value <= 1)))
    throw new FototecaError(
      'invalid',
      `${path} must hold ${labels.length} numbers from 0 to 1, one for each label; it has ${values.length}`,
    )
  return values
}

/** A JSON list, the `id2label` of a transformers config, or one entry a line. */
async function readList(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new FototecaError('invalid', `${path} cannot be read: ${describeError(error)}`, { cause: error })
  })
  if (!/^\s*[[{]/.test(text))
    return text
      .replace(/\r?\n$/, '')
      .split(/\r?\n/)
      .map((line) => line.trim())
  const json: unknown = await readManifestJson(path)
  const list = z
    .union([z.array(z.string()), z.object({ id2label: z.record(z.string(), z.string()) }), z.record(z.string(), z.string())])
    .safeParse(json)
  if (!list.success) throw new FototecaError('invalid', `${path} is no list of texts`)
  if (Array.isArray(list.data)) return list.data
  const byId = ('id2label' in list.data && typeof list.data.id2label === 'object' ? list.data.id2label : list.data) as Record<
    string,
    string
  >
  return Array.from({ length: Object.keys(byId).length }, (_, index) => byId[String(index)] ?? '')
}

/** Says each field that is wrong. */
export function refuseManifest(path: string, error: z.ZodError): FototecaError {
  const fields = error.issues.map((issue) => `${issue.path.join('.') || 'it'}: ${issue.message}`)
  return new FototecaError('invalid', `${path} cannot be used: ${fields.join('; ')}`)
}

/** @throws FototecaError `invalid` */
export async function readManifestJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw new FototecaError('invalid', `${path} is not readable JSON: ${describeError(error)}`, { cause: error })
  }
}

function readTask(folder: string): unknown {
  try {
    return z.looseObject({ task: z.unknown() }).parse(JSON.parse(readFileSync(join(folder, VISION_MANIFEST), 'utf8'))).task
  } catch {
    return undefined
  }
}
