/** @file Product pictures: the stores they lie in, the door by which addresses are fetched, what takes pictures in and says what they show. */
import { hostname } from 'node:os'
import { childEnvironment } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import type { OpenDatabase } from '../db/client.ts'
import type { Log } from '../domain/log.ts'
import { describePicture } from '../product/describe-picture.ts'
import { gradeShot } from '../product/grade-shot.ts'
import { createKeepInStep } from '../product/keep-in-step.ts'
import { createPictures } from '../product/pictures.ts'
import { createProbe } from '../product/probe/client.ts'
import type { Probed } from '../product/probe/protocol.ts'
import { saveProbed } from '../product/save-probed.ts'
import type { PictureRow } from '../product/store-pictures.ts'
import { fetchPicture } from '../storage/fetch-picture.ts'
import { readStores } from '../storage/read-stores.ts'
import { openStores } from '../storage/stores.ts'
import type { Analysis } from './analysis.ts'
import type { Signals } from './signals.ts'

/** The embedding model of product pictures, where it is installed. */
const PRODUCT_MODEL = 'marqo-fashion-siglip'

type Needs = Pick<Analysis, 'steps' | 'duplicates' | 'models' | 'ingest' | 'describing'>

export async function composeProducts(
  config: Config,
  { db }: OpenDatabase,
  stack: AsyncDisposableStack,
  log: Log,
  signals: Signals,
  needs: Needs,
) {
  const { steps, duplicates, models, ingest, describing } = needs
  const stores = stack.use(await openStores(readStores(config.stores, config.dataDir)))
  const keepInStep = stack.use(
    createKeepInStep({ db, stores, owner: `${hostname()}:${config.dataDir}`, locate: (photoId) => ingest.locate(photoId), log }),
  )
  const embedding = () => {
    const own = models.folderOf(PRODUCT_MODEL)
    if (own) return { folder: own.folder }
    const active = models.active()
    return active && { folder: active.folder, threads: active.threads }
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
  signals.modelsChanged.listen(() => probe.restart())
  const pictures = createPictures({
    db,
    stores,
    ingest,
    probe,
    duplicates,
    pdqThreshold: config.duplicateThreshold,
    keepInStep,
    saveProbed: (trx, photo, probed) => saveProbed({ steps, activeModelId: () => models.active()?.info.id ?? null }, trx, photo, probed),
    jpegSide: () => describing.service.active()?.maxSide ?? null,
    log,
  })
  return {
    start: () => keepInStep.start(),
    stores: { open: async (store: string, key: string) => stores.get(store).blobs.get(key) },
    products: {
      ...pictures,
      urlOf: (picture: PictureRow, base: string) => stores.urlOf(stores.get(picture.store), picture.key, base),
      async caption(picture: PictureRow, probed: Probed) {
        const deps = { db, active: () => describing.service.active(), notice: () => describing.service.notice() }
        const { words, notice } = await describePicture(deps, picture.photoId, picture.kind, probed.jpeg)
        return {
          display_name: picture.displayName,
          ...words,
          quality: gradeShot(probed.shot).grade,
          color: probed.shot.colour,
          id: picture.id,
          held: picture.state === 'held',
          notice,
        }
      },
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
