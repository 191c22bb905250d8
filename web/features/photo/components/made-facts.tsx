/** @file A generated picture and the photo it was made from, or that inspired it: each leads to the other. */
import { Link } from '@tanstack/react-router'
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import { pictureUrl } from '../../../lib/api-client.ts'
import { FactSection } from './fact-section.tsx'

type Card = PhotoDetail['made_of_it'][number]['photo']
const INSPIRED = 'Inspired'

export function MadeFacts({ photo: { made_from: from, made_of_it: made } }: { readonly photo: PhotoDetail }) {
  return (
    <>
      {from && (
        <FactSection title={from.how === INSPIRED ? 'Inspired by' : 'Made from'}>
          <div className="flex gap-3 text-sm">
            {from.photo ? (
              <div className="w-24 shrink-0">
                <Made photo={from.photo} />
              </div>
            ) : null}
            <div className="flex min-w-0 flex-col gap-1">
              {!from.photo && <p className="text-muted">A photo that is not here any more.</p>}
              {from.how !== INSPIRED && <p>{from.how}</p>}
              <p className="text-muted wrap-anywhere">
                {from.model === null ? 'All pixels are the photo’s own.' : `Pixels made by ${from.model}.`}
              </p>
              {from.prompt && <p className="line-clamp-6 text-[13px] text-muted wrap-anywhere">“{from.prompt}”</p>}
            </div>
          </div>
        </FactSection>
      )}
      {made.length > 0 && (
        <FactSection title="Made of this photo">
          <ul className="grid grid-cols-3 gap-2">
            {made.map(({ photo, how }) => (
              <li key={photo.id} className="min-w-0">
                <Made photo={photo} />
                <span className="mt-1 block truncate text-xs">{how}</span>
              </li>
            ))}
          </ul>
        </FactSection>
      )}
    </>
  )
}

function Made({ photo }: { readonly photo: Card }) {
  return (
    <Link to="/photo/$id" params={{ id: String(photo.id) }} className="block" title={photo.filename}>
      <img
        src={pictureUrl('getThumbnail', photo)}
        alt={photo.filename}
        loading="lazy"
        className="aspect-square w-full rounded-lg bg-tile object-cover"
      />
    </Link>
  )
}
