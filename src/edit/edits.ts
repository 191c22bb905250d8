/** @file Changes by a person: counted or made at once for a few photos, in the background for many; each one undoable. */

import type { EditReport, EditRequest } from '../contract/edits.ts'
import { type Message, message, render } from '../contract/messages/message.ts'
import type { SearchQuery } from '../contract/search.ts'
import type { Db, Trx } from '../db/client.ts'
import type { EditArea, Target } from '../db/tables/edits.ts'
import { onlyAllowed } from '../db/visible.ts'
import { markDocumentsStale, refreshPhotoCategories, refreshSearchDocuments } from '../document/store.ts'
import { type Actor, nameOf } from '../domain/actor.ts'
import { FototecaError } from '../domain/errors.ts'
import { EVERY_PHOTO, type Visibility } from '../domain/visibility.ts'
import { readVersion } from '../library/store-said.ts'
import { concerns, resolveTargets, summarise } from './operations.ts'
import { readCategoryIds } from './store-categories.ts'
import {
  advanceEdit,
  applyBatch,
  countChanges,
  filterPhotos,
  insertEdit,
  listEdits,
  readChangedPhotos,
  readEdit,
  readTargets,
  takeRunningEdit,
} from './store-edits.ts'
import { applyTrash, applyVerdicts } from './store-groups.ts'

/** Up to this many photos are changed before the answer, their search documents included (a millisecond each). */
const AT_ONCE = 100
/** Photos counted per read. */
const COUNT_BATCH = 5000

export interface EditsDeps {
  readonly db: Db
  /** ids of all photos a search finds */
  readonly findPhotos: (sees: Visibility, query: Omit<SearchQuery, 'limit' | 'cursor'>) => Promise<readonly number[]>
  /** what is known of photos changed, and there may be something to do in the background */
  readonly wake: () => void
  /** decided about the trash or about pairs; many photos follow in the background */
  readonly onGroups?: () => void
  /** in the transaction that undoes an edit of photos: what came with it is undone too. @returns what is to be done afterwards */
  readonly onUndo?: (trx: Trx, editId: number) => Promise<() => void>
  /** undoes a change of another area, in its own transaction, and says which edit that made */
  readonly undoers: { readonly [A in Exclude<EditArea, 'photos'>]: (actor: Actor, edit: EditReport & { id: number }) => Promise<number> }
}

/** Decisions that are not the same for all photos, as `group/` makes them. */
export interface PlannedEdit {
  readonly summary: Message
  readonly photoIds: readonly number[]
  readonly targets: readonly Target[]
  /** written in the same transaction */
  readonly also?: (trx: Trx, editId: number) => Promise<void>
}

export interface Edits {
  /** Begins what other parts planned; a part of the history like all others. */
  plan(actor: Actor, edit: PlannedEdit): Promise<EditReport>
  /** @throws FototecaError `not_found`, `invalid`, `conflict` (the photo was changed since it was seen) */
  make(actor: Actor, request: EditRequest): Promise<EditReport>
  /** @throws FototecaError `not_found`, `conflict` (undone already, an undo itself, still running) */
  undo(actor: Actor, id: number): Promise<EditReport>
  list(sees: Visibility, skip: number, limit: number): Promise<EditReport[]>
  /** @throws FototecaError `not_found` */
  get(sees: Visibility, id: number): Promise<EditReport>
}

