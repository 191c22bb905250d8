/** @file Albums by hand and saved searches: made, changed, filled, put in order; every change of their photos, and deletion, is an edit that can be undone. */

import type { AlbumChange, AlbumInput, AlbumPage, AlbumPatch, AlbumReport, PhotoChoice } from '../../contract/albums.ts'
import { message } from '../../contract/messages/message.ts'
import type { FacetsQuery, SearchAnswer, SearchQuery } from '../../contract/search.ts'
import type { Db, Trx } from '../../db/client.ts'
import { onlyAllowed } from '../../db/visible.ts'
import type { Actor } from '../../domain/actor.ts'
import { FototecaError } from '../../domain/errors.ts'
import type { Visibility } from '../../domain/visibility.ts'
import { readPhotoCards } from '../../library/store-photos.ts'
import { decodePlace, encodePlace } from './place-cursor.ts'
import {
  type AlbumValues,
  insertAlbum,
  type LockedAlbum,
  liesWithin,
  listAlbums,
  lockAlbum,
  markDeleted,
  readAlbum,
  updateAlbum,
} from './store-albums.ts'
import { rememberChange, rememberMore } from './store-changes.ts'
import { appendMembers, countMembers, deleteMembers, isMember, listMembers, moveMembers, readMembers } from './store-members.ts'

/** Photos put in or taken out per transaction: searches get their turn between. */
const BATCH = 5000

export interface AlbumsDeps {
  readonly db: Db
  /** ids of all photos a search finds */
  readonly findPhotos: (sees: Visibility, query: FacetsQuery) => Promise<readonly number[]>
  readonly search: (sees: Visibility, query: SearchQuery) => Promise<SearchAnswer>
  /** asks a saved search and stores what it finds */
  readonly fill: (albumId: number) => Promise<void>
  /** albums are a filter: what searches keep is old */
  readonly onChanged: () => void
}

export interface Albums {
  list(sees: Visibility): Promise<AlbumReport[]>
  /** @throws FototecaError `not_found` */
  get(sees: Visibility, id: number): Promise<AlbumReport>
  /** @throws FototecaError `not_found` (its parent, a photo), `bad_request` (the search) */
  make(actor: Actor, input: AlbumInput): Promise<AlbumReport>
  /** @throws FototecaError `not_found`, `invalid`, `conflict` (changed since it was seen) */
  change(sees: Visibility, id: number, patch: AlbumPatch): Promise<AlbumReport>
  /** @returns the edit. @throws FototecaError `not_found` */
  remove(actor: Actor, id: number): Promise<number>
  /** @throws FototecaError `not_found`, `bad_request` (cursor) */
  photos(sees: Visibility, id: number, page: { readonly limit: number; readonly cursor?: string | undefined }): Promise<AlbumPage>
  /** All of them, in their order. @throws FototecaError `not_found` */
  ids(sees: Visibility, id: number): Promise<readonly number[]>
  /** @throws FototecaError `not_found`, `conflict` (a saved search fills itself) */
  add(actor: Actor, id: number, photos: PhotoChoice): Promise<AlbumChange>
  /** @throws FototecaError `not_found`, `conflict` */
  take(actor: Actor, id: number, photos: PhotoChoice): Promise<AlbumChange>
  /** @throws FototecaError `not_found`, `conflict`, `invalid` */
  move(actor: Actor, id: number, ids: readonly number[], before: number | null): Promise<AlbumChange>
}

const noAlbum = (id: number) => new FototecaError('not_found', `there is no album ${id}`)

