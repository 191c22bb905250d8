/** @file The page `/search`: the URL is its state. */
import { filters } from 'virtual:contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { CircleHelp, SearchX } from 'lucide-react'
import { useCallback, useMemo, useRef, useState } from 'react'
import type { SearchAnswer } from '../../../../src/contract/search.ts'
import { listHitWords } from '../../../lib/photo-list.ts'
import { readAllHits, SEARCH_PAGE, searchQuery } from '../../../lib/search-query.ts'
import { countFilters, isEmptySearch, type SearchState, writeUrlSearch } from '../../../lib/search-state.ts'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { EDGE, PageHead } from '../../../ui/page.tsx'
import { describeNear } from '../explain-match.ts'
import { ActiveFilters } from './active-filters.tsx'
import { FilterBar } from './filter-bar.tsx'
import { HitGrid } from './hit-grid.tsx'
import { KeepResult } from './keep-result.tsx'
import { LikePhoto } from './like-photo.tsx'
import { ResultLine } from './result-line.tsx'
import { SentPicture } from './sent-picture.tsx'

interface SearchPageProps {
  readonly state: SearchState
}

export function SearchPage({ state }: SearchPageProps) {
  const navigate = useNavigate()
  const scroller = useRef<HTMLDivElement>(null)
  const [why, setWhy] = useState(false)
  const query = useInfiniteQuery(searchQuery(state))
  const { data, error, isPlaceholderData, hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const hits = useMemo(() => data?.pages.flatMap((page) => page.hits) ?? [], [data])
  const answer = data?.pages[0]
  const key = `search${writeUrlSearch({ ...state })}`

  const change = (part: Partial<SearchState>) =>
    void navigate({
      to: '/search',
      search: {
        ...state,
        ...part,
        ...(part.mode === 'hybrid' ? { mode: undefined } : {}),
        ...(part.sort === 'relevance' ? { sort: undefined } : {}),
      },
      replace: true,
    })
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  const open = (id: number, index: number) => {
    const words = hits[index] ? listHitWords(hits[index]) : []
    void navigate({ to: '/photo/$id', params: { id: String(id) }, state: { place: { list: 'search', search: state, index, words } } })
  }

  return (
    <div ref={scroller} className="scrollbar-thin h-full overflow-y-auto [scrollbar-gutter:stable]">
      <div className={`flex flex-col gap-3 pt-3 pb-8 ${EDGE}`}>
        <div className="sr-only">
          <PageHead title={state.q ? `Search: ${state.q}` : 'Search'} isDetail />
        </div>
        {state.like !== undefined && (
          <LikePhoto id={state.like} crop={state.crop} onRemove={() => change({ like: undefined, crop: undefined })} />
        )}
        {state.picture !== undefined && <SentPicture picture={state.picture} onRemove={() => change({ picture: undefined })} />}
        <FilterBar state={state} onChange={change} />
        <ActiveFilters state={state} onChange={change} />
        {answer?.did_you_mean && !isPlaceholderData && <DidYouMean offer={answer.did_you_mean} onTake={(q) => change({ q })} />}
        {answer && answer.near.length > 0 && !isPlaceholderData && <Notice>{describeNear(answer.near)}</Notice>}
        {answer?.notice && <Notice tone="warn">{answer.notice}</Notice>}
        {error && (
          <Notice tone="danger" action={<Button onClick={() => void query.refetch()}>Try again</Button>}>
            {error.message}
          </Notice>
        )}
        {answer && !error && (
          <ResultLine answer={answer} state={state} isWaiting={isPlaceholderData} onChange={change}>
            {hits.some((hit) => hit.why.length > 0) && (
              <button
                type="button"
                aria-pressed={why}
                onClick={() => setWhy(!why)}
                className="inline-flex h-9 items-center gap-1.5 rounded-full px-3 text-ink hover:bg-raised aria-pressed:bg-accent-soft aria-pressed:text-accent max-desk:h-11"
              >
                <CircleHelp className="size-4" aria-hidden />
                Why these
              </button>
            )}
            {answer.total > 0 && !isPlaceholderData && <KeepResult state={state} total={answer.total} />}
          </ResultLine>
        )}
        {answer && hits.length === 0 && !isPlaceholderData ? (
          <NoHits state={state} onChange={change} />
        ) : (
          <div className={isPlaceholderData ? 'opacity-60 transition-opacity' : ''}>
            <HitGrid
              hits={hits}
              pageSize={SEARCH_PAGE}
              scroller={scroller}
              searchKey={key}
              why={why ? 'all' : 'rest'}
              onOpen={open}
              onNearEnd={loadMore}
              readAll={() => readAllHits(state)}
            />
          </div>
        )}
        {isFetchingNextPage && <p className="py-4 text-center text-sm text-muted">Loading more…</p>}
      </div>
    </div>
  )
}

interface DidYouMeanProps {
  readonly offer: NonNullable<SearchAnswer['did_you_mean']>
  readonly onTake: (q: string) => void
}

function DidYouMean({ offer, onTake }: DidYouMeanProps) {
  return (
    <p className="text-sm" role="status">
      No match for {offer.typed.map((word) => `“${word}”`).join(', ')}. Did you mean{' '}
      <button type="button" className="font-medium text-accent hover:underline" onClick={() => onTake(offer.q)}>
        “{offer.q}”
      </button>
      ?
    </p>
  )
}

function NoHits({ state, onChange }: { readonly state: SearchState; readonly onChange: (change: Partial<SearchState>) => void }) {
  const filtered = countFilters(state) > 0
  const mode = state.mode ?? 'hybrid'
  return (
    <EmptyState
      icon={<SearchX className="size-7" aria-hidden />}
      title={state.q ? `Nothing found for “${state.q}”` : isEmptySearch(state) ? 'No photos yet' : 'Nothing found'}
    >
      <p className="text-muted">
        {filtered
          ? 'The filters may be too narrow.'
          : isEmptySearch(state)
            ? 'Photos that are added can be searched here.'
            : 'Search looks into text in pictures, tags, names and file names. Try fewer or other words.'}
      </p>
      <div className="mt-2 flex flex-wrap justify-center gap-2">
        {filtered && (
          <Button look="solid" onClick={() => onChange(Object.fromEntries(Object.keys(filters).map((key) => [key, undefined])))}>
            Clear filters
          </Button>
        )}
        {mode !== 'hybrid' && <Button onClick={() => onChange({ mode: 'hybrid' })}>Search words and meaning</Button>}
        {state.q && <Button onClick={() => onChange({ q: undefined })}>Show all photos</Button>}
      </div>
    </EmptyState>
  )
}
