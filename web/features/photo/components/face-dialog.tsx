/** @file Whose face it is: names it (with all others thought to be the same person), or puts this one to somebody else; each with undo. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { PeopleAction } from '../../../../src/contract/people.ts'
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import { callApi } from '../../../lib/api-client.ts'
import { sayEdit, undoEdit } from '../../../lib/make-edit.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { FacePicture } from '../../../ui/face-picture.tsx'
import { FIELD, Labelled } from '../../../ui/labelled.tsx'
import { PersonChoice } from '../../../ui/person-choice.tsx'

export type Face = PhotoDetail['faces'][number]

/** What is asked of a face that has no name. */
export const askWhose = ({ animal }: Face): string => (animal === null ? 'Who is this?' : `The face of a ${animal}. Name it?`)

export function FaceDialog({ face, onClose }: { readonly face: Face; readonly onClose: () => void }) {
  const [name, setName] = useState('')
  const [isOnlyThis, setOnlyThis] = useState(false)
  const { data } = useQuery({ queryKey: ['people'], queryFn: ({ signal }) => callApi('listPeople', { signal }), staleTime: 60_000 })
  const known = data?.people ?? []
  const work = useFaceAction(onClose)
  const send = (wanted: string) => {
    const namesake = known.find((person) => person.name?.toLowerCase() === wanted.toLowerCase())
    const { person } = face
    // a face of somebody with a name goes alone: the others were named by the same word
    if (person === null || person.name !== null || isOnlyThis)
      return work.mutate({ do: 'move', faces: [face.id], to: { name: wanted }, ...(person === null ? {} : { from: person.id }) })
    if (namesake) return work.mutate({ do: 'merge', person: person.id, into: namesake.id })
    return work.mutate({ do: 'name', person: person.id, name: wanted, was: null })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() !== '') send(name.trim())
  }
  const others = known.filter(({ id }) => id !== face.person?.id)
  const current = face.person?.name ?? null
  const { person } = face
  return (
    <Dialog title={current === null ? 'Who is this?' : `Is this not ${current}?`} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <div className="flex items-end gap-4">
          <FacePicture face={face.id} className="size-20 shrink-0 rounded-2xl" />
          <div className="min-w-0 flex-1">
            <Labelled label={current === null ? 'Name' : 'Who is it?'}>
              <input autoFocus maxLength={100} value={name} onChange={(event) => setName(event.target.value)} className={FIELD} />
            </Labelled>
          </div>
        </div>
        <PersonChoice people={others} typed={name} disabled={work.isPending} onChoose={send} />
        {person !== null && person.name === null && (
          <label className="flex items-center gap-2 text-sm">
            <input
              type="checkbox"
              checked={isOnlyThis}
              onChange={(event) => setOnlyThis(event.target.checked)}
              className="size-4 accent-(--accent)"
            />
            Only this face, not the others that look like it
          </label>
        )}
        <div className="flex flex-wrap items-center gap-2">
          <Button look="solid" type="submit" disabled={work.isPending || name.trim() === ''}>
            {current === null ? 'Save' : 'Move'}
          </Button>
          {person !== null && current !== null && (
            <>
              <Button disabled={work.isPending} onClick={() => work.mutate({ do: 'reject', faces: [face.id], person: person.id })}>
                Not {current}
              </Button>
              <Link to="/explore/people/$id" params={{ id: String(person.id) }} className="ml-auto text-sm text-accent hover:underline">
                All of {current}
              </Link>
            </>
          )}
        </div>
      </form>
    </Dialog>
  )
}

function useFaceAction(onDone: () => void) {
  const client = useQueryClient()
  const refresh = () => Promise.all([['photo'], ['people']].map((queryKey) => client.invalidateQueries({ queryKey })))
  return useMutation({
    mutationFn: (action: PeopleAction) => callApi('actOnPeople', { body: action }),
    onSuccess: async ({ edit }) => {
      onDone()
      const id = edit?.id ?? null
      const undo = id === null ? undefined : () => undoEdit(id, client).finally(refresh)
      showToast(edit ? { text: `${sayEdit(edit.message)}.`, undo } : { text: 'Nothing to change: it is so already.' })
      await refresh()
    },
    onError: (error) => showToast({ text: error.message, tone: 'danger' }),
  })
}
