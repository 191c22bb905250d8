/** @file What persons changed in albums, as undo needs it: each change is an edit of the one history. */

import { sql } from 'kysely'
import type { Message } from '../../contract/messages/message.ts'
import { toFloats, toIntegers } from '../../db/arrays.ts'
import type { Trx } from '../../db/client.ts'
import type { AlbumsTables } from '../../db/tables/albums.ts'
import type { Actor } from '../../domain/actor.ts'
import { insertDoneEdit } from '../../edit/store-edits.ts'
import type { Placed } from './store-members.ts'

export interface NewChange {
  readonly actor: Actor
  readonly albumId: number
  readonly what: AlbumsTables['album_changes']['what']
  /** places before, or for `added` those given */
  readonly placed: readonly Placed[]
  readonly summary: Message
}

/** @returns the edit */
export async function rememberChange(trx: Trx, { actor, albumId, what, placed, summary }: NewChange): Promise<number> {
  await trx.updateTable('albums').set({ changed_at: new Date() }).where('id', '=', albumId).execute()
  const edit = await insertDoneEdit(trx, { actor, area: 'albums', summary, undoOf: null, changed: placed.length, conflicts: 0 })
  const [photo_ids, places] = [placed.map((row) => row.photo_id), placed.map((row) => row.place)]
  await trx.insertInto('album_changes').values({ edit_id: edit, album_id: albumId, what, photo_ids, places }).execute()
  return edit
}

/** More of a change that is made in batches. */
export async function rememberMore(trx: Trx, edit: number, placed: readonly Placed[]): Promise<void> {
  const [ids, places] = [toIntegers(placed.map((row) => row.photo_id)), toFloats(placed.map((row) => row.place))]
  await sql`update album_changes set photo_ids = photo_ids || ${ids}, places = places || ${places}
    where edit_id = ${edit}`.execute(trx)
  await sql`update edits set photos = photos + ${placed.length}, position = position + ${placed.length}, changed = changed + ${placed.length}
    where id = ${edit}`.execute(trx)
}

export interface StoredChange extends Pick<NewChange, 'albumId' | 'what' | 'placed'> {}

export async function readChange(trx: Trx, edit: number): Promise<StoredChange | undefined> {
  const row = await trx.selectFrom('album_changes').selectAll().where('edit_id', '=', edit).executeTakeFirst()
  if (!row) return undefined
  const placed = row.photo_ids.map((photo_id, index) => ({ photo_id, place: row.places[index] ?? 0 }))
  return { albumId: row.album_id, what: row.what, placed }
}
