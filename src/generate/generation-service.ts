/** @file What the outside asks of generation: what can be made, runs, redo, review, the ZIP of a run. */

import { randomInt } from 'node:crypto'
import type { Readable } from 'node:stream'
import { dayOf } from '../background/budget.ts'
import type {
  GeneratedImage,
  Generation,
  GenerationBudget,
  GenerationOptions,
  GenerationRequest,
  InspirationRequest,
} from '../contract/generate.ts'
import type { Db } from '../db/client.ts'
import { FototecaError } from '../domain/errors.ts'
import { endOfLink } from '../domain/link-end.ts'
import type { Visibility } from '../domain/visibility.ts'
import { readInspiration } from '../library/store-descriptions.ts'
import type { ZipEntry } from '../library/zip.ts'
import type { ImageMaker } from '../models/ports/image-maker.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import { findBlob, type LibraryFile } from '../storage/library-file.ts'
import type { GenerationLane } from './lane.ts'
import { noMaker, promptOf } from './make-one.ts'
import type { ProductKind } from './product-kind.ts'
import { PRODUCTS } from './products.ts'
import {
  cancelRun,
  filterPhotos,
  type ImageRow,
  insertGeneration,
  type RunWithImages,
  readImage,
  readRuns,
  readScenes,
  redoImage,
  saveReview,
} from './store.ts'
import { resumeRun } from './store-budget.ts'
import { FROM_WORDS, findType, IMAGE_TYPES, INSPIRED, typeName } from './types.ts'

export interface ServiceDeps {
  readonly db: Db
  readonly lane: GenerationLane
  readonly maker: () => ImageMaker | null
  /** why there is no maker although one is asked for; null when there is, or none is asked for */
  readonly makerMissing: () => string | null
  readonly scenesPerDay: number
  /** names of the products that are offered; others are made when asked for */
  readonly offered: readonly string[]
  readonly locate: (photoId: number) => Promise<LibraryFile | null>
  readonly upload: (file: Readable, filename: string) => Promise<{ readonly id: number }>
  /** pictures that wait for approval */
  readonly held: BlobStore
  /** of addresses that others may fetch */
  readonly sign: (path: string) => string
  /** out of the store of its run, or back into it */
  readonly moveInStore: (picture: number, to: 'out' | 'in') => Promise<unknown>
  /** names of the configured stores */
  readonly stores: readonly string[]
}

/** Without a store and a budget unless they are given. */
type Order = Omit<GenerationRequest, 'store' | 'budget'> & Partial<Pick<GenerationRequest, 'store' | 'budget'>>
const NO_BUDGET: GenerationBudget = { scenes: null, tokens: null, cost: null }

export type GenerationService = ReturnType<typeof createGenerationService>