export function createAlbums({ db, findPhotos, search, fill, onChanged }: AlbumsDeps): Albums {
  async function get(sees: Visibility, id: number): Promise<AlbumReport> {
    const album = await readAlbum(db, sees, id)
    if (!album) throw noAlbum(id)
    return album
  }
  async function inTransaction<T>(run: (trx: Trx) => Promise<T>): Promise<T> {
    const result = await db.transaction().execute(run)
    onChanged()
    return result
  }
  const choose = async ({ sees }: Actor, photos: PhotoChoice): Promise<readonly number[]> =>
    'ids' in photos ? [...new Set(photos.ids)] : findPhotos(sees, photos.search)

  async function lockByHand(trx: Trx, id: number): Promise<LockedAlbum> {
    const album = await lockAlbum(trx, id)
    if (!album) throw noAlbum(id)
    if (album.kind === 'by-search')
      throw new FototecaError(
        'conflict',
        'this album is filled by its search; change the search, or put the photos into an album of your own',
      )
    return album
  }

  /** Batch by batch, as one change. */
  async function changeMembers(actor: Actor, id: number, what: 'added' | 'removed', ids: readonly number[]): Promise<AlbumChange> {
    let edit: number | null = null
    let changed = 0
    for (let from = 0; from === 0 || from < ids.length; from += BATCH) {
      const batch = await onlyAllowed(db, actor.sees, ids.slice(from, from + BATCH))
      await inTransaction(async (trx) => {
        const { name } = await lockByHand(trx, id)
        const placed = what === 'added' ? await appendMembers(trx, id, batch) : await deleteMembers(trx, id, batch)
        changed += placed.length
        if (placed.length === 0) return
        const summary = message(what === 'added' ? 'album.photos-added' : 'album.photos-removed', { album: name })
        if (edit === null) edit = await rememberChange(trx, { actor, albumId: id, what, placed, summary })
        else await rememberMore(trx, edit, placed)
      })
    }
    return { edit, album_id: id, what, asked: ids.length, changed }
  }

  return {
    list: (sees) => listAlbums(db, sees),
    get,

    async make(actor, { photos, search: query, ...album }) {
      const ids = photos === undefined ? [] : await choose(actor, photos)
      const stored = query === undefined ? null : toStored(query)
      const id = await inTransaction(async (trx) => {
        if (album.parent_id !== null && !(await lockAlbum(trx, album.parent_id))) throw noAlbum(album.parent_id)
        return insertAlbum(trx, { ...album, search: stored })
      })
      if (stored !== null) await fill(id)
      if (ids.length > 0) await changeMembers(actor, id, 'added', ids)
      return get(actor.sees, id)
    },

    async change(sees, id, { version, search: query, ...patch }) {
      await inTransaction(async (trx) => {
        const album = await lockAlbum(trx, id)
        if (!album) throw noAlbum(id)
        if (version !== undefined && version !== album.version)
          throw new FototecaError(
            'conflict',
            `album ${id} was changed meanwhile; look at it again, then change it (version ${album.version})`,
          )
        if (query !== undefined && album.kind === 'by-hand')
          throw new FototecaError('invalid', 'search: this album is filled by hand; save the search as an album of its own')
        if (patch.parent_id) await checkParent(trx, id, patch.parent_id)
        if (patch.cover_photo_id && !(await isMember(trx, sees, id, patch.cover_photo_id)))
          throw new FototecaError('invalid', `cover_photo_id: photo ${patch.cover_photo_id} is not in this album; put it in first`)
        const { name, description, parent_id, cover_photo_id } = patch
        const values: AlbumValues = {
          ...(name === undefined ? {} : { name }),
          ...(description === undefined ? {} : { description }),
          ...(parent_id === undefined ? {} : { parent_id }),
          ...(cover_photo_id === undefined ? {} : { cover_photo_id }),
          ...(query === undefined ? {} : { search: JSON.stringify(toStored(query)) }),
        }
        if (Object.keys(values).length > 0) await updateAlbum(trx, id, values)
      })
      if (query !== undefined) await fill(id)
      return get(sees, id)
    },

    remove: (actor, id) =>
      inTransaction(async (trx) => {
        const name = await markDeleted(trx, id)
        if (name === undefined) throw noAlbum(id)
        return rememberChange(trx, { actor, albumId: id, what: 'deleted', placed: [], summary: message('album.deleted', { album: name }) })
      }),

    async photos(sees, id, { limit, cursor }) {
      const album = await get(sees, id)
      if (album.search !== null) {
        const answer = await search(sees, {
          ...(album.search as unknown as FacetsQuery),
          limit,
          ...(cursor === undefined ? {} : { cursor }),
        })
        return { photos: answer.hits.map((hit) => hit.photo), total: answer.total, next: answer.next }
      }
      const rows = await readMembers(db, sees, id, cursor === undefined ? null : decodePlace(cursor), limit + 1)
      const shown = rows.slice(0, limit)
      const last = shown.at(-1)
      return {
        photos: await readPhotoCards(
          db,
          sees,
          shown.map((row) => row.photo_id),
        ),
        total: await countMembers(db, sees, id),
        next: last && rows.length > limit ? encodePlace(last) : null,
      }
    },

    async ids(sees, id) {
      const album = await get(sees, id)
      if (album.search !== null) return findPhotos(sees, album.search as unknown as FacetsQuery)
      return listMembers(db, sees, id)
    },

    add: async (actor, id, photos) => changeMembers(actor, id, 'added', await choose(actor, photos)),
    take: async (actor, id, photos) => changeMembers(actor, id, 'removed', await choose(actor, photos)),

    async move(actor, id, ids, before) {
      const asked = [...new Set(ids)]
      const moving = await onlyAllowed(db, actor.sees, asked)
      if (before !== null && asked.includes(before)) throw new FototecaError('invalid', 'before: name a photo that stays where it is')
      return inTransaction(async (trx) => {
        const { name } = await lockByHand(trx, id)
        if (before !== null && !(await isMember(trx, actor.sees, id, before)))
          throw new FototecaError('not_found', `photo ${before} is not in this album any more; look at it again`)
        const old = await moveMembers(trx, id, moving, before)
        const change = { actor, albumId: id, what: 'moved', placed: old, summary: message('album.photos-moved', { album: name }) } as const
        const edit = old.length === 0 ? null : await rememberChange(trx, change)
        return { edit, album_id: id, what: 'moved' as const, asked: asked.length, changed: old.length }
      })
    },
  }

  async function checkParent(trx: Trx, id: number, parentId: number): Promise<void> {
    if (!(await lockAlbum(trx, parentId))) throw noAlbum(parentId)
    if (await liesWithin(trx, parentId, id)) throw new FototecaError('invalid', 'parent_id: an album cannot lie within itself')
  }
}

/** Without what is not set: the search as it is asked again. */
const toStored = (query: FacetsQuery): Record<string, unknown> => JSON.parse(JSON.stringify(query))
