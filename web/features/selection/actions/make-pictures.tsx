/** @file Takes the chosen photos to the page where product pictures are made of them. */
import { useNavigate } from '@tanstack/react-router'
import { Sparkles } from 'lucide-react'
import { countOf } from '../../../../src/domain/count-of.ts'
import type { ActionDialogProps, PhotoAction } from '../../../lib/photo-action.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Notice } from '../../../ui/notice.tsx'

/** of one run */
const MOST = 200

export const makePicturesAction: PhotoAction = {
  name: 'make-pictures',
  label: 'Product pictures',
  Icon: Sparkles,
  Dialog: MakePicturesDialog,
}

function MakePicturesDialog({ ids, onClose, onDone }: ActionDialogProps) {
  const navigate = useNavigate()
  const go = () => {
    onDone({ message: `${countOf(ids.length, 'photo is', 'photos are')} chosen: say which pictures to make.` })
    void navigate({ to: '/products/create', search: { photos: ids.join(',') } })
  }
  return (
    <Dialog title={`Product pictures of ${countOf(ids.length, 'photo')}`} onClose={onClose}>
      <div className="flex flex-col gap-4">
        {ids.length > MOST ? (
          <Notice tone="warn">At most {MOST} photos fit into one run: choose fewer.</Notice>
        ) : (
          <p className="text-sm text-muted">
            White backgrounds and dimensions are made of the photos’ own pixels. What to make is said on the next page; nothing is made yet.
          </p>
        )}
        <div>
          <Button look="solid" disabled={ids.length > MOST} onClick={go}>
            <Sparkles className="size-4" aria-hidden /> Choose pictures
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