export function createGenerationService(deps: ServiceDeps) {
  const { db, lane } = deps

  const read = async (id: number): Promise<Generation> => {
    const [found] = await readRuns(db, { id })
    if (!found) throw new FototecaError('not_found', `there is no run ${id}`)
    return toReport(found)
  }
  const toReport = ({ run, images }: RunWithImages): Generation => ({
    id: run.id,
    state: run.state,
    product_type: run.product_type,
    store: run.store,
    budget: { scenes: run.most_scenes, tokens: run.most_tokens, cost: run.most_cost },
    spent: { scenes: run.scenes, tokens: run.tokens, cost: run.cost },
    images: images.map(toReported),
    done: images.filter(({ state }) => state === 'done').length,
    failed: images.filter(({ state }) => state === 'failed').length,
    waits: run.state === 'running' ? lane.waits() : run.state === 'budget' ? run.reason : null,
    started_at: run.created_at.toISOString(),
    ended_at: run.ended_at?.toISOString() ?? null,
    ...zipOf(images.some(leaves) ? deps.sign(`/api/products/generations/${run.id}/zip`) : null),
  })
  const toReported = (image: ImageRow): GeneratedImage => toImage(image, deps.sign)
  const row = async (id: number): Promise<ImageRow> => {
    const found = await readImage(db, id)
    if (!found) throw new FototecaError('not_found', `there is no made picture ${id}`)
    return found
  }
  const findFile = async (image: ImageRow): Promise<LibraryFile | null> => {
    if (image.held_file !== null) return findBlob(deps.held, image.held_file)
    return image.photo_id === null ? null : deps.locate(image.photo_id)
  }

  /** @throws FototecaError `not_found` */
  const requirePhotos = async (sees: Visibility, ids: readonly number[]) => {
    const wanted = [...new Set(ids)]
    const there = new Set(wanted.length > 0 ? await filterPhotos(db, sees, wanted) : [])
    const missing = wanted.filter((id) => !there.has(id))
    if (missing.length > 0)
      throw new FototecaError('not_found', `there is no photo ${missing.slice(0, 5).join(', ')}, or it is in the trash`)
  }

  const order = async (
    sees: Visibility,
    request: Parameters<typeof insertGeneration>[1],
    images: Parameters<typeof insertGeneration>[2],
  ): Promise<Generation> => {
    await requirePhotos(
      sees,
      images.flatMap(({ sourceId }) => sourceId ?? []),
    )
    const id = await db.transaction().execute((trx) => insertGeneration(trx, request, images))
    lane.wake()
    return read(id)
  }

  return {
    read,
    async options(): Promise<GenerationOptions> {
      const maker = deps.maker()
      const missing = deps.makerMissing()
      return {
        types: IMAGE_TYPES.map(({ number, name, about, way }) => ({
          number,
          name,
          about,
          needs_length: way === 'dimensions',
          needs_maker: way === 'scene',
          is_ready: way !== 'scene' || maker !== null,
          missing: way !== 'scene' || maker !== null ? null : (missing ?? noMaker(name).message),
        })),
        products: deps.offered.map((name) => {
          const { label, defaultTypes } = productOf(name)
          return { name, label, default_types: [...defaultTypes] }
        }),
        maker: maker?.info.id ?? null,
        leaves: sayWhatLeaves(maker),
        made_today: await readScenes(db, dayOf(Date.now())),
        per_day: deps.scenesPerDay,
        per_scene: await lane.means(),
        stores: [...deps.stores],
      }
    },
    async list(limit: number): Promise<Generation[]> {
      return (await readRuns(db, { limit })).map(toReport)
    },
    /** What `start` would refuse of it, whatever photos it names. @throws FototecaError `invalid` */
    check: (wish: Wish): void => void choosePrompts(wish),
    /** Whether it is made by system D’s prompts, so that no types are taken for it. @throws FototecaError `invalid` for no product */
    isByPrompts: (product: string): boolean => productOf(product).prompts !== undefined,
    async start(sees: Visibility, request: Order): Promise<Generation> {
      const { store = null, budget = NO_BUDGET, height, width, shadow } = request
      if (store !== null && !deps.stores.includes(store))
        throw new FototecaError(
          'invalid',
          `store: there is no store “${store}”; there are ${deps.stores.join(', ') || 'none'} (FOTOTECA_STORES)`,
        )
      const prompts = choosePrompts(request)
      const images = request.photos.flatMap((sourceId) =>
        prompts.map((prompt, promptIndex) => ({
          sourceId,
          promptIndex,
          imageType: prompt.type,
          seed: newSeed(),
          prompt: promptOf(prompt, request.product_type),
        })),
      )
      return order(sees, { productType: request.product_type, height, width, shadow, store, budget }, images)
    },
    async inspire(sees: Visibility, { photo, prompt }: InspirationRequest): Promise<Generation> {
      if (photo !== null) await requirePhotos(sees, [photo])
      if (!deps.maker()) throw noMaker(photo === null ? 'a picture from words' : 'a picture inspired by a photo')
      const words = prompt ?? (photo === null ? null : ((await readInspiration(db, photo))?.prompt ?? null))
      if (words === null)
        throw new FototecaError(
          'conflict',
          'no describe model has said what this photo inspires; describe it first (fototeca describe), or give a prompt',
        )
      const imageType = photo === null ? FROM_WORDS : INSPIRED
      const image = { sourceId: photo, promptIndex: 0, imageType, seed: newSeed(), prompt: words }
      return order(
        sees,
        { productType: photo === null ? 'words' : 'inspired', height: null, width: null, shadow: 'none', store: null, budget: NO_BUDGET },
        [image],
      )
    },
    async cancel(id: number): Promise<Generation> {
      await read(id)
      await cancelRun(db, id)
      lane.stopRun(id)
      return read(id)
    },
    /** @throws FototecaError `conflict` where it did not stop for its budget */
    async resume(id: number, budget: GenerationBudget): Promise<Generation> {
      await read(id)
      if (!(await resumeRun(db, id, budget))) throw new FototecaError('conflict', 'this run did not stop for its budget')
      lane.wake()
      return read(id)
    },
    /** What it was stays a photo of the library, and leaves the store it was copied into: its successor goes there. */
    async redo(id: number): Promise<GeneratedImage> {
      const image = await row(id)
      if (image.state === 'running') throw new FototecaError('conflict', 'this picture is being made just now')
      if (image.store_picture_id !== null && image.review !== 'rejected') await deps.moveInStore(image.store_picture_id, 'out')
      await redoImage(db, id, newSeed())
      if (image.held_file !== null) await deps.held.delete(image.held_file)
      const due = toReported(await row(id)) // as it was ordered: woken, the lane takes it at once
      lane.tryNow()
      return due
    },
    /**
     * An approved picture that was held becomes a photo of the library, and goes where its run sends it; one that was rejected leaves
     * the store it was copied into, and comes back when it is approved after all.
     */
    async review(id: number, verdict: 'approved' | 'rejected'): Promise<GeneratedImage> {
      const image = await row(id)
      if (image.state !== 'done') throw new FototecaError('conflict', 'this picture is not made yet')
      const stored = image.store_picture_id
      if (stored !== null && (verdict === 'rejected' || image.review === 'rejected'))
        await deps.moveInStore(stored, verdict === 'rejected' ? 'out' : 'in')
      if (verdict === 'approved' && image.held_file !== null) {
        const { stream } = await deps.held.get(image.held_file)
        const { id: photoId } = await deps.upload(stream, `${typeName(image.image_type).toLowerCase()} ${image.id}.${endingOf(image)}`)
        await saveReview(db, id, verdict, photoId)
        await deps.held.delete(image.held_file)
        lane.wake()
      } else {
        await saveReview(db, id, verdict, null)
        lane.wake()
      }
      return toReported(await row(id))
    },
    /** @param version what a signed address says: whoever has one gets that picture, and none that is held back */
    async picture(id: number, version?: string): Promise<{ readonly file: LibraryFile; readonly ending: string }> {
      const image = await row(id)
      if (version !== undefined && (version !== String(image.seed) || !leaves(image)))
        throw new FototecaError('not_found', 'this picture was made again, is held for review, or was rejected')
      const file = await findFile(image)
      if (file === null) throw new FototecaError('not_found', image.reason ?? 'this picture is not made yet')
      return { file, ending: endingOf(image) }
    },
    /** What its ZIP holds. @throws FototecaError `not_found` where nothing may leave yet */
    async zip(id: number): Promise<ZipEntry[]> {
      const [found] = await readRuns(db, { id })
      if (!found) throw new FototecaError('not_found', `there is no run ${id}`)
      const entries: ZipEntry[] = []
      for (const image of found.images.filter(leaves)) {
        const file = await findFile(image)
        if (file === null) continue
        const number = String(entries.length + 1).padStart(2, '0')
        entries.push({
          name: `${number} ${typeName(image.image_type)}.${endingOf(image)}`,
          bytes: file.bytes,
          modifiedMs: file.modifiedMs,
          open: () => file.read(),
        })
      }
      if (entries.length === 0) throw new FototecaError('not_found', 'this run has no picture that may leave yet')
      return entries
    },
    /** When nothing of it is left to do, or it waits for the maker: then it answers what there is. @throws the signal’s reason */
    async whenSettled(id: number, signal: AbortSignal): Promise<Generation> {
      for (;;) {
        signal.throwIfAborted()
        const run = await read(id)
        const rest = run.images.filter(({ state }) => state === 'due' || state === 'running')
        const isStored = run.store === null || !run.images.some(isOnItsWay)
        if ((rest.length === 0 && isStored) || (run.waits !== null && rest.every(({ image_type }) => needsMaker(image_type)))) return run
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
    },
  }
}

/** Into the store of its run; one that could not be stored says why. */
const isOnItsWay = ({ state, review, photo, store_picture, reason }: GeneratedImage): boolean =>
  state === 'done' && (review === 'open' || review === 'approved') && photo !== null && store_picture === null && reason === null

const needsMaker = (type: number): boolean => (findType(type)?.way ?? 'scene') === 'scene'

/** What a ZIP holds: made, and neither held nor rejected. */
const leaves = ({ state, review }: ImageRow): boolean => state === 'done' && review !== 'held' && review !== 'rejected'

/** The library’s own files have none: they are named by their content. */
const endingOf = ({ held_file, made_format }: ImageRow): string => {
  const ending = held_file?.split('.').at(-1) ?? made_format ?? 'png'
  return ending === 'jpeg' ? 'jpg' : ending
}

const newSeed = (): number => randomInt(1, 2 ** 31 - 1)

/** @throws FototecaError `invalid` where there is no such product */
const productOf = (name: string): ProductKind => {
  const product = PRODUCTS.get(name)
  if (!product) throw new FototecaError('invalid', `product_type: there is no “${name}”; there are ${[...PRODUCTS.keys()].join(', ')}`)
  return product
}

type Wish = Pick<Order, 'product_type' | 'image_types' | 'num_images'>

/** Explicit types win; else the first `num_images` the product has, again from the start (with other seeds) when more are asked for. */
function choosePrompts({ image_types, num_images, product_type }: Wish): { readonly type: number; readonly stage?: string }[] {
  const product = productOf(product_type)
  if (image_types !== null) {
    const wrong = image_types.filter((type) => !findType(type))
    if (wrong.length > 0)
      throw new FototecaError(
        'invalid',
        `image_types: there is no type ${wrong.join(', ')}; there are ${IMAGE_TYPES.map(({ number, name }) => `${number} ${name}`).join(', ')}`,
      )
    return image_types.map((type) => ({ type }))
  }
  const prompts = product.prompts ?? product.defaultTypes.map((type) => ({ type }))
  return Array.from({ length: num_images }, (_, index) => prompts[index % prompts.length] ?? { type: 1 })
}

function sayWhatLeaves(maker: ImageMaker | null): string {
  if (!maker) return 'nothing leaves this machine: no maker of scenes is configured'
  if (!maker.isRemote) return 'nothing leaves this machine'
  return maker.canEdit
    ? `${maker.sendsTo.join(', ')} gets the cut-out product at 1024 px and the words of the scene, for types that need a scene`
    : `${maker.sendsTo.join(', ')} gets the words of the scene; no picture of yours`
}

const zipOf = (zip: string | null) => ({ zip, zip_expires_at: zip && endOfLink(zip) })

function toImage(image: ImageRow, sign: ServiceDeps['sign']): GeneratedImage {
  const picture = image.state === 'done' ? sign(`/api/products/generations/images/${image.id}/picture?v=${image.seed}`) : null
  return {
    id: image.id,
    source: image.source_id,
    source_state:
      image.image_type === FROM_WORDS ? 'none' : image.source_id === null ? 'deleted' : image.is_source_trashed ? 'trashed' : 'there',
    prompt_index: image.prompt_index,
    image_type: image.image_type,
    image_type_name: typeName(image.image_type),
    state: image.state,
    reason: image.reason,
    review: image.review,
    photo: image.photo_id,
    store_picture: image.store_picture_id,
    picture,
    picture_expires_at: picture && endOfLink(picture),
    prompt: image.prompt,
    model: image.model_id,
    cutter: image.cutter_id,
    seed: image.seed,
    width: image.width,
    height: image.height,
    fidelity: image.fidelity,
    checks: image.checks,
    ms: image.duration_ms,
  }
}
