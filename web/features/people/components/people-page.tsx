/** @file The page `/explore/people`: who is in the pictures; those without a name are named where they stand. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleHelp, EyeOff, UsersRound } from 'lucide-react'
import { useState } from 'react'
import type { PeopleQuery, PersonReport } from '../../../../src/contract/people.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { takeLastBack } from '../../../lib/toasts.ts'
import { useCardKeys } from '../../../lib/use-card-keys.ts'
import { useHotkeys } from '../../../lib/use-hotkeys.ts'
import { Button, LINK_BUTTON } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { FacePicture } from '../../../ui/face-picture.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'
import { peopleListQuery, questionsQuery, usePeopleAction } from '../api/people-queries.ts'
import { NameField } from './name-field.tsx'

export function PeoplePage() {
  const [showsHidden, setShowsHidden] = useState(false)
  const named = useQuery(peopleListQuery('named'))
  const unnamed = useQuery(peopleListQuery('unnamed'))
  const hidden = useQuery(peopleListQuery('hidden'))
  const { data: questions } = useQuery(questionsQuery)
  const cards = useCardKeys()
  useHotkeys([['u', takeLastBack]])
  const error = named.error ?? unnamed.error ?? hidden.error
  const isEmpty = named.data?.total === 0 && unnamed.data?.total === 0 && hidden.data?.total === 0
  return (
    <Page
      title="People"
      content={cards}
      actions={
        questions &&
        questions.total > 0 && (
          <Link to="/clean-up/faces" className={LINK_BUTTON}>
            <CircleHelp className="size-4" aria-hidden />
            Review {countOf(questions.total, 'face')}
          </Link>
        )
      }
    >
      {error && <Notice tone="danger">{error.message}</Notice>}
      {isEmpty && (
        <EmptyState icon={<UsersRound className="size-7" aria-hidden />} title="Nobody here yet">
          <p className="text-muted">People appear when faces were found in your photos and some of them look alike.</p>
        </EmptyState>
      )}
      <PeopleGrid title="Named" people={named.data?.people} total={named.data?.total} />
      <PeopleGrid title="Who is this?" people={unnamed.data?.people} total={unnamed.data?.total} />
      {hidden.data && hidden.data.total > 0 && (
        <Button look="plain" aria-expanded={showsHidden} onClick={() => setShowsHidden(!showsHidden)} className="self-start">
          <EyeOff className="size-4" aria-hidden />
          Hidden ({hidden.data.total})
        </Button>
      )}
      {showsHidden && <PeopleGrid title="Hidden" people={hidden.data?.people} total={hidden.data?.total} show="hidden" />}
    </Page>
  )
}

interface PeopleGridProps {
  readonly title: string
  readonly people: readonly PersonReport[] | undefined
  readonly total: number | undefined
  readonly show?: PeopleQuery['show']
}

function PeopleGrid({ title, people, total = 0 }: PeopleGridProps) {
  if (!people || people.length === 0) return null
  return (
    <section aria-label={title} className="flex flex-col gap-3">
      <h2 className="text-sm font-medium text-muted">
        {title} <span className="tabular-nums">· {total}</span>
      </h2>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(7.5rem,1fr))] gap-x-3 gap-y-5 sm:grid-cols-[repeat(auto-fill,minmax(9rem,1fr))]">
        {people.map((person) => (
          <PersonCard key={person.id} person={person} />
        ))}
      </ul>
    </section>
  )
}

function PersonCard({ person }: { readonly person: PersonReport }) {
  const action = usePeopleAction()
  const label = person.name ?? 'Somebody without a name'
  return (
    <li data-card className="group flex min-w-0 flex-col items-center gap-2 [content-visibility:auto] [contain-intrinsic-size:9rem_13rem]">
      <div className="relative w-full max-w-36">
        <Link
          to="/explore/people/$id"
          params={{ id: String(person.id) }}
          aria-label={`${label}, ${countOf(person.count, 'photo')}`}
          className="block rounded-full outline-offset-4"
        >
          <FacePicture
            face={person.cover_face_id}
            className="aspect-square w-full rounded-full ring-accent transition group-hover:ring-3"
          />
        </Link>
        <button
          type="button"
          aria-label={person.is_hidden ? `Show ${label} again` : `Hide ${label}`}
          title={person.is_hidden ? 'Show again (h)' : 'Hide (h)'}
          disabled={action.isPending}
          data-key="h"
          data-leaves
          onClick={() => action.mutate({ do: 'hide', person: person.id, hidden: !person.is_hidden })}
          className="absolute right-0 bottom-0 grid size-9 place-items-center rounded-full border border-line bg-page text-muted opacity-0 group-hover:opacity-100 hover:text-ink focus-visible:opacity-100 pointer-coarse:opacity-100"
        >
          <EyeOff className="size-4" aria-hidden />
        </button>
      </div>
      {person.name === null ? (
        <NameField person={person} />
      ) : (
        <p className="line-clamp-2 max-w-full text-center text-sm font-medium wrap-anywhere">{person.name}</p>
      )}
      <p className="-mt-1 text-xs text-muted tabular-nums">{countOf(person.count, 'photo')}</p>
    </li>
  )
}
