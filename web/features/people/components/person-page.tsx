/** @file The page `/explore/people/:id`: a person’s faces with the way to each photo; chosen ones are moved, split off, refused or made the cover. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Check, EyeOff, Images, Pencil, UserMinus, UserPlus, UserRoundPen, UserRoundX } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { PersonFace, PersonReport } from '../../../../src/contract/people.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { formatDayLong } from '../../../lib/format.ts'
import { useHotkeys } from '../../../lib/use-hotkeys.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { FacePicture } from '../../../ui/face-picture.tsx'
import { FIELD, Labelled } from '../../../ui/labelled.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'
import { PersonChoice } from '../../../ui/person-choice.tsx'
import { peopleListQuery, personFacesQuery, personQuery, usePeopleAction } from '../api/people-queries.ts'
import { NameField } from './name-field.tsx'

export function PersonPage({ id }: { readonly id: number }) {
  const { data: person, error } = useQuery(personQuery(id))
  return (
    <Page
      title={person?.name ?? 'Person'}
      isDetail
      path={
        <Link to="/explore/people" className="hover:underline">
          People
        </Link>
      }
    >
      {error && <Notice tone="danger">{error.message}</Notice>}
      {person && <Person key={person.id} person={person} />}
    </Page>
  )
}

function Person({ person }: { readonly person: PersonReport }) {
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(personFacesQuery(person.id))
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  const faces = data?.pages.flatMap((page) => page.faces) ?? []
  const toggle = (face: number) => {
    const next = new Set(chosen)
    if (!next.delete(face)) next.add(face)
    setChosen(next)
  }
  return (
    <>
      <PersonHead person={person} />
      {faces.length === 0 && data && <p className="text-muted">No face is left here.</p>}
      <ul
        aria-label="Faces"
        className="grid grid-cols-[repeat(auto-fill,minmax(6.5rem,1fr))] gap-2 sm:grid-cols-[repeat(auto-fill,minmax(8.5rem,1fr))]"
      >
        {faces.map((face) => (
          <FaceTile key={face.id} face={face} isChosen={chosen.has(face.id)} onToggle={() => toggle(face.id)} />
        ))}
      </ul>
      {hasNextPage && (
        <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()} className="self-center">
          More faces
        </Button>
      )}
      {chosen.size > 0 && (
        <ChosenBar
          person={person}
          faces={[...chosen]}
          onDone={() => setChosen(new Set())}
          onAll={() => setChosen(new Set(faces.map(({ id }) => id)))}
        />
      )}
    </>
  )
}

function PersonHead({ person }: { readonly person: PersonReport }) {
  const navigate = useNavigate()
  const action = usePeopleAction()
  const [isNaming, setNaming] = useState(false)
  return (
    <header className="flex flex-wrap items-center gap-4">
      <FacePicture face={person.cover_face_id} className="size-20 rounded-full sm:size-24" />
      <div className="min-w-0 flex-1 basis-52">
        {isNaming || person.name === null ? (
          <div className="max-w-72">
            <NameField
              person={person}
              autoFocus={isNaming}
              onCancel={() => setNaming(false)}
              onDone={(id) => {
                setNaming(false)
                if (id !== person.id) void navigate({ to: '/explore/people/$id', params: { id: String(id) }, replace: true })
              }}
            />
          </div>
        ) : (
          <h1 className="flex items-center gap-1 text-2xl font-semibold tracking-tight">
            <span className="min-w-0 wrap-anywhere">{person.name}</span>
            <IconButton label="Rename" onClick={() => setNaming(true)}>
              <Pencil className="size-4" aria-hidden />
            </IconButton>
          </h1>
        )}
        <p className="mt-1 text-sm text-muted tabular-nums">
          {countOf(person.count, 'photo')}, {countOf(person.faces, 'face')}
          {person.is_hidden && ' · hidden'}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <Link
          to="/search"
          search={{ people: [person.id] }}
          className="inline-flex h-9 items-center gap-2 rounded-full bg-raised px-4 text-sm font-medium hover:bg-line"
        >
          <Images className="size-4" aria-hidden />
          All photos
        </Link>
        <Button disabled={action.isPending} onClick={() => action.mutate({ do: 'hide', person: person.id, hidden: !person.is_hidden })}>
          <EyeOff className="size-4" aria-hidden />
          {person.is_hidden ? 'Show again' : 'Hide'}
        </Button>
      </div>
    </header>
  )
}

interface FaceTileProps {
  readonly face: PersonFace
  readonly isChosen: boolean
  readonly onToggle: () => void
}

function FaceTile({ face, isChosen, onToggle }: FaceTileProps) {
  const label = `${face.photo.filename}, ${formatDayLong(face.photo.day)}`
  return (
    <li className="flex flex-col gap-1">
      <button
        type="button"
        aria-pressed={isChosen}
        aria-label={`Choose the face in ${label}`}
        onClick={onToggle}
        className={`relative block overflow-hidden rounded-xl outline-offset-2 ${isChosen ? 'ring-3 ring-accent' : ''}`}
      >
        <FacePicture face={face.id} className="aspect-square w-full" />
        {isChosen && (
          <span className="absolute top-1.5 left-1.5 grid size-6 place-items-center rounded-full bg-accent text-on-accent">
            <Check className="size-4" aria-hidden />
          </span>
        )}
      </button>
      <Link to="/photo/$id" params={{ id: String(face.photo.id) }} title={label} className="truncate text-xs text-muted hover:text-ink">
        {face.photo.filename}
      </Link>
    </li>
  )
}

interface ChosenBarProps {
  readonly person: PersonReport
  readonly faces: readonly number[]
  readonly onDone: () => void
  readonly onAll: () => void
}

/** Keys: `m` moves, `n` says “not this person”, `Esc` chooses none. */
function ChosenBar({ person, faces, onDone, onAll }: ChosenBarProps) {
  const action = usePeopleAction()
  const [isMoving, setMoving] = useState(false)
  const ids = [...faces]
  const done = { onSuccess: onDone }
  const refuse = () => action.mutate({ do: 'reject', faces: ids, person: person.id }, done)
  useHotkeys([
    ['m', () => setMoving(true)],
    ['n', refuse],
    [
      'Mod+a',
      (event) => {
        event.preventDefault()
        onAll()
      },
    ],
    ['Escape', onDone],
  ])
  const [only] = ids
  return (
    <div
      role="toolbar"
      aria-label="Chosen faces"
      className="fixed inset-x-0 bottom-4 z-20 mx-auto flex w-fit max-w-[calc(100vw-1.5rem)] flex-wrap items-center justify-center gap-1.5 rounded-3xl border border-line bg-surface p-2 shadow-2xl"
    >
      <span className="px-3 text-sm font-medium tabular-nums">{countOf(ids.length, 'face')}</span>
      <Button look="solid" disabled={action.isPending} onClick={() => setMoving(true)}>
        <UserPlus className="size-4" aria-hidden />
        Somebody else…
      </Button>
      <Button disabled={action.isPending} onClick={refuse}>
        <UserRoundX className="size-4" aria-hidden />
        Not {person.name ?? 'this person'}
      </Button>
      <Button
        disabled={action.isPending}
        onClick={() => action.mutate({ do: 'move', faces: ids, to: { new: true }, from: person.id }, done)}
      >
        <UserMinus className="size-4" aria-hidden />
        Split off
      </Button>
      {ids.length === 1 && only !== undefined && (
        <Button disabled={action.isPending} onClick={() => action.mutate({ do: 'cover', person: person.id, face: only }, done)}>
          <UserRoundPen className="size-4" aria-hidden />
          Cover
        </Button>
      )}
      <Button look="plain" onClick={onDone}>
        None
      </Button>
      {isMoving && (
        <MoveDialog
          count={ids.length}
          onClose={() => setMoving(false)}
          onName={(name) => {
            setMoving(false)
            action.mutate({ do: 'move', faces: ids, to: { name }, from: person.id }, done)
          }}
        />
      )}
    </div>
  )
}

interface MoveDialogProps {
  readonly count: number
  readonly onClose: () => void
  readonly onName: (name: string) => void
}

function MoveDialog({ count, onClose, onName }: MoveDialogProps) {
  const { data } = useQuery(peopleListQuery('named'))
  const [name, setName] = useState('')
  const send = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() !== '') onName(name.trim())
  }
  return (
    <Dialog title={count === 1 ? 'Who is it?' : `Who are these ${count}?`} onClose={onClose}>
      <form onSubmit={send} className="flex flex-col gap-4">
        <Labelled label="Name, of somebody here or new">
          <input autoFocus maxLength={100} value={name} onChange={(event) => setName(event.target.value)} className={FIELD} />
        </Labelled>
        <PersonChoice people={data?.people ?? []} typed={name} onChoose={onName} />
        <Button look="solid" type="submit" disabled={name.trim() === ''} className="self-start">
          Move
        </Button>
      </form>
    </Dialog>
  )
}
