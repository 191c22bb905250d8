/** @file Product pictures: the stores they lie in, the door by which addresses are fetched, what takes pictures in and says what they show. */
import { join } from 'node:path'
import type { z } from 'zod'
import type { SignPath } from '../access/links.ts'
import { childEnvironment } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import type { MendRequest } from '../contract/products.ts'
import type { OpenDatabase } from '../db/client.ts'
import { LOOK_SPACE } from '../domain/likeness/look.ts'
import type { Log } from '../domain/log.ts'
import { PRODUCT_PROFILES } from '../domain/product/product-profiles.ts'
import type { ZipEntry } from '../library/zip.ts'
import { describePicture } from '../product/describe-picture.ts'
import { createProductExport } from '../product/export-products.ts'
import { createKeepInStep } from '../product/keep-in-step.ts'
import { createKeepStores } from '../product/keep-stores.ts'
import { mendPicture } from '../product/mend-picture.ts'
import type { ProductWordEdits } from '../product/persons-words.ts'
import { createPictures } from '../product/pictures.ts'
import { presentPictures } from '../product/present-picture.ts'
import { createProbe } from '../product/probe/client.ts'
import type { Probed } from '../product/probe/protocol.ts'
import { createProducts } from '../product/products.ts'
import { putZip } from '../product/put-zip.ts'
import { saveProbed } from '../product/save-probed.ts'
import { type MadePicture, storeMade } from '../product/store-made.ts'
import { createStoreMembers } from '../product/store-members.ts'
import { findNearPhoto } from '../product/store-neighbours.ts'
import type { PictureRow } from '../product/store-pictures.ts'
import { readDetailsByIds } from '../product/store-products.ts'
import { openTemporary } from '../product/temporary-file.ts'
import type { FindNear } from '../search/store-vector.ts'
import { fetchPicture } from '../storage/fetch-picture.ts'
import { readStores } from '../storage/read-stores.ts'
import { openStores } from '../storage/stores.ts'
import type { Analysis } from './analysis.ts'
import { placeOfEmbedding } from './model-choice.ts'
import type { Signals } from './signals.ts'

type Needs = Pick<Analysis, 'steps' | 'duplicates' | 'models' | 'ingest' | 'describing' | 'productSpace'> & {
  readonly processId: string
  readonly findNear: FindNear
  readonly words: ProductWordEdits
  readonly sign: SignPath
}

