/** @file Who is in the picture: each face with its name and the way to the person; one without a name is named here. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useId, useState } from 'react'
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import { callApi } from '../../../lib/api-client.ts'
import { undoEdit } from '../../../lib/make-edit.ts'
import { showToast } from '../../../lib/toasts.ts'
import { FacePicture } from '../../../ui/face-picture.tsx'
import { FIELD } from '../../../ui/labelled.tsx'
import { FactSection } from './fact-section.tsx'

type Face = PhotoDetail['faces'][number]

export function PeopleFacts({ photo }: { readonly photo: PhotoDetail }) {
  if (photo.faces.length === 0) return null
  return (
    <FactSection title="People">
      <ul className="flex flex-col gap-2">
        {photo.faces.map((face) => (
          <li key={face.id} className="flex items-center gap-3">
            <FacePicture face={face.id} className="size-10 shrink-0 rounded-full" />
            {face.person?.name ? (
              <Link
                to="/people/$id"
                params={{ id: String(face.person.id) }}
                className="min-w-0 text-sm font-medium wrap-anywhere hover:underline"
              >
                {face.person.name}
              </Link>
            ) : (
              <NameFace face={face} />
            )}
          </li>
        ))}
      </ul>
    </FactSection>
  )
}

/** A name for the face, and for all others that are thought to be the same person. */
function NameFace({ face }: { readonly face: Face }) {
  const client = useQueryClient()
  const list = useId()
  const [name, setName] = useState('')
  const { data } = useQuery({ queryKey: ['people'], queryFn: ({ signal }) => callApi('listPeople', { signal }), staleTime: 60_000 })
  const work = useMutation({
    mutationFn: async (wanted: string) => {
      const known = data?.people.find((person) => person.name?.toLowerCase() === wanted.toLowerCase())
      if (face.person === null) return callApi('actOnPeople', { body: { do: 'move', faces: [face.id], to: { name: wanted } } })
      if (known) return callApi('actOnPeople', { body: { do: 'merge', person: face.person.id, into: known.id } })
      return callApi('actOnPeople', { body: { do: 'name', person: face.person.id, name: wanted, was: null } })
    },
    onSuccess: async ({ edit }) => {
      const id = edit?.id
      if (edit)
        showToast({
          text: `${edit.summary.charAt(0).toUpperCase()}${edit.summary.slice(1)}.`,
          undo: id ? () => undoEdit(id, client) : undefined,
        })
      await Promise.all([['photo'], ['people']].map((queryKey) => client.invalidateQueries({ queryKey })))
    },
    onError: (error) => showToast({ text: error.message, tone: 'danger' }),
  })
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() !== '') work.mutate(name.trim())
  }
  return (
    <form onSubmit={save} className="min-w-0 flex-1">
      <input
        aria-label="Who is this?"
        placeholder="Who is this?"
        list={list}
        maxLength={100}
        disabled={work.isPending}
        value={name}
        onChange={(event) => setName(event.target.value)}
        className={FIELD}
      />
      <datalist id={list}>
        {data?.people.map((person) => (
          <option key={person.id} value={person.name ?? ''} />
        ))}
      </datalist>
    </form>
  )
}
