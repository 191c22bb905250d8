/** @file Title, caption, alternative text, rating: what the photo is called and described as, editable, with sources. */
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import { useEditPhoto } from '../../../lib/make-edit.ts'
import { FactSection } from './fact-section.tsx'
import { RatingRow } from './rating-row.tsx'
import { TextField } from './text-field.tsx'

export function SaidFacts({ photo }: { readonly photo: PhotoDetail }) {
  const editing = useEditPhoto(photo)
  return (
    <FactSection title="Description">
      <RatingRow photo={photo} editing={editing} />
      <TextField field="title" label="Title" said={photo.title} sayers={photo.sayers} editing={editing} />
      <TextField field="caption" label="Caption" said={photo.caption} sayers={photo.sayers} editing={editing} />
      <TextField
        field="alt_text"
        label="Alternative text"
        said={photo.alt_text}
        sayers={photo.sayers}
        editing={editing}
        hint="What somebody who cannot see the picture should know"
      />
    </FactSection>
  )
}
