/** @file Product pictures: takes an upload into a store unless it is there already, says what it shows, takes pictures out and puts them back. */
import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import type { Trx } from '../db/client.ts'
import { FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { Ingest } from '../ingest/ingest.ts'
import type { StagedUpload } from '../ingest/upload.ts'
import type { DuplicateIndex } from '../pipeline/steps/duplicates/duplicate-index.ts'
import type { NamedStore, Stores } from '../storage/stores.ts'
import { type FindLikeDeps, findLike, type Like, vectorOf } from './find-like.ts'
import { type KeepInStep, sourceOf } from './keep-in-step.ts'
import { mediaTypeOf } from './media-type.ts'
import { displayName, nameInStore } from './name-picture.ts'
import type { Probe } from './probe/client.ts'
import type { Probed } from './probe/protocol.ts'
import type { StoreMembers } from './store-members.ts'
import { findSameFile, insertPicture, isThrownAway, type PictureRow, readPicture, setPictureState } from './store-pictures.ts'

export interface PicturesDeps extends FindLikeDeps {
  readonly stores: Stores
  readonly ingest: Pick<Ingest, 'stage' | 'keep' | 'discard' | 'locate'>
  readonly probe: Pick<Probe, 'ask'>
  readonly duplicates: Pick<DuplicateIndex, 'find' | 'note'>
  readonly members: Pick<StoreMembers, 'add' | 'forget'>
  readonly keepInStep: KeepInStep
  /** in the transaction that makes the picture: vectors and hash, so that the next upload is compared with it at once */
  readonly saveProbed: (trx: Trx, photo: { readonly id: number; readonly isNew: boolean }, probed: Probed) => Promise<void>
  /** a picture is in the store whose vector may be missing in the space that is (being) filled */
  readonly onIncomplete: () => void
  /** long side of the JPEG for a describer; null while none is switched on */
  readonly jpegSide: () => number | null
  readonly log: Log
  readonly now?: () => Date
}

export interface TakeOptions {
  /** name of the store; undefined: the default one */
  readonly website?: string | undefined
  readonly kind: string | null
  readonly checkDuplicate: boolean
  /** neighbours to tell of */
  readonly topK: number
  /** the folder in the store, e.g. `gen_images/` */
  readonly prefix?: string
  readonly origin?: { readonly id: number; readonly madeBy: string }
}

export type CheckOptions = Pick<TakeOptions, 'website' | 'topK'>

/** How an upload stands to a store that it was not taken into. */
export interface Checked {
  /** the space whose vectors were compared */
  readonly space: string
  readonly likes: readonly Like[]
  /** taking it would leave it out, take it, or hold it for a person */
  readonly end: 'duplicate' | 'new' | 'held'
}

export type Taken = {
  /** the space whose vectors were compared; null when nothing was */
  readonly space: string | null
  readonly store: NamedStore
  readonly filename: string
} & (
  | { readonly end: 'duplicate'; readonly likes: readonly Like[] }
  | { readonly end: 'new'; readonly picture: PictureRow; readonly probed: Probed; readonly likes: readonly Like[] }
)

export interface Pictures {
  /** Reads the stream to its end; `take` or `discard` it then. @throws FototecaError `invalid` (empty), `not_a_picture`, `too_large` … */
  stage(file: Readable, filename: string): Promise<StagedUpload>
  discard(staged: StagedUpload): Promise<void>
  /**
   * Of a duplicate, and when it throws, nothing is left.
   * @throws FototecaError `invalid` (unknown store), `unreadable_picture`, `unavailable` (the store) …
   */
  take(staged: StagedUpload, options: TakeOptions): Promise<Taken>
  /** As `take` would decide, and nothing is stored. @throws as `take` */
  check(staged: StagedUpload, options: CheckOptions): Promise<Checked>
  /** @throws FototecaError `not_found` */
  find(where: { readonly id: number } | { readonly url: string }): Promise<PictureRow>
  /** Out of the store; the photo stays, and `restore` puts it back. @throws FototecaError `not_found` */
  trash(id: number): Promise<PictureRow>
  /** Into the store: from the trash, or what was held and a person let pass. @throws FototecaError `not_found`, `unavailable` */
  restore(id: number): Promise<PictureRow>
}

export function createPictures(deps: PicturesDeps): Pictures {
  const { db, stores, ingest, keepInStep, log } = deps
  const turns = new Map<string, Promise<unknown>>()

  /** One picture at a time is decided per store: of two alike that come together the second must see the first. */
  const inTurn = <T>(store: string, act: () => Promise<T>): Promise<T> => {
    const mine = (turns.get(store) ?? Promise.resolve()).then(act, act)
    turns.set(store, mine)
    return mine
  }

  const readById = async (id: number): Promise<PictureRow> => {
    const row = await readPicture(db, { id })
    if (!row) throw new FototecaError('not_found', `there is no product picture ${id}`)
    return row
  }

  const probe = async (staged: StagedUpload, jpegSide: number | null): Promise<Probed> => {
    const probed = await deps.probe.ask({ path: staged.received.temporary, format: staged.format, jpegSide })
    if (probed.embeddingProblem !== null) log.warn({ reason: probed.embeddingProblem }, 'a product picture has no embedding')
    return probed
  }
  const compare = async (staged: StagedUpload, probed: Probed, { settings }: NamedStore, topK: number): Promise<Like[]> => {
    const { name: store, duplicate_distance: below } = settings
    const likes = await findLike(deps, { store, sha256: staged.received.sha256, probed, below, limit: Math.max(1, topK) })
    for (const { picture, kind, distance } of likes) log.info({ store, picture: picture.id, kind, distance }, 'an upload was compared')
    return likes
  }
  const judge = (like: Like | undefined, { settings }: NamedStore): Checked['end'] =>
    !like?.kind ? 'new' : like.kind === 'similar' && settings.hold === 'similar' ? 'held' : 'duplicate'

  const keep = async (staged: StagedUpload, probed: Probed, store: NamedStore, options: TakeOptions, like: Like | undefined) => {
    const { name } = store.settings
    const isHeld = judge(like, store) === 'held'
    const key = `${options.prefix ?? ''}${nameInStore(staged.filename, staged.format, deps.now?.() ?? new Date())}`
    let id = 0
    const toRows = (forget?: (trx: Trx) => Promise<void>) =>
      ingest.keep(staged, {
        collection: 'products',
        also: async (trx, { photoId, isNew }) => {
          await deps.saveProbed(trx, { id: photoId, isNew }, probed)
          id = await insertPicture(trx, {
            photoId,
            store: name,
            key,
            displayName: displayName(staged.filename),
            kind: options.kind,
            state: isHeld ? 'held' : 'stored',
            like: like?.kind ? { id: like.picture.id, kind: like.kind, distance: like.distance } : null,
            originId: options.origin?.id ?? null,
            madeBy: options.origin?.madeBy ?? null,
            shot: probed.shot,
          })
          await forget?.(trx)
        },
      })
    const source = {
      bytes: staged.received.bytes,
      sha256: staged.received.sha256,
      contentType: mediaTypeOf(staged.format),
      open: () => createReadStream(staged.received.temporary),
    }
    const { photoId } = isHeld ? await toRows() : await keepInStep.put(name, key, source, toRows)
    deps.members.add(name, photoId)
    deps.onIncomplete()
    await deps.duplicates.note(db, { photoId, quality: probed.hash.quality, dihedral: probed.hash.dihedral })
    return readById(id)
  }

  return {
    stage: (file, filename) => ingest.stage(file, filename),
    discard: (staged) => ingest.discard(staged),

    async take(staged, options) {
      try {
        const store = stores.get(options.website)
        if (await isThrownAway(deps.db, staged.received.sha256))
          throw new FototecaError('conflict', 'this picture was deleted from the library; bring it back from the trash, or send another')
        // the same bytes again are known without opening them, where no other neighbour is asked for
        const same =
          options.checkDuplicate && options.topK <= 1 ? await findSameFile(db, store.settings.name, staged.received.sha256) : undefined
        if (same) {
          log.info({ store: store.settings.name, picture: same.id, kind: 'same-file', distance: 0 }, 'an upload was compared')
          await ingest.discard(staged)
          const likes = [{ picture: same, kind: 'same-file', distance: 0 }] as const
          return { end: 'duplicate', space: null, store, filename: staged.filename, likes }
        }
        const probed = await probe(staged, deps.jpegSide())
        return await inTurn(store.settings.name, async (): Promise<Taken> => {
          const likes = options.checkDuplicate ? await compare(staged, probed, store, options.topK) : []
          const common = { space: options.checkDuplicate ? vectorOf(probed).space : null, store, filename: staged.filename, likes }
          if (judge(likes[0], store) === 'duplicate') {
            await ingest.discard(staged)
            return { end: 'duplicate', ...common }
          }
          return { end: 'new', picture: await keep(staged, probed, store, options, likes[0]), probed, ...common }
        })
      } catch (error) {
        await ingest.discard(staged)
        throw error
      }
    },

    async check(staged, { website, topK }) {
      try {
        const store = stores.get(website)
        const probed = await probe(staged, null)
        const likes = await compare(staged, probed, store, topK)
        return { space: vectorOf(probed).space, likes, end: judge(likes[0], store) }
      } finally {
        await ingest.discard(staged)
      }
    },

    async find(where) {
      if ('id' in where) return readById(where.id)
      const place = URL.canParse(where.url) ? stores.find(new URL(where.url)) : null
      const row = place && (await readPicture(db, { store: place.store.settings.name, key: place.key }))
      if (!row) throw new FototecaError('not_found', `s3_url: no product picture lies at ${where.url.slice(0, 300)}`)
      return row
    },

    async trash(id) {
      const row = await readById(id)
      if (row.state !== 'trashed') await keepInStep.remove(row.store, row.key, (trx) => setPictureState(trx, id, 'trashed'))
      deps.members.forget(row.store)
      return readById(id)
    },

    async restore(id) {
      const row = await readById(id)
      if (row.isGone)
        throw new FototecaError('conflict', `the photo of product picture ${id} is in the library’s trash; bring it back from there`)
      if (row.state !== 'stored')
        await keepInStep.put(row.store, row.key, await sourceOf(row, (photoId) => ingest.locate(photoId)), (forget) =>
          db.transaction().execute(async (trx) => {
            await setPictureState(trx, id, 'stored')
            await forget(trx)
          }),
        )
      deps.members.add(row.store, row.photoId)
      deps.onIncomplete()
      return readById(id)
    },
  }
}
