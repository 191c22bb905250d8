/** @file The page `/clean-up/duplicates/:kind`: sets of one kind, one decision per key press, with undo; or all of a kind at once, told before. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Check, CircleCheck, Columns2, Images, SkipForward, Undo2, X } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import type { Decision, DuplicateSetReport, SetKind } from '../../../../src/contract/duplicates.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { callApi } from '../../../lib/api-client.ts'
import { formatBytes } from '../../../lib/format.ts'
import { undoEdit } from '../../../lib/make-edit.ts'
import { showToast } from '../../../lib/toasts.ts'
import { useHotkeys } from '../../../lib/use-hotkeys.ts'
import { Button, LINK_BUTTON } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'
import { overviewQuery, refreshDuplicates, setsQuery } from '../api/duplicate-queries.ts'
import { AcceptAll } from './accept-all.tsx'
import { CompareView } from './compare-view.tsx'
import { SetView } from './set-view.tsx'

export function DuplicatesPage() {
  const { data, error } = useQuery(overviewQuery)
  const { kind: chosen } = useParams({ strict: false })
  // same bytes are one photo already: there is nothing to decide
  const kinds = (data?.kinds ?? []).filter(({ kind }) => kind !== 'same-bytes')
  const kind = kinds.find((one) => one.kind === chosen) ?? kinds.find(({ sets }) => sets > 0)
  return (
    <Page
      title="Duplicates"
      about={
        kind &&
        kind.sets > 0 &&
        `${kind.label}: ${kind.told_by}. ${countOf(kind.photos, 'photo')} more than needed, ${formatBytes(kind.bytes)}.`
      }
    >
      {error && <Notice tone="danger">{error.message}</Notice>}
      {data && (
        <nav aria-label="Kinds" className="flex flex-wrap gap-2">
          {kinds.map((one) => (
            <Link
              key={one.kind}
              to="/clean-up/duplicates/$kind"
              params={{ kind: one.kind }}
              aria-current={one.kind === kind?.kind ? 'page' : undefined}
              title={one.told_by}
              className={`${LINK_BUTTON} aria-[current=page]:bg-accent aria-[current=page]:text-on-accent`}
            >
              {one.label}
              <span className="tabular-nums opacity-75">{one.sets}</span>
            </Link>
          ))}
        </nav>
      )}
      {data?.compared.running && <Notice>All photos are being compared again; sets come and go meanwhile.</Notice>}
      {data && data.compared.due > 0 && <Notice>{countOf(data.compared.due, 'photo')} still to be compared by look.</Notice>}
      {kind ? (
        <Sets key={kind.kind} kind={kind.kind} total={kind.sets} />
      ) : (
        data && (
          <EmptyState icon={<CircleCheck className="size-7" aria-hidden />} title="No duplicates to decide">
            <p className="text-muted">Photos are compared as they come in; what is found stands here.</p>
          </EmptyState>
        )
      )}
    </Page>
  )
}

interface Given {
  readonly set: number
  /** null: skipped, or still on its way */
  readonly edit: number | null
}

function Sets({ kind, total }: { readonly kind: SetKind; readonly total: number }) {
  const client = useQueryClient()
  const [after, setAfter] = useState(0)
  const { data, error } = useQuery(setsQuery(kind, after))
  const [given, setGiven] = useState<readonly Given[]>([])
  const [first] = useState(total)
  const [accepting, setAccepting] = useState(false)
  const [isComparing, setComparing] = useState(false)
  const done = new Set(given.map(({ set }) => set))
  const left = (data?.sets ?? []).filter(({ id }) => !done.has(id))
  const set = left[0]
  const next = data?.next ?? null
  useEffect(() => {
    if (data && set === undefined && next !== null) setAfter(next)
  }, [data, set, next])
  const decide = useMutation({
    mutationFn: ({ id, decision }: { id: number; decision: Decision }) => callApi('decideDuplicateSet', { params: { id }, body: decision }),
    onMutate: ({ id }) => setGiven((before) => [...before, { set: id, edit: null }]),
    onSuccess: ({ edit }, { id }) => {
      setGiven((before) => before.map((one) => (one.set === id ? { set: id, edit } : one)))
      void client.invalidateQueries({ queryKey: overviewQuery.queryKey })
    },
    onError: (failure, { id }) => {
      setGiven((before) => before.filter((one) => one.set !== id))
      showToast({ text: failure.message, tone: 'danger' })
    },
  })
  const undo = useMutation({
    mutationFn: async () => {
      const last = given.findLast(({ edit }) => edit !== null)
      if (last?.edit == null) return 'There is nothing to undo here.'
      const text = await undoEdit(last.edit, client)
      setGiven((before) => before.filter((one) => one.set !== last.set))
      setAfter(0)
      await refreshDuplicates(client)
      return text
    },
    onSuccess: (text) => showToast({ text }),
    onError: (failure) => showToast({ text: failure.message, tone: 'danger' }),
  })
  useHotkeys([['u', () => undo.mutate()]])
  const canUndo = given.some(({ edit }) => edit !== null)
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p role="status" className="text-sm text-muted tabular-nums">
          {given.length} of {Math.max(first, given.length + left.length)} looked at
        </p>
        <div className="flex gap-2">
          {canUndo && (
            <Button look="plain" onClick={() => undo.mutate()}>
              <Undo2 className="size-4" aria-hidden />
              Undo <kbd className="text-xs opacity-70 max-sm:hidden">u</kbd>
            </Button>
          )}
          {total > 1 && kind !== 'same-bytes' && <Button onClick={() => setAccepting(true)}>Accept all…</Button>}
        </div>
      </div>
      {error && <Notice tone="danger">{error.message}</Notice>}
      {set ? (
        <Deciding
          key={set.id}
          set={set}
          onDecide={(decision) => decide.mutate({ id: set.id, decision })}
          onSkip={() => setGiven((before) => [...before, { set: set.id, edit: null }])}
          isComparing={isComparing}
          onCompare={() => setComparing(!isComparing)}
        />
      ) : (
        data &&
        next === null && (
          <EmptyState icon={<CircleCheck className="size-7" aria-hidden />} title="All of this kind are looked at">
            <p className="text-muted">What went to the trash stays there for 30 days.</p>
          </EmptyState>
        )
      )}
      {accepting && kind !== 'same-bytes' && <AcceptAll kind={kind} onClose={() => setAccepting(false)} />}
    </>
  )
}

