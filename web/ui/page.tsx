/** @file The frame of every page: one left edge, one title, its tabs, one place for actions. */
import { createContext, type ReactNode, type RefObject, use, useEffect } from 'react'

/** The place the page is in: its name is the title, and its pages are the tabs. Given by the shell. */
export const PlaceContext = createContext<{ readonly label: string; readonly tabs: ReactNode } | null>(null)

interface PageHeadProps {
  /** of the page; in a place with tabs the place names it, and the tab says which */
  readonly title: string
  /** the title is this page’s own, like a name: no tabs */
  readonly isDetail?: boolean
  /** where a detail belongs, as links */
  readonly path?: ReactNode
  /** beside the title: what there is, counted */
  readonly count?: ReactNode
  readonly about?: ReactNode
  readonly actions?: ReactNode
  /** on a phone the bar below names the place: the tabs alone stand on top */
  readonly isQuietOnPhone?: boolean
}

/** Where every page’s content begins. */
export const EDGE = 'px-4 sm:px-6'

export function PageHead({ title, isDetail = false, path, count, about, actions, isQuietOnPhone = false }: PageHeadProps) {
  const place = use(PlaceContext)
  const tabs = isDetail ? null : place?.tabs
  useEffect(() => {
    document.title = `${title} · fototeca`
  }, [title])
  return (
    <header className="flex flex-col gap-1">
      {path && <div className="text-sm text-muted">{path}</div>}
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
        <h1
          className={`flex min-h-9 min-w-0 items-center text-xl font-semibold tracking-tight wrap-anywhere ${isQuietOnPhone ? 'max-desk:sr-only' : ''}`}
        >
          {tabs && place && place.label !== title ? (
            <>
              {place.label}
              <span className="sr-only">: {title}</span>
            </>
          ) : (
            title
          )}
        </h1>
        {count && <p className={`text-sm text-muted tabular-nums ${isQuietOnPhone ? 'max-desk:sr-only' : ''}`}>{count}</p>}
        {tabs && <div className="min-w-0 max-desk:order-last max-desk:basis-full">{tabs}</div>}
        {actions && <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {about && <p className="max-w-prose text-sm text-muted">{about}</p>}
    </header>
  )
}

const WIDTHS = { text: 'max-w-3xl', forms: 'max-w-5xl', all: '' } as const

interface PageProps extends PageHeadProps {
  /** how wide its content may become; its left edge is always the same */
  readonly width?: keyof typeof WIDTHS
  readonly scroller?: RefObject<HTMLDivElement | null>
  /** goes around the cards of the page (`lib/use-card-keys.ts`) */
  readonly content?: RefObject<HTMLDivElement | null>
  readonly children: ReactNode
}

export function Page({ width = 'all', scroller, content, children, ...head }: PageProps) {
  return (
    <div ref={scroller} className="scrollbar-thin h-full overflow-y-auto [scrollbar-gutter:stable]">
      <div className={`flex min-h-full flex-col gap-4 pt-3 pb-8 ${EDGE}`}>
        <PageHead {...head} />
        <div ref={content} className={`flex w-full grow flex-col gap-4 ${WIDTHS[width]}`}>
          {children}
        </div>
      </div>
    </div>
  )
}
