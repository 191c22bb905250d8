/** @file Moves the chosen photos to the trash. */
import { Trash2 } from 'lucide-react'
import { editPhotos, tellEdit, undoEdit } from '../../../lib/make-edit.ts'
import type { PhotoAction } from '../../../lib/photo-action.ts'

export const trashAction: PhotoAction = {
  name: 'trash',
  label: 'Trash',
  Icon: Trash2,
  isCommon: true,
  hotkey: 'Delete',
  async run(ids, client) {
    const report = await editPhotos(ids, [{ do: 'trash' }], client)
    const { id } = report
    return { message: tellEdit(report), ...(id === null || report.changed === 0 ? {} : { undo: () => undoEdit(id, client) }) }
  },
}
