/** @file A page that shows what one fixed search finds, as a grid. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { LucideIcon } from 'lucide-react'
import { type ReactNode, useMemo, useRef } from 'react'
import { countOf } from '../../../../src/domain/count-of.ts'
import { readAllHits, SEARCH_PAGE, searchQuery } from '../../../lib/search-query.ts'
import { type SearchState, writeUrlSearch } from '../../../lib/search-state.ts'
import { Button, LINK_BUTTON } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'
import { HitGrid } from './hit-grid.tsx'

interface FoundPageProps {
  readonly title: string
  readonly search: SearchState
  readonly about?: string
  /** the title is this page’s own, below these links */
  readonly path?: ReactNode
  readonly Icon: LucideIcon
  /** what is said where it finds nothing, and what to do then */
  readonly empty: string
  readonly hint?: string
  /** above what it finds */
  readonly children?: ReactNode
}

export function FoundPage({ title, search, about, path, Icon, empty, hint, children }: FoundPageProps) {
  const navigate = useNavigate()
  const scroller = useRef<HTMLDivElement>(null)
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(searchQuery(search))
  const hits = useMemo(() => data?.pages.flatMap((page) => page.hits) ?? [], [data])
  const total = data?.pages[0]?.total
  return (
    <Page
      title={title}
      isDetail={path !== undefined}
      path={path}
      count={total !== undefined && total > 0 && countOf(total, 'photo')}
      about={about}
      scroller={scroller}
    >
      {error && (
        <Notice tone="danger" action={<Button onClick={() => void refetch()}>Try again</Button>}>
          {error.message}
        </Notice>
      )}
      {total === 0 && (
        <EmptyState icon={<Icon className="size-7" aria-hidden />} title={empty}>
          {hint && <p className="text-muted">{hint}</p>}
          <Link to="/" className={LINK_BUTTON}>
            All photos
          </Link>
        </EmptyState>
      )}
      {total !== 0 && children}
      <HitGrid
        hits={hits}
        pageSize={SEARCH_PAGE}
        scroller={scroller}
        searchKey={`found${writeUrlSearch({ ...search })}`}
        why="none"
        onOpen={(id, index) =>
          void navigate({ to: '/photo/$id', params: { id: String(id) }, state: { place: { list: 'search', search, index, words: [] } } })
        }
        onNearEnd={() => {
          if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
        }}
        readAll={() => readAllHits(search)}
      />
    </Page>
  )
}
