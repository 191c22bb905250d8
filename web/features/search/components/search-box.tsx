/** @file The search box of the header: `/` focuses it, Enter searches, what is typed follows the URL. */
import { useNavigate, useRouterState } from '@tanstack/react-router'
import { Search, X } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { readSearchState, type SearchState } from '../../../lib/search-state.ts'
import { useHotkeys } from '../../../lib/use-hotkeys.ts'

/** on the search page, a pause in typing searches */
const PAUSE_MS = 400

export function SearchBox() {
  const navigate = useNavigate()
  const input = useRef<HTMLInputElement>(null)
  const onSearch = useRouterState({ select: (state) => state.location.pathname === '/search' })
  const search = useRouterState({ select: (state) => (state.location.pathname === '/search' ? state.location.searchStr : '') })
  const current = readSearchState(Object.fromEntries(new URLSearchParams(search))).q ?? ''
  const [text, setText] = useState(current)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)

  useEffect(() => {
    clearTimeout(timer.current)
    // while a person types, the URL follows the box, not the other way round
    setText((old) => (document.activeElement === input.current && old.trim() === current ? old : current))
  }, [current])
  useEffect(() => () => clearTimeout(timer.current), [])
  useHotkeys([
    [
      '/',
      (event) => {
        event.preventDefault()
        input.current?.select()
        input.current?.focus()
      },
    ],
  ])

  const go = (q: string, replace: boolean) => {
    clearTimeout(timer.current)
    void navigate({
      to: '/search',
      // words and “like this photo” are two ways to ask; new words end the other
      search: (old: SearchState) => ({ ...(onSearch ? old : {}), q: q.trim() || undefined, ...(q.trim() ? { like: undefined } : {}) }),
      replace,
    })
  }
  const type = (value: string) => {
    setText(value)
    clearTimeout(timer.current)
    if (onSearch) timer.current = setTimeout(() => go(value, true), PAUSE_MS)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    go(text, onSearch)
    if (matchMedia('(pointer: coarse)').matches) input.current?.blur()
  }

  return (
    <search className="min-w-0 flex-1">
      <form
        onSubmit={submit}
        className="relative mx-auto flex h-10 w-full max-w-2xl items-center rounded-full bg-raised transition-shadow focus-within:bg-surface focus-within:ring-2 focus-within:ring-accent"
      >
        <Search className="pointer-events-none absolute left-3.5 size-[18px] text-muted" aria-hidden />
        <input
          ref={input}
          type="text"
          inputMode="search"
          enterKeyHint="search"
          autoComplete="off"
          spellCheck={false}
          maxLength={500}
          aria-label="Search photos"
          aria-keyshortcuts="/"
          placeholder="Search photos"
          value={text}
          onChange={(event) => type(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur()
          }}
          className="h-full w-full min-w-0 rounded-full bg-transparent pr-10 pl-11 text-base outline-none placeholder:text-muted sm:text-[15px]"
        />
        {text ? (
          <button
            type="button"
            aria-label="Clear the search"
            onClick={() => {
              type('')
              input.current?.focus()
            }}
            className="absolute right-2 rounded-full p-1.5 text-muted hover:text-ink"
          >
            <X className="size-4" aria-hidden />
          </button>
        ) : (
          <kbd
            className="pointer-events-none absolute right-3.5 hidden rounded border border-line px-1.5 text-xs text-muted md:block"
            aria-hidden
          >
            /
          </kbd>
        )}
      </form>
    </search>
  )
}
