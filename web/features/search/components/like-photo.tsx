/** @file The photo a search goes by, or the part of it. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import { pictureUrl } from '../../../lib/api-client.ts'
import { photoQuery } from '../../../lib/library-queries.ts'
import { Button } from '../../../ui/button.tsx'

interface LikePhotoProps {
  readonly id: number
  readonly crop: string | undefined
  readonly onRemove: () => void
}

/** px; a very wide part is shown so wide at most */
const HEIGHT = 56
const WIDEST = 120

export function LikePhoto({ id, crop, onRemove }: LikePhotoProps) {
  const { data } = useQuery(photoQuery(id))
  return (
    <div className="flex items-center gap-3 rounded-2xl bg-raised p-2 pr-4">
      {data && (
        <Link to="/photo/$id" params={{ id: String(id) }} aria-label={`Open ${data.filename}`} className="shrink-0">
          {crop ? (
            <PartPicture photo={data} crop={crop} />
          ) : (
            <img src={pictureUrl('getThumbnail', data)} alt="" className="size-14 rounded-xl object-cover" />
          )}
        </Link>
      )}
      <p className="min-w-0 flex-1">
        <span className="block text-sm font-medium">{crop ? 'Like this part' : 'More like this'}</span>
        <span className="block truncate text-sm text-muted">{data?.filename}</span>
      </p>
      <Button look="plain" onClick={onRemove}>
        Clear
      </Button>
    </div>
  )
}

function PartPicture({ photo, crop }: { readonly photo: PhotoDetail; readonly crop: string }) {
  const [x = 0, y = 0, width = 1, height = 1] = crop.split(',').map(Number)
  const aspect = (width * (photo.width ?? 1)) / (height * (photo.height ?? 1))
  return (
    <span
      className="relative block overflow-hidden rounded-xl"
      style={{ height: HEIGHT, width: Math.min(WIDEST, Math.max(24, HEIGHT * aspect)) }}
    >
      <img
        src={pictureUrl('getPreview', photo)}
        alt=""
        className="absolute max-w-none"
        style={{ left: `${(-x / width) * 100}%`, top: `${(-y / height) * 100}%`, width: `${100 / width}%`, height: `${100 / height}%` }}
      />
    </span>
  )
}
