/** @file Photos that are the same picture, or nearly. */
import { Link } from '@tanstack/react-router'
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import type { DuplicateKind } from '../../../../src/contract/words.ts'
import { pictureUrl } from '../../../lib/api-client.ts'
import { FactSection } from './fact-section.tsx'

const KINDS: Record<DuplicateKind, string> = { 'same-picture': 'same picture', edited: 'edited', mirrored: 'turned or mirrored' }

export function DuplicateFacts({ duplicates }: { readonly duplicates: PhotoDetail['duplicates'] }) {
  if (duplicates.length === 0) return null
  return (
    <FactSection title="Duplicates">
      <ul className="grid grid-cols-3 gap-2">
        {duplicates.map(({ photo, kind, hamming_distance, transform }) => (
          <li key={photo.id} className="min-w-0">
            <Link to="/photo/$id" params={{ id: String(photo.id) }} className="block" title={`${photo.filename}, ${transform}`}>
              <img
                src={pictureUrl('getThumbnail', photo)}
                alt={photo.filename}
                loading="lazy"
                className="aspect-square w-full rounded-lg bg-tile object-cover"
              />
              <span className="mt-1 block truncate text-xs">{KINDS[kind]}</span>
              <span className="block text-xs text-muted tabular-nums">distance {hamming_distance}</span>
            </Link>
          </li>
        ))}
      </ul>
    </FactSection>
  )
}
