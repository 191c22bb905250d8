/** @file The page `/settings/vocabulary`: the words looked for in pictures; found by name, added, changed, removed. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { LoaderCircle, Plus, Search, Tags } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import type { WordKind, WordReport } from '../../../../src/contract/vocabulary.ts'
import { countOf, formatCount } from '../../../../src/domain/count-of.ts'
import { healthQuery } from '../../../lib/library-queries.ts'
import { Button } from '../../../ui/button.tsx'
import { ToggleChip } from '../../../ui/chip.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'
import { wordsQuery } from '../api/vocabulary-queries.ts'
import { WordDialog } from './word-dialog.tsx'
import { WordRow } from './word-row.tsx'

const KINDS: readonly { readonly kind: WordKind; readonly label: string; readonly empty: string }[] = [
  { kind: 'all', label: 'All', empty: 'No word has this in its name. Add it, and it is looked for in every photo.' },
  { kind: 'own', label: 'Yours', empty: 'You have added no word yet.' },
  { kind: 'removed', label: 'Removed', empty: 'No word was removed.' },
  { kind: 'threshold', label: 'Own threshold', empty: 'All words are said from the score that was measured.' },
  { kind: 'unknown', label: 'Unknown to the model', empty: 'The model knows every word.' },
]
const ASK_MS = 2_000

export function VocabularyPage() {
  const [text, setText] = useState('')
  const [kind, setKind] = useState<WordKind>('all')
  /** `new`: a fresh word; null: no dialog */
  const [open, setOpen] = useState<WordReport | 'new' | null>(null)
  const q = useDeferredValue(text.trim())
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    ...wordsQuery(q, kind),
    placeholderData: (before) => before,
  })
  const words = data?.pages.flatMap((page) => page.words)
  const total = data?.pages[0]?.total ?? 0
  return (
    <Page
      title="Vocabulary"
      about="The words that are looked for in your photos. Changes apply without re-scanning."
      width="forms"
      actions={
        <Button look="solid" onClick={() => setOpen('new')}>
          <Plus className="size-4" aria-hidden />
          New word
        </Button>
      }
    >
      <Tagging />
      <label className="relative block">
        <span className="sr-only">Find a word</span>
        <Search className="pointer-events-none absolute top-3 left-4 size-4 text-muted" aria-hidden />
        <input
          type="search"
          placeholder="Find a word"
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="h-10 w-full rounded-full border border-line bg-surface pr-4 pl-10 text-sm"
        />
      </label>
      <fieldset className="-mx-4 flex gap-2 overflow-x-auto px-4 [scrollbar-width:none] sm:mx-0 sm:px-0">
        <legend className="sr-only">Which words</legend>
        {KINDS.map((each) => (
          <ToggleChip key={each.kind} on={each.kind === kind} onToggle={() => setKind(each.kind)}>
            {each.label}
          </ToggleChip>
        ))}
      </fieldset>
      {error && <Notice tone="danger">{error.message}</Notice>}
      {words && words.length > 0 && (
        <>
          <p role="status" className="text-xs text-muted tabular-nums">
            {total === 1 ? '1 word' : `${formatCount(total)} words`}
          </p>
          <ul aria-label="Words" className="flex flex-col divide-y divide-line rounded-2xl border border-line bg-surface">
            {words.map((word) => (
              <WordRow key={word.word} word={word} onOpen={() => setOpen(word)} />
            ))}
          </ul>
        </>
      )}
      {words?.length === 0 && (
        <EmptyState icon={<Tags className="size-7" aria-hidden />} title={q === '' ? 'No words here' : `No word like “${q}”`}>
          <p className="text-muted">{KINDS.find((each) => each.kind === kind)?.empty}</p>
        </EmptyState>
      )}
      {hasNextPage && (
        <Button onClick={() => void fetchNextPage()} disabled={isFetchingNextPage} className="self-center">
          Show more
        </Button>
      )}
      {open !== null && <WordDialog word={open === 'new' ? null : open} suggestion={q} onClose={() => setOpen(null)} />}
    </Page>
  )
}

/** That photos follow a change, or why no words are said at all. */
function Tagging() {
  const { data } = useQuery({
    ...healthQuery,
    refetchInterval: ({ state }) => (state.data?.lanes.some(({ lane, due }) => lane === 'tag' && due > 0) ? ASK_MS : false),
  })
  const lane = data?.lanes.find((each) => each.lane === 'tag')
  if (!lane) return null
  if (lane.state === 'off' || lane.state === 'paused') return lane.reason === null ? null : <Notice>{lane.reason}</Notice>
  if (lane.due === 0) return null
  return (
    <p role="status" className="inline-flex items-center gap-2 text-sm text-muted">
      <LoaderCircle className="size-4 animate-spin" aria-hidden />
      {countOf(lane.due, 'photo')} to be looked at again
    </p>
  )
}
