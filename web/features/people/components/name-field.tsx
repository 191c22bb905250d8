/** @file Names a person where they stand: suggestions of who there is; a name that is taken offers to merge. */
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import type { PersonReport } from '../../../../src/contract/people.ts'
import { goToNextField } from '../../../lib/use-card-keys.ts'
import { Button } from '../../../ui/button.tsx'
import { FacePicture } from '../../../ui/face-picture.tsx'
import { FIELD } from '../../../ui/labelled.tsx'
import { peopleListQuery, usePeopleAction } from '../api/people-queries.ts'

interface NameFieldProps {
  readonly person: PersonReport
  readonly autoFocus?: boolean
  /** @param id whom it is about now: another one after a merge */
  readonly onDone?: (id: number) => void
  readonly onCancel?: () => void
}

export function NameField({ person, autoFocus = false, onDone, onCancel }: NameFieldProps) {
  const list = useId()
  const { data } = useQuery(peopleListQuery('named'))
  const [name, setName] = useState(person.name ?? '')
  const [namesake, setNamesake] = useState<PersonReport | null>(null)
  const action = usePeopleAction()
  const finish = { onSuccess: (report: { person: number | null }) => onDone?.(report.person ?? person.id) }
  const save = (event: FormEvent) => {
    event.preventDefault()
    const wanted = name.trim()
    if (wanted === '' || wanted === person.name) return onCancel?.()
    const taken = data?.people.find((one) => one.id !== person.id && one.name?.toLowerCase() === wanted.toLowerCase())
    if (taken) setNamesake(taken)
    else {
      action.mutate({ do: 'name', person: person.id, name: wanted, was: person.name }, finish)
      goToNextField(event.currentTarget as HTMLElement)
    }
  }
  if (namesake)
    return (
      <div role="alertdialog" aria-label="Same person?" className="flex flex-col items-center gap-2 text-sm">
        <FacePicture face={namesake.cover_face_id} className="size-12 rounded-full" />
        <p className="text-center text-balance">There is a {namesake.name} already. The same person?</p>
        <div className="flex gap-2">
          <Button
            look="solid"
            autoFocus
            disabled={action.isPending}
            onClick={(event) => {
              action.mutate({ do: 'merge', person: person.id, into: namesake.id }, finish)
              goToNextField(event.currentTarget)
            }}
          >
            Merge
          </Button>
          <Button onClick={() => setNamesake(null)}>No</Button>
        </div>
      </div>
    )
  return (
    <form onSubmit={save} className="w-full">
      <input
        aria-label={person.name === null ? 'Who is this?' : `Name of ${person.name}`}
        placeholder="Who is this?"
        list={list}
        data-key="n"
        maxLength={100}
        // biome-ignore lint/a11y/noAutofocus: the person asked for this field just now
        autoFocus={autoFocus}
        value={name}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && onCancel?.()}
        className={`${FIELD} text-center`}
      />
      <datalist id={list}>
        {data?.people.map(({ id, name: known }) => (
          <option key={id} value={known ?? ''} />
        ))}
      </datalist>
    </form>
  )
}
