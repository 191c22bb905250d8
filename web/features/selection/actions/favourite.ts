/** @file Marks the chosen photos as favourites. */
import { Heart } from 'lucide-react'
import { editPhotos, tellEdit, undoEdit } from '../../../lib/make-edit.ts'
import type { PhotoAction } from '../../../lib/photo-action.ts'

export const favouriteAction: PhotoAction = {
  name: 'favourite',
  label: 'Favourite',
  Icon: Heart,
  isCommon: true,
  hotkey: 'f',
  async run(ids, client) {
    const report = await editPhotos(ids, [{ do: 'set_favourite', favourite: true }], client)
    const { id } = report
    return { message: tellEdit(report), ...(id === null || report.changed === 0 ? {} : { undo: () => undoEdit(id, client) }) }
  },
}
