/** @file Shows terms that must be accepted before a model is fetched. */
import type { CatalogueModel } from '../../../../src/contract/library.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'

interface LicenceDialogProps {
  readonly model: CatalogueModel
  readonly onClose: () => void
  readonly onAccept: () => void
}

export function LicenceDialog({ model, onClose, onAccept }: LicenceDialogProps) {
  return (
    <Dialog title={`Terms of ${model.name}`} onClose={onClose}>
      <div className="flex flex-col gap-4 text-sm">
        <p>{model.terms}</p>
        <p className="text-muted">Licence: {model.licence}. That you accepted it is kept with the model.</p>
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button look="solid" onClick={onAccept}>
            Accept and download
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