interface DecidingProps {
  readonly set: DuplicateSetReport
  readonly onDecide: (decision: Decision) => void
  readonly onSkip: () => void
  /** stays as it is from set to set */
  readonly isComparing: boolean
  readonly onCompare: () => void
}

function Deciding({ set, onDecide, onSkip, isComparing, onCompare }: DecidingProps) {
  const [kept, setKept] = useState<ReadonlySet<number>>(() => new Set(set.members.filter((one) => one.kept).map(({ photo }) => photo.id)))
  const toggle = (id: number) =>
    setKept((before) => {
      const after = new Set(before)
      if (!after.delete(id)) after.add(id)
      return after
    })
  const ids = set.members.map(({ photo }) => photo.id)
  const keep = () => {
    if (kept.size === 0) showToast({ text: 'Choose at least one photo that stays.', tone: 'danger' })
    else onDecide(kept.size === ids.length ? { do: 'keep-all' } : { do: 'keep', photos: [...kept], merge: true })
  }
  useHotkeys([
    ['Enter', keep],
    ['k', keep],
    ['a', () => onDecide({ do: 'keep-all' })],
    ['d', () => onDecide({ do: 'different' })],
    ['s', onSkip],
    ['c', onCompare],
    ...ids.slice(0, 9).map((id, index): [string, () => void] => [String(index + 1), () => toggle(id)]),
  ])
  const goes = ids.length - kept.size
  return (
    <>
      {isComparing ? <CompareView set={set} kept={kept} onToggle={toggle} /> : <SetView set={set} kept={kept} onToggle={toggle} />}
      <footer className="sticky bottom-0 -mx-4 grid grid-cols-[1fr_1.3fr_1fr_1fr] gap-2 border-t border-line bg-page px-4 py-3 sm:flex sm:flex-wrap sm:items-center sm:justify-center">
        <Choice look="solid" letter="k" onClick={keep} icon={<Check className="size-4" aria-hidden />}>
          {goes === 0 ? 'Keep them' : `${countOf(goes, 'photo')} to the trash`}
        </Choice>
        <Choice letter="a" onClick={() => onDecide({ do: 'keep-all' })} icon={<Images className="size-4" aria-hidden />}>
          Keep all
        </Choice>
        <Choice letter="d" onClick={() => onDecide({ do: 'different' })} icon={<X className="size-4" aria-hidden />}>
          Not duplicates
        </Choice>
        <Choice letter="s" onClick={onSkip} icon={<SkipForward className="size-4" aria-hidden />}>
          Later
        </Choice>
        <Choice letter="c" onClick={onCompare} icon={<Columns2 className="size-4" aria-hidden />}>
          {isComparing ? 'Facts' : 'Compare'}
        </Choice>
      </footer>
    </>
  )
}

interface ChoiceProps {
  readonly look?: 'solid' | 'soft'
  readonly letter: string
  readonly icon: ReactNode
  readonly onClick: () => void
  readonly children: ReactNode
}

function Choice({ look = 'soft', letter, icon, onClick, children }: ChoiceProps) {
  return (
    <Button
      look={look}
      onClick={onClick}
      // on a phone the proposal has a row of its own, and the others share one: two rows leave room for the pictures
      className={`h-11! ${look === 'solid' ? 'max-sm:col-span-4' : 'max-sm:flex-col max-sm:gap-0.5! max-sm:rounded-xl! max-sm:px-0! max-sm:text-xs!'}`}
    >
      {icon}
      {children}
      <kbd className="text-xs opacity-70 max-sm:hidden">{letter}</kbd>
    </Button>
  )
}
