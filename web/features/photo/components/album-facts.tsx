/** @file The albums and saved searches a photo is in. */
import { Link } from '@tanstack/react-router'
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import { FactSection } from './fact-section.tsx'

export function AlbumFacts({ albums }: { readonly albums: PhotoDetail['albums'] }) {
  if (albums.length === 0) return null
  return (
    <FactSection title="In albums">
      <ul className="flex flex-wrap gap-1.5 text-sm">
        {albums.map(({ id, name }) => (
          <li key={id} className="max-w-full">
            <Link to="/albums/$id" params={{ id: String(id) }} className="block truncate rounded-full bg-raised px-3 py-1 hover:bg-line">
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </FactSection>
  )
}
