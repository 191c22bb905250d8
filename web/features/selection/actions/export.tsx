/** @file Exports the chosen photos. */
import { FileDown } from 'lucide-react'
import type { ActionDialogProps, PhotoAction } from '../../../lib/photo-action.ts'
import { ExportDialog } from '../../../ui/export-dialog.tsx'

export const exportAction: PhotoAction = {
  name: 'export',
  label: 'Export',
  Icon: FileDown,
  hotkey: 'Shift+e',
  Dialog: ({ ids, onClose }: ActionDialogProps) => <ExportDialog what={{ ids: [...ids] }} count={ids.length} onClose={onClose} />,
}
