/** @file Photos that are the same picture, or nearly. */
import { Link } from '@tanstack/react-router'
import { KIND_FACTS } from '../../../../src/contract/duplicate-kinds.ts'
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import { pictureUrl } from '../../../lib/api-client.ts'
import { FactSection } from './fact-section.tsx'

export function DuplicateFacts({ duplicates }: { readonly duplicates: PhotoDetail['duplicates'] }) {
  if (duplicates.length === 0) return null
  return (
    <FactSection title="Duplicates">
      <ul className="grid grid-cols-3 gap-2">
        {duplicates.map(({ photo, kind, hamming_distance, cosine_distance, transform }) => (
          <li key={photo.id} className="min-w-0">
            <Link to="/photo/$id" params={{ id: String(photo.id) }} className="block" title={`${photo.filename}, ${transform}`}>
              <img
                src={pictureUrl('getThumbnail', photo)}
                alt={photo.filename}
                loading="lazy"
                className="aspect-square w-full rounded-lg bg-tile object-cover"
              />
              <span className="mt-1 block truncate text-xs">{KIND_FACTS[kind].label.toLowerCase()}</span>
              <span className="block text-xs text-muted tabular-nums">distance {hamming_distance ?? cosine_distance?.toFixed(2)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </FactSection>
  )
}