export function createEdits({ db, findPhotos, wake, onGroups, onUndo, undoers }: EditsDeps): Edits {
  async function get(sees: Visibility, id: number): Promise<EditReport> {
    const report = await readEdit(db, id, sees)
    if (!report) throw new FototecaError('not_found', `there is no edit ${id}`)
    return report
  }

  async function begin(
    edit: { actor: Actor; summary: Message; targets: readonly Target[]; undoOf: number | null; photoIds: readonly number[] },
    check: (trx: Trx) => Promise<void>,
    also: PlannedEdit['also'] = async () => {},
  ): Promise<EditReport> {
    const isSmall = edit.photoIds.length <= AT_ONCE
    const id = await db.transaction().execute(async (trx) => {
      await check(trx)
      const made = await insertEdit(trx, edit)
      await also(trx, made)
      if (isSmall) await workOn(trx, AT_ONCE, made)
      return made
    })
    wake()
    if (concerns(edit.targets, 'trash', 'pair')) onGroups?.()
    return get(EVERY_PHOTO, id)
  }

  return {
    async make(actor, { photos, operations, dry_run, version }) {
      const asked = 'ids' in photos ? [...new Set(photos.ids)] : await findPhotos(actor.sees, photos.search)
      const photoIds = 'ids' in photos ? await filterPhotos(db, actor.sees, asked) : asked
      if ('ids' in photos && photoIds.length < asked.length) {
        const known = new Set(photoIds)
        throw new FototecaError('not_found', `there is no photo ${asked.find((id) => !known.has(id))}`)
      }
      if (photoIds.length !== 1 && operations.some((operation) => operation.do === 'set_text'))
        throw new FototecaError('invalid', 'photos: titles, captions and alternative texts are written for one photo at a time')
      if (photoIds.length !== 1 && version !== undefined)
        throw new FototecaError('invalid', 'version: it belongs to one photo; leave it out for several')
      const categories = await readCategoryIds(db)
      const targets = resolveTargets(operations, (name) => {
        const id = categories.get(name.toLowerCase())
        if (id === undefined) throw new FototecaError('not_found', `there is no category ${name}`)
        return id
      })
      const summary = summarise(operations)
      if (dry_run)
        return {
          ...COUNTED,
          by: nameOf(actor),
          summary: render(summary),
          message: summary,
          photos: photoIds.length,
          changed: await count(photoIds, targets),
        }
      const [only] = photoIds
      return begin({ actor, summary, targets, undoOf: null, photoIds }, async (trx) => {
        if (version === undefined || only === undefined) return
        const current = await readVersion(trx, only)
        if (current !== version)
          throw new FototecaError('conflict', `photo ${only} was changed meanwhile; look at it again, then change it (version ${current})`)
      })
    },

    async undo(actor, id) {
      const edit = await get(actor.sees, id)
      if (edit.undo_of !== null) throw new FototecaError('conflict', 'this is an undo itself; make the change again instead')
      if (edit.state === 'running') throw new FototecaError('conflict', 'this edit is still being made; undo it when it is done')
      if (edit.area !== 'photos') return get(EVERY_PHOTO, await undoers[edit.area](actor, { ...edit, id }))
      const targets = await readTargets(db, id)
      const photoIds = await onlyAllowed(db, actor.sees, await readChangedPhotos(db, id))
      let afterwards = () => {}
      const undo = { actor, summary: message('edit.undone', { edit: edit.message }), targets, undoOf: id, photoIds }
      const report = await begin(undo, async (trx) => {
        if ((await readEdit(trx, id))?.undone_by !== null) throw new FototecaError('conflict', 'this edit was undone already')
        if (onUndo) afterwards = await onUndo(trx, id)
      })
      afterwards()
      return report
    },

    plan: (actor, { also, ...edit }) => begin({ ...edit, actor, undoOf: null }, async () => {}, also),
    list: (sees, skip, limit) => listEdits(db, sees, skip, limit),
    get,
  }

  async function count(ids: readonly number[], targets: readonly Target[]): Promise<number> {
    let changed = 0
    for (let from = 0; from < ids.length; from += COUNT_BATCH)
      changed += await countChanges(db, ids.slice(from, from + COUNT_BATCH), targets)
    return changed
  }
}

const COUNTED = {
  id: null,
  state: 'counted',
  area: 'photos',
  looked_at: 0,
  conflicts: 0,
  undo_of: null,
  undone_by: null,
  made_at: null,
} as const

/** The next photos of the oldest running edit. @returns how many; 0 when none is running */
export async function continueEdits(db: Db, photos: number): Promise<number> {
  return db.transaction().execute((trx) => workOn(trx, photos))
}

async function workOn(trx: Trx, batch: number, onlyId?: number): Promise<number> {
  const edit = await takeRunningEdit(trx, batch, onlyId)
  if (!edit) return 0
  const { changed, conflicts } = await applyBatch(trx, edit)
  await advanceEdit(trx, edit, changed.length, conflicts)
  // an edit of no photos ends too
  const looked = Math.max(1, edit.ids.length)
  if (changed.length === 0) return looked
  if (concerns(edit.targets, 'pair')) await applyVerdicts(trx, changed)
  if (concerns(edit.targets, 'trash')) await applyTrash(trx, changed)
  // written also where only a rating changed: its mark tells filters that keep what they found (`search_documents.changed_in`)
  if (changed.length <= AT_ONCE) await refreshSearchDocuments(trx, changed)
  else {
    if (concerns(edit.targets, 'tag', 'category')) await refreshPhotoCategories(trx, changed)
    await markDocumentsStale(trx, changed)
  }
  return looked
}
