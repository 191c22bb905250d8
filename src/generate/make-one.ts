/** @file Makes one image: own pixels in the render process, scenes with a maker in between; then provenance; then the library, or held back. */

import { createReadStream } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { FototecaError } from '../domain/errors.ts'
import { writeProvenance } from '../media/write-provenance.ts'
import type { ImageMaker, ImageWish, MadeImage } from '../models/ports/image-maker.ts'
import type { ProcessModel } from '../models/workers/process-model.ts'
import { type BlobStore, bytesSource, readBlobIfThere } from '../storage/blob-store.ts'
import { writeTemporary } from '../storage/durable-write.ts'
import { heldKey, sceneKey } from '../storage/keys.ts'
import type { LibraryFile } from '../storage/library-file.ts'
import type { ImageType } from './image-type.ts'
import { PRODUCTS, wishOf } from './products.ts'
import type { CutterChoice, Original, OwnJob, Rendered, SceneJob, Stage, StageJob } from './render/protocol.ts'
import type { ClaimedImage, MadeFacts } from './store.ts'
import { FROM_WORDS, findType, INSPIRED, typeName } from './types.ts'

export interface MakeDeps {
  readonly render: ProcessModel
  /** asks the maker, within budgets and breaker. @param save lays the answer on the disk. @throws ProviderFailure, `Postponed`, `RunSpent` */
  readonly askMaker: (wish: ImageWish, signal: AbortSignal, save: (scene: MadeImage) => Promise<void>) => Promise<MadeImage>
  readonly cutter: () => CutterChoice
  /** null: off */
  readonly maker: () => ImageMaker | null
  readonly locate: (photoId: number) => Promise<LibraryFile | null>
  readonly upload: (file: Readable, filename: string) => Promise<{ readonly id: number }>
  /** pictures that wait for approval, and answers of makers until theirs is made */
  readonly held: BlobStore
}

const TYPES = { png: 'image/png', jpg: 'image/jpeg', webp: 'image/webp' } as const
/** of an inspired picture */
const INSPIRED_SIDE = 1024

/** @throws FototecaError, ProviderFailure, the signal's reason */
export async function makeOne(deps: MakeDeps, image: ClaimedImage, signal: AbortSignal): Promise<MadeFacts> {
  const startedAt = performance.now()
  const isFromWords = image.image_type === FROM_WORDS
  if (!isFromWords && (image.source_id === null || image.sha256 === null))
    throw new FototecaError('not_found', 'the photo it should be made from was deleted')
  if (image.trashed_at !== null)
    throw new FototecaError('not_found', 'the photo it should be made from is in the trash; restore it, then make this again')
  const made =
    isFromWords || image.image_type === INSPIRED ? await makeInspired(deps, image, signal) : await makeProduct(deps, image, signal)
  const name = `${stem(image.filename ?? 'picture')} ${typeName(image.image_type).toLowerCase()}.${made.ending}`
  // exiftool goes by the ending, too
  const temporary = `${await deps.held.temporary()}.${made.ending}`
  try {
    await writeTemporary(temporary, made.bytes, { isDurable: false })
    await writeProvenance(temporary, {
      kind: made.kind,
      model: made.modelId,
      prompt: made.modelId === null ? null : image.prompt,
      seed: made.modelId === null ? null : image.seed,
      source: isFromWords ? null : `${image.filename} (SHA-256 ${image.sha256})`,
      title: name,
    })
    signal.throwIfAborted()
    const facts = {
      reason: made.held,
      modelId: made.modelId,
      cutterId: made.rendered?.cutter ?? null,
      width: made.width,
      height: made.height,
      fidelity: made.rendered?.fidelity ?? null,
      checks: made.rendered?.checks ?? [],
      tokens: made.tokens,
      cost: made.cost,
      durationMs: performance.now() - startedAt,
    }
    if (made.held !== null) {
      const key = heldKey(image, made.ending)
      await deps.held.put(key, bytesSource(await readFile(temporary), TYPES[made.ending]))
      return { ...facts, photoId: null, heldFile: key, review: 'held' }
    }
    const { id } = await deps.upload(createReadStream(temporary), name)
    return { ...facts, photoId: id, heldFile: null, review: 'open' }
  } finally {
    await rm(temporary, { force: true })
  }
}

interface Made {
  readonly bytes: Uint8Array
  readonly ending: 'png' | 'jpg' | 'webp'
  readonly width: number
  readonly height: number
  readonly kind: Parameters<typeof writeProvenance>[1]['kind']
  readonly modelId: string | null
  readonly tokens: number | null
  readonly cost: number | null
  readonly held: string | null
  readonly rendered: Rendered | null
}

