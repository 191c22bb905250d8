/** @file Merging clusters, and taking it back: the cluster that went comes again with its id, its name and those of its photos that are still there. */

import type { EditReport } from '../../contract/edits.ts'
import { message } from '../../contract/messages/message.ts'
import type { Db, Trx } from '../../db/client.ts'
import type { ClusterMerge } from '../../db/tables/clusters.ts'
import type { Actor } from '../../domain/actor.ts'
import { FototecaError } from '../../domain/errors.ts'
import { insertDoneEdit, readEdit } from '../../edit/store-edits.ts'
import { updateCluster } from './store-clusters.ts'
import { moveMembers, readMerge, readMergeable, restoreCluster, saveMerge, takeCluster } from './store-merges.ts'

/**
 * One transaction: the photos, the row, the history.
 * @returns the edit that can be undone. @throws FototecaError `not_found`
 */
export async function mergeClusters(db: Db, actor: Actor, id: number, into: number): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const [gone, kept] = await readMergeable(trx, id, into)
    if (!gone || !kept) throw new FototecaError('not_found', `there is no cluster ${gone ? into : id}; they may have been found anew`)
    const photos = await takeCluster(trx, id, into)
    await updateCluster(trx, into, { is_kept: true })
    const summary = message('cluster.merged', { gone: gone.name, into: kept.name })
    const edit = await insertDoneEdit(trx, { actor, area: 'clusters', summary, undoOf: null, changed: photos.length, conflicts: 0 })
    await saveMerge(trx, edit, { gone, into, intoWasKept: kept.is_kept, photos })
    return edit
  })
}

/** @returns the id of the edit that took it back. @throws FototecaError `conflict` */
export async function undoMerge(db: Db, actor: Actor, { id, message: undone }: EditReport & { id: number }): Promise<number> {
  return db.transaction().execute(async (trx) => {
    if ((await readEdit(trx, id))?.undone_by !== null) throw new FototecaError('conflict', 'this edit was undone already')
    const merge = await readMerge(trx, id)
    if (!merge) throw new FototecaError('conflict', 'what this edit changed is not known any more')
    const { back, conflicts } = await takeBack(trx, merge)
    return insertDoneEdit(trx, {
      actor,
      area: 'clusters',
      summary: message('edit.undone', { edit: undone }),
      undoOf: id,
      changed: back,
      conflicts,
    })
  })
}

/** Photos that lie elsewhere meanwhile stay there and are counted. */
async function takeBack(trx: Trx, { gone, into, intoWasKept, photos }: ClusterMerge): Promise<{ back: number; conflicts: number }> {
  const [, kept] = await readMergeable(trx, gone.id, into)
  if (!kept) throw new FototecaError('conflict', 'the cluster it was merged into is gone; if that was merged too, undo that first')
  await restoreCluster(trx, gone)
  const back = await moveMembers(trx, photos, into, gone.id)
  // a name given since keeps it together all the same
  if (!intoWasKept && kept.said_by !== 'person') await updateCluster(trx, into, { is_kept: false })
  return { back, conflicts: photos.length - back }
}
