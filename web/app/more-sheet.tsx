/** @file The places that the bar of a phone has no room for. */
import { Dialog } from '../ui/dialog.tsx'
import { PlaceLink } from './place-link.tsx'
import { usePlaces } from './use-places.ts'

interface MoreSheetProps {
  readonly waiting: number
  readonly onClose: () => void
}

export function MoreSheet({ waiting, onClose }: MoreSheetProps) {
  const places = usePlaces()
  return (
    <Dialog title="More" look="sheet" onClose={onClose}>
      <ul className="flex flex-col gap-1">
        {places
          .filter((place) => !('onPhone' in place))
          .map((place) => (
            <li key={place.name}>
              <PlaceLink place={place} waiting={waiting} hasWords onLeave={onClose} />
            </li>
          ))}
      </ul>
    </Dialog>
  )
}