async function makeProduct(deps: MakeDeps, image: ClaimedImage, signal: AbortSignal): Promise<Made> {
  const type = findType(image.image_type)
  if (!type) throw new FototecaError('invalid', `there is no image type ${image.image_type} any more`)
  const original = await deps.locate(image.source_id ?? 0)
  const { format } = image
  if (!original || format === null) throw new FototecaError('not_found', 'the file of the photo is not there; mount or move it back')
  const cutter = deps.cutter()
  return original.withFile((file) => renderProduct(deps, image, type, { ...file, format, cutter }, signal))
}

async function renderProduct(deps: MakeDeps, image: ClaimedImage, type: ImageType, original: Original, signal: AbortSignal): Promise<Made> {
  if (type.way !== 'scene') {
    const job: OwnJob = {
      original,
      way: type.way,
      side: type.side,
      mostSide: type.mostSide,
      fill: type.fill,
      checks: type.checks,
      shadow: image.shadow,
      height: image.height,
      width: image.width,
    }
    return fromRendered(await deps.render.call<Rendered>('own', [job], { signal }), 'algorithmicallyEnhanced', null, NOTHING_SPENT)
  }
  const maker = deps.maker()
  if (!maker) throw noMaker(type.name)
  const { side } = type
  const { fill = type.fill, middle = type.middle } = wishOf(image.product_type, image.image_type)
  const stageJob: StageJob = { original, side, fill, middle }
  // cut out before anything is asked for: a picture without a product must cost nothing
  const stage = await deps.render.call<Stage>('stage', [stageJob], { signal })
  const wish = { prompt: image.prompt ?? '', width: side, height: side, seed: image.seed, ...(maker.canEdit ? { product: stage } : {}) }
  const scene = await askOnce(deps, image, wish, signal)
  const job: SceneJob = { ...stageJob, scene: scene.bytes, sawProduct: maker.canEdit }
  const rendered = await deps.render.call<Rendered>('scene', [job], { signal })
  return fromRendered(rendered, 'compositeWithTrainedAlgorithmicMedia', maker.info.id, scene)
}

const NOTHING_SPENT = { tokens: null, cost: null }

function fromRendered(
  rendered: Rendered,
  kind: Made['kind'],
  modelId: string | null,
  { tokens, cost }: Pick<MadeImage, 'tokens' | 'cost'>,
): Made {
  const { png, width, height, held } = rendered
  return { bytes: png, ending: 'png', width, height, kind, modelId, tokens, cost, held, rendered }
}

/** The answer is kept before it is used: a process that dies with it in hand does not pay for it again. */
async function askOnce(deps: MakeDeps, image: ClaimedImage, wish: ImageWish, signal: AbortSignal): Promise<MadeImage> {
  const key = sceneKey(image)
  const kept = await readBlobIfThere(deps.held, key)
  if (kept) return { bytes: kept, tokens: image.tokens, cost: image.cost }
  return deps.askMaker(wish, signal, (scene) => deps.held.put(key, bytesSource(scene.bytes, 'application/octet-stream')))
}

/** System A: a new picture from the words a photo inspired, or from a person’s own. */
async function makeInspired(deps: MakeDeps, image: ClaimedImage, signal: AbortSignal): Promise<Made> {
  const maker = deps.maker()
  if (!maker) throw noMaker('a picture inspired by a photo')
  const side = INSPIRED_SIDE
  const wish = { prompt: image.prompt ?? '', width: side, height: side, seed: image.seed }
  const { bytes, tokens, cost } = await askOnce(deps, image, wish, signal)
  const ending = bytes[0] === 0xff ? 'jpg' : bytes[0] === 0x89 ? 'png' : 'webp'
  return {
    bytes,
    ending,
    width: side,
    height: side,
    kind: 'trainedAlgorithmicMedia',
    modelId: maker.info.id,
    tokens,
    cost,
    held: null,
    rendered: null,
  }
}

/** The words of a scene, fixed when it is ordered, so that a redo asks for the same. */
export function promptOf({ type: number, stage }: { readonly type: number; readonly stage?: string }, product: string): string | null {
  const type = findType(number)
  return type?.way === 'scene'
    ? type.prompt(stage ?? wishOf(product, number).stage ?? type.stage, PRODUCTS.get(product)?.goods ?? 'products')
    : null
}

export function noMaker(what: string): FototecaError {
  return new FototecaError(
    'model_missing',
    `${what} needs a model that makes scenes, and none is configured (FOTOTECA_GENERATE, e.g. gpt-image-1 or flux.1-schnell); nothing was made in its place`,
  )
}

const stem = (filename: string): string => filename.replace(/\.[^.]{1,10}$/, '').slice(0, 120)
