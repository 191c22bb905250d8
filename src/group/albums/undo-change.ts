/** @file Takes back what a person changed in an album: photos put in, taken out or moved, or that it was deleted. */

import type { EditReport } from '../../contract/edits.ts'
import { message } from '../../contract/messages/message.ts'
import type { Db, Trx } from '../../db/client.ts'
import type { Actor } from '../../domain/actor.ts'
import { FototecaError } from '../../domain/errors.ts'
import { insertDoneEdit, readEdit } from '../../edit/store-edits.ts'
import { lockAlbum, unmarkDeleted } from './store-albums.ts'
import { readChange, type StoredChange } from './store-changes.ts'
import { deleteMembers, setPlaces } from './store-members.ts'

/** @returns the id of the edit that took it back. @throws FototecaError `conflict` */
export async function undoAlbumChange(db: Db, actor: Actor, { id, message: undone }: EditReport & { id: number }): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const change = await readChange(trx, id)
    if (!change) throw new FototecaError('conflict', 'the album this was about is gone for good')
    if (change.what !== 'deleted' && !(await lockAlbum(trx, change.albumId)))
      throw new FototecaError('conflict', 'the album was deleted; undo that first')
    // only now: of two that undo it at once, the second has waited for the first
    if ((await readEdit(trx, id))?.undone_by !== null) throw new FototecaError('conflict', 'this edit was undone already')
    const changed = await takeBack(trx, change)
    const conflicts = change.what === 'moved' ? 0 : change.placed.length - changed
    return insertDoneEdit(trx, { actor, area: 'albums', summary: message('edit.undone', { edit: undone }), undoOf: id, changed, conflicts })
  })
}

/** @returns how many photos it is about */
async function takeBack(trx: Trx, { albumId, what, placed }: StoredChange): Promise<number> {
  if (what === 'deleted') {
    if (!(await unmarkDeleted(trx, albumId))) throw new FototecaError('conflict', 'the album is there already')
    return 0
  }
  if (what === 'added')
    return (
      await deleteMembers(
        trx,
        albumId,
        placed.map((row) => row.photo_id),
      )
    ).length
  return setPlaces(trx, albumId, placed, what === 'removed')
}
