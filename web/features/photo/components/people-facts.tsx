/** @file Who is in the picture: each face with its name and the way to the person; any of them is named or moved here. */
import { Link } from '@tanstack/react-router'
import { Pencil } from 'lucide-react'
import { useState } from 'react'
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import { IconButton } from '../../../ui/button.tsx'
import { FacePicture } from '../../../ui/face-picture.tsx'
import { askWhose, type Face, FaceDialog } from './face-dialog.tsx'
import { FactSection } from './fact-section.tsx'

/** Who said whose face it is. */
const NAMERS = { person: 'by you', file: 'by the file', cluster: 'by likeness' } as const satisfies Record<
  NonNullable<Face['named_by']>,
  string
>

export function PeopleFacts({ photo }: { readonly photo: PhotoDetail }) {
  const [asked, setAsked] = useState<Face | null>(null)
  if (photo.faces.length === 0) return null
  return (
    <FactSection title="People">
      <ul className="flex flex-col gap-2">
        {photo.faces.map((face) => (
          <li key={face.id} className="flex items-center gap-3">
            <FacePicture face={face.id} className="size-10 shrink-0 rounded-full" />
            {face.person?.name ? (
              <>
                <div className="min-w-0 flex-1">
                  <Link
                    to="/explore/people/$id"
                    params={{ id: String(face.person.id) }}
                    className="text-sm font-medium wrap-anywhere hover:underline"
                  >
                    {face.person.name}
                  </Link>
                  {face.named_by && <p className="text-xs text-muted">{NAMERS[face.named_by]}</p>}
                </div>
                <IconButton label={`Not ${face.person.name}?`} onClick={() => setAsked(face)}>
                  <Pencil className="size-4" aria-hidden />
                </IconButton>
              </>
            ) : (
              <button
                type="button"
                onClick={() => setAsked(face)}
                className="min-w-0 flex-1 rounded-lg border border-line px-3 py-1.5 text-left text-sm text-muted hover:bg-raised"
              >
                {askWhose(face)}
              </button>
            )}
          </li>
        ))}
      </ul>
      {asked && <FaceDialog face={asked} onClose={() => setAsked(null)} />}
    </FactSection>
  )
}
