/** @file One product picture as a square tile: whole, on white as a shop shows it, with its slot and grade. */
import type { ProductPicture } from '../../../../src/contract/products.ts'
import { pictureUrl } from '../../../lib/api-client.ts'
import { GradeMark } from './status-mark.tsx'

interface PictureTileProps {
  readonly picture: ProductPicture
  readonly label?: string
  readonly onOpen: (id: number) => void
}

export function PictureTile({ picture, label, onOpen }: PictureTileProps) {
  const isReady = picture.photo.thumbhash !== null
  return (
    <button
      type="button"
      onClick={() => onOpen(picture.id)}
      aria-label={`${picture.display_name}${label ? `, ${label}` : ''}`}
      className="group flex w-full min-w-0 flex-col gap-1.5 text-left"
    >
      <span className="block aspect-square w-full overflow-hidden rounded-xl border border-line bg-white">
        {isReady ? (
          <img
            src={pictureUrl('getThumbnail', picture.photo)}
            alt=""
            loading="lazy"
            className="size-full object-contain transition-transform group-hover:scale-[1.03]"
          />
        ) : (
          <span className="grid size-full animate-pulse place-items-center bg-raised text-xs text-muted">being read</span>
        )}
      </span>
      <span className="flex items-center justify-between gap-2 text-xs text-muted">
        <span title={label ? undefined : picture.display_name} className="min-w-0 truncate">
          {label ?? picture.display_name}
        </span>
        <GradeMark grade={picture.grade} />
      </span>
    </button>
  )
}
