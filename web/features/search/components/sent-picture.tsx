/** @file The picture a search goes by, as long as this tab knows it. */
import { ScanSearch } from 'lucide-react'
import { Button } from '../../../ui/button.tsx'
import { shownPicture } from '../use-send-picture.ts'

export function SentPicture({ picture, onRemove }: { readonly picture: string; readonly onRemove: () => void }) {
  const url = shownPicture(picture)
  return (
    <div className="flex items-center gap-3 rounded-2xl bg-raised p-2 pr-4">
      {url ? (
        <img src={url} alt="" className="size-14 rounded-xl object-cover" />
      ) : (
        <span className="grid size-14 place-items-center rounded-xl bg-tile">
          <ScanSearch className="size-6 text-muted" aria-hidden />
        </span>
      )}
      <p className="min-w-0 flex-1">
        <span className="block text-sm font-medium">Like your picture</span>
        <span className="block text-sm text-muted">It was looked at and is kept nowhere.</span>
      </p>
      <Button look="plain" onClick={onRemove}>
        Clear
      </Button>
    </div>
  )
}
