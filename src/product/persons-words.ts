/** @file What a person says of a product picture over the machine: written with its history, taken back by undo like every other edit. */

import type { EditReport } from '../contract/edits.ts'
import { message } from '../contract/messages/message.ts'
import { WORD_FIELDS, type WordField } from '../contract/product-words.ts'
import type { Db, Trx } from '../db/client.ts'
import type { Actor } from '../domain/actor.ts'
import { FototecaError } from '../domain/errors.ts'
import { insertDoneEdit, readEdit } from '../edit/store-edits.ts'
import { insertWordChanges, lockPicture, readPersonsWords, readWordChanges, type WordChange, writeWord } from './store-words.ts'

export interface WordPatch {
  /** by field; null: there is none */
  readonly words: { readonly [F in WordField]?: string | null | undefined }
  /** the machine’s word stands again */
  readonly reset: readonly WordField[]
}

export type ProductWordEdits = ReturnType<typeof createPersonsWords>

export function createPersonsWords(db: Db) {
  const wordOf = async (trx: Trx, pictureId: number, field: WordField): Promise<WordChange['before']> => {
    const words = (await readPersonsWords(trx, [pictureId])).get(pictureId)
    return words?.has(field) ? { value: words.get(field) ?? null } : null
  }

  return {
    /** @returns the edit, null where nothing changed. @throws FototecaError `not_found` */
    async change(actor: Actor, pictureId: number, { words, reset }: WordPatch): Promise<number | null> {
      return db.transaction().execute(async (trx) => {
        if (!(await lockPicture(trx, pictureId))) throw new FototecaError('not_found', `there is no product picture ${pictureId}`)
        const changes: WordChange[] = []
        for (const field of WORD_FIELDS) {
          const value = words[field]
          if (value === undefined && !reset.includes(field)) continue
          const after = value === undefined ? null : { value }
          const before = await wordOf(trx, pictureId, field)
          if (isSame(before, after)) continue
          await writeWord(trx, pictureId, field, after)
          changes.push({ pictureId, field, before, after })
        }
        if (changes.length === 0) return null
        const written = changes.filter(({ after }) => after !== null).map(({ field }) => field)
        const taken = changes.filter(({ after }) => after === null).map(({ field }) => field)
        const edit = await insertDoneEdit(trx, {
          actor,
          area: 'products',
          summary: message('product.words', { written, reset: taken, picture: pictureId }),
          undoOf: null,
          changed: 1,
          conflicts: 0,
        })
        await insertWordChanges(trx, edit, changes)
        return edit
      })
    },

    /** @returns the edit that took it back; what was written since is left and counted. @throws FototecaError `conflict` */
    async undo(actor: Actor, { id, message: undone }: Pick<EditReport, 'message'> & { readonly id: number }): Promise<number> {
      return db.transaction().execute(async (trx) => {
        if ((await readEdit(trx, id))?.undone_by !== null) throw new FototecaError('conflict', 'this edit was undone already')
        const changes: WordChange[] = []
        let conflicts = 0
        for (const { pictureId, field, before, after } of await readWordChanges(trx, id)) {
          await lockPicture(trx, pictureId)
          if (!isSame(await wordOf(trx, pictureId, field), after)) {
            conflicts++
            continue
          }
          await writeWord(trx, pictureId, field, before)
          changes.push({ pictureId, field, before: after, after: before })
        }
        const changed = changes.length > 0 ? 1 : 0
        const edit = await insertDoneEdit(trx, {
          actor,
          area: 'products',
          summary: message('edit.undone', { edit: undone }),
          undoOf: id,
          changed,
          conflicts,
        })
        await insertWordChanges(trx, edit, changes)
        return edit
      })
    },
  }
}

const isSame = (a: WordChange['before'], b: WordChange['before']) => (a === null ? b === null : b !== null && a.value === b.value)
