/** @file The page `/clean-up/faces`: “is this …?”, one decision per key press: y, n, s, and u to undo the last one. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Check, CircleCheck, SkipForward, Undo2, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { PeopleQuestion } from '../../../../src/contract/people.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { callApi } from '../../../lib/api-client.ts'
import { undoEdit } from '../../../lib/make-edit.ts'
import { showToast } from '../../../lib/toasts.ts'
import { useHotkeys } from '../../../lib/use-hotkeys.ts'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { FacePicture } from '../../../ui/face-picture.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'
import { questionsQuery, refreshPeople } from '../api/people-queries.ts'

type Answer = 'yes' | 'no' | 'skip'

export function QuestionsPage() {
  const client = useQueryClient()
  const { data, error } = useQuery(questionsQuery)
  /** answered here, newest last; the edit is null for a skip */
  const [given, setGiven] = useState<readonly { question: number; edit: number | null }[]>([])
  const answered = new Set(given.map(({ question }) => question))
  const left = (data?.questions ?? []).filter(({ id, is_skipped }) => !answered.has(id) && !is_skipped)
  const question = left[0]
  const answer = useMutation({
    mutationFn: ({ id, answer }: { id: number; answer: Answer }) => callApi('answerQuestion', { params: { id }, body: { answer } }),
    // the next question is there at once; the list is read again when few are left
    onMutate: ({ id }) => setGiven((before) => [...before, { question: id, edit: null }]),
    onSuccess: async (report, { id }) => {
      setGiven((before) => before.map((one) => (one.question === id ? { question: id, edit: report.edit?.id ?? null } : one)))
      if (left.length <= 5 || report.edit !== null) await refreshPeople(client)
    },
    onError: (failure) => {
      showToast({ text: failure.message, tone: 'danger' })
      void refreshPeople(client)
    },
  })
  const undo = useMutation({
    mutationFn: async () => {
      const last = given.findLast(({ edit }) => edit !== null)
      if (last?.edit == null) return 'There is nothing to undo here.'
      const text = await undoEdit(last.edit, client)
      setGiven((before) => before.filter(({ question: id }) => id !== last.question))
      await refreshPeople(client)
      return text
    },
    onSuccess: (text) => showToast({ text }),
    onError: (failure) => showToast({ text: failure.message, tone: 'danger' }),
  })
  const say = (word: Answer) => question && answer.mutate({ id: question.id, answer: word })
  useHotkeys([
    ['y', () => say('yes')],
    ['n', () => say('no')],
    ['s', () => say('skip')],
    ['u', () => undo.mutate()],
  ])
  const done = given.length
  const total = done + left.length
  return (
    <Page
      title="Faces"
      width="text"
      actions={
        total > 0 && (
          <p role="status" className="text-sm text-muted tabular-nums">
            {done} of {total} answered
          </p>
        )
      }
    >
      {total > 0 && (
        <div className="h-1 overflow-hidden rounded-full bg-raised" aria-hidden>
          <div className="h-full bg-accent transition-[width]" style={{ width: `${(done / total) * 100}%` }} />
        </div>
      )}
      {error && <Notice tone="danger">{error.message}</Notice>}
      {question ? (
        <Question key={question.id} question={question} />
      ) : (
        data && (
          <EmptyState icon={<CircleCheck className="size-7" aria-hidden />} title="Nothing to ask">
            <p className="text-muted">Questions come when faces look like somebody here, but not surely so.</p>
          </EmptyState>
        )
      )}
      <footer className="mt-auto flex flex-wrap items-center justify-center gap-2">
        {question && (
          <>
            <Choice look="solid" letter="y" onClick={() => say('yes')} icon={<Check className="size-4" aria-hidden />} label="Yes" />
            <Choice look="soft" letter="n" onClick={() => say('no')} icon={<X className="size-4" aria-hidden />} label="No" />
            <Choice look="soft" letter="s" onClick={() => say('skip')} icon={<SkipForward className="size-4" aria-hidden />} label="Skip" />
          </>
        )}
        {given.some(({ edit }) => edit !== null) && (
          <Choice look="plain" letter="u" onClick={() => undo.mutate()} icon={<Undo2 className="size-4" aria-hidden />} label="Undo" />
        )}
      </footer>
    </Page>
  )
}

function Question({ question: { person, face, other, samples } }: { readonly question: PeopleQuestion }) {
  const name = person.name ?? 'the same person'
  return (
    <section aria-label="Question" className="flex flex-1 flex-col items-center justify-center gap-6">
      <h1 className="text-center text-2xl font-semibold text-balance wrap-anywhere">
        {samples.length > 1 ? `Are these ${name}?` : `Is this ${name}?`}
      </h1>
      <div className="flex flex-wrap items-center justify-center gap-6">
        <FacePicture face={person.cover_face_id} label={name} className="size-28 rounded-full sm:size-40" />
        <div className={`grid gap-2 ${samples.length > 2 ? 'grid-cols-3' : samples.length > 1 ? 'grid-cols-2' : ''}`}>
          {samples.map((sample) => (
            <FacePicture
              key={sample}
              face={sample}
              label="The face in question"
              className={samples.length > 1 ? 'size-20 rounded-xl sm:size-24' : 'size-28 rounded-3xl sm:size-40'}
            />
          ))}
        </div>
      </div>
      <p className="text-center text-sm text-muted wrap-anywhere">
        {countOf(person.count, 'photo')} of {name}
        {other && ` · ${countOf(other.faces, 'face')} in question`}
        {face && (
          <>
            {' · from '}
            <Link to="/photo/$id" params={{ id: String(face.photo.id) }} className="text-accent hover:underline">
              {face.photo.filename}
            </Link>
          </>
        )}
      </p>
    </section>
  )
}

interface ChoiceProps {
  readonly look: 'solid' | 'soft' | 'plain'
  readonly letter: string
  readonly label: string
  readonly icon: ReactNode
  readonly onClick: () => void
}

function Choice({ look, letter, label, icon, onClick }: ChoiceProps) {
  return (
    <Button look={look} onClick={onClick} className="h-11! min-w-24">
      {icon}
      {label}
      <kbd className="text-xs opacity-70 max-sm:hidden">{letter}</kbd>
    </Button>
  )
}