export async function composeProducts(
  config: Config,
  { db }: OpenDatabase,
  stack: AsyncDisposableStack,
  log: Log,
  signals: Signals,
  needs: Needs,
) {
  const { steps, duplicates, models, ingest, describing, productSpace, processId, findNear, words, sign } = needs
  const profile = PRODUCT_PROFILES[config.productProfile]
  const onTheirWay = join(config.dataDir, 'stores-copy')
  const stores = stack.use(
    await openStores(readStores(config.stores, config.dataDir, config.productProfile), onTheirWay, {
      links: { sign, isPermanent: config.links === 'permanent' },
      first: profile.stores[0],
    }),
  )
  const keepInStep = stack.use(createKeepInStep({ db, stores, owner: processId, locate: (photoId) => ingest.locate(photoId), log }))
  /** the built-in one tells no products apart */
  const libraryModel = () => {
    const model = productSpace.embedder() ?? models.active()
    return model?.folder === null ? null : model
  }
  const embedding = () => {
    const place = placeOfEmbedding(libraryModel())
    return place === 'built-in' ? null : place
  }
  const probe = stack.use(
    createProbe({
      options: () => ({
        device: config.device,
        embedding: embedding(),
        maxPixels: config.maxPixels,
        maxBytes: config.maxBytes,
        decodeTimeoutMs: config.decodeTimeoutMs,
      }),
      environment: childEnvironment(),
    }),
  )
  for (const signal of [signals.modelsChanged, productSpace.switched]) signal.listen(() => probe.restart())
  signals.groupsDecided.listen(() => keepInStep.wake())
  const members = createStoreMembers()
  const inMemory = { findNear, membersOf: (store: string) => members.of(db, store) }
  const pictures = createPictures({
    db,
    inMemory,
    members,
    stores,
    ingest,
    probe,
    duplicates,
    pdqThreshold: config.duplicateThreshold,
    keepInStep,
    onIncomplete: productSpace.wake,
    saveProbed: (trx, photo, probed) => saveProbed({ steps, activeModelId: () => models.active()?.info.id ?? null }, trx, photo, probed),
    jpegSide: () => describing.service.active()?.maxSide ?? null,
    log,
  })
  const urlOf = (picture: { readonly store: string; readonly key: string }, base: string) =>
    stores.urlOf(stores.get(picture.store), picture.key, base)
  const exportProducts = createProductExport({
    db,
    pickStore: (name) => stores.get(name).settings.name,
    locate: (photoId) => ingest.locate(photoId),
    urlOf,
    profile,
  })
  return {
    start: () => {
      keepInStep.start()
      productSpace.start()
    },
    keeping: keepInStep.task,
    storeNames: stores.all.map(({ settings }) => settings.name),
    storeSettings: stores.all.map(({ settings }) => settings),
    moveInStore: (picture: number, to: 'out' | 'in') => (to === 'out' ? pictures.trash(picture) : pictures.restore(picture)),
    putInStore: (made: MadePicture) => storeMade({ db, pictures, locate: (photoId) => ingest.locate(photoId) }, made),
    storeOf: (address: string) => (URL.canParse(address) ? (stores.find(new URL(address))?.store.settings.name ?? null) : null),
    stores: {
      open: async (store: string, key: string) => stores.get(store).blobs.get(key),
      putZip: (store: string, name: string, entries: ZipEntry[]) => putZip(stores.get(store), name, entries),
      ...createKeepStores({
        db,
        stores,
        compared: async () => ({
          space: libraryModel()?.space.name ?? LOOK_SPACE,
          filling: await productSpace.filling(),
        }),
        log,
      }),
    },
    catalogue: {
      ...createProducts({
        db,
        pickStore: (name) => stores.get(name).settings.name,
        urlOf,
        profile,
        words,
        findNear: async (store, photoId) => {
          const spaces = [productSpace.embedder()?.space.name, libraryModel()?.space.name, LOOK_SPACE]
          return findNearPhoto(
            { db, inMemory },
            store,
            spaces.filter((name) => name !== undefined),
            photoId,
          )
        },
      }),
      export: exportProducts,
    },
    products: {
      ...pictures,
      urlOf,
      present: async (ids: readonly number[], base: string) =>
        presentPictures({ db, urlOf, profile }, await readDetailsByIds(db, ids), base),
      filling: () => productSpace.filling(),
      mend: (id: number, request: z.output<typeof MendRequest>) =>
        mendPicture(
          {
            db,
            pictures,
            probe,
            locate: (photoId) => ingest.locate(photoId),
            openTemporary: (ending) => openTemporary(onTheirWay, ending),
          },
          id,
          request,
        ),
      describe: (picture: PictureRow, probed: Probed) =>
        describePicture(
          {
            db,
            active: () => describing.service.active(),
            notice: () => describing.service.notice(),
            wakeLane: signals.stepsDue.emit,
          },
          picture,
          probed.jpeg,
        ),
    },
    /** of a configured store or an allowed host; see `storage/fetch-picture.ts` for what is refused */
    fetchPicture: (address: string, signal?: AbortSignal) =>
      fetchPicture(
        {
          findInStores: (url) => {
            const found = stores.find(url)
            return found && { key: found.key, open: () => found.store.blobs.get(found.key) }
          },
          allowed: config.fetchFrom,
          maxBytes: config.maxBytes,
        },
        address,
        signal,
      ),
  }
}
