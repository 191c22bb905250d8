/**
 * @file The search box of the header: `/` focuses it, Enter searches, what is typed follows the URL. Filters typed among the words
 * leave the box as chips once the search is sent; they stay part of it.
 */
import { useNavigate, useRouterState } from '@tanstack/react-router'
import { Search, X } from 'lucide-react'
import { type FormEvent, type KeyboardEvent, type SyntheticEvent, useEffect, useId, useRef, useState } from 'react'
import { readSearchState, type SearchState } from '../../../lib/search-state.ts'
import { joinTyped, readTyped } from '../../../lib/typed-search.ts'
import { useHotkeys } from '../../../lib/use-hotkeys.ts'
import { keepRecent } from '../recent-searches.ts'
import { useSendPicture } from '../use-send-picture.ts'
import { type Option, useSuggestions } from '../use-suggestions.ts'
import { PictureButton } from './picture-button.tsx'
import { optionId, SuggestionList } from './suggestion-list.tsx'

/** on the search page, a pause in typing searches */
const PAUSE_MS = 400

export function SearchBox() {
  const navigate = useNavigate()
  const input = useRef<HTMLInputElement>(null)
  const listId = useId()
  const onSearch = useRouterState({ select: (state) => state.location.pathname === '/search' })
  const search = useRouterState({ select: (state) => (state.location.pathname === '/search' ? state.location.searchStr : '') })
  const { q: current = '', like, picture } = readSearchState(Object.fromEntries(new URLSearchParams(search)))
  const hasPicture = like !== undefined || picture !== undefined
  const [{ chips, plain: text }, setBox] = useState(() => readTyped(current))
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const options = useSuggestions(text, open)
  const shown = open && options.length > 0

  useEffect(() => {
    clearTimeout(timer.current)
    // while a person types, the URL follows the box, not the other way round
    setBox((old) => (document.activeElement === input.current && joinTyped(old.chips, old.plain) === current ? old : readTyped(current)))
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
      // a photo that is searched by stays: “like this, but at night”
      search: (old: SearchState) => ({ ...(onSearch ? old : {}), q: q.trim() || undefined }),
      replace,
    })
  }
  const type = (value: string) => {
    setBox({ chips, plain: value })
    setActive(-1)
    setOpen(true)
    clearTimeout(timer.current)
    if (onSearch) timer.current = setTimeout(() => go(joinTyped(chips, value), true), PAUSE_MS)
  }
  /** Searches; filters among the words leave the box. */
  const send = (value: string) => {
    const typed = readTyped(value)
    const next = { chips: [...chips, ...typed.chips], plain: typed.plain }
    const q = joinTyped(next.chips, next.plain)
    setBox(next)
    setOpen(false)
    setActive(-1)
    keepRecent(q)
    go(q, onSearch)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    send(text)
    if (matchMedia('(pointer: coarse)').matches) input.current?.blur()
  }
  const choose = ({ q }: Option) => {
    // after a key comes its value
    if (q.endsWith(':')) type(q)
    else send(q)
    input.current?.focus()
  }
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    const option = options[active]
    if (event.key === 'Escape') {
      if (!shown) event.currentTarget.blur()
      setOpen(false)
    } else if (shown && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault()
      const places = options.length + 1
      setActive(((active + 1 + (event.key === 'ArrowDown' ? 1 : -1) + places) % places) - 1)
    } else if (shown && option && (event.key === 'Enter' || event.key === 'Tab')) {
      event.preventDefault()
      choose(option)
    } else if (event.key === 'Backspace' && text === '' && chips.length > 0) {
      // the last chip comes back to be changed
      event.preventDefault()
      setBox({ chips: chips.slice(0, -1), plain: chips.at(-1)?.text ?? '' })
    }
  }

  const { send: sendPicture, isSending } = useSendPicture()
  /** One picture dropped or pasted here is searched by, not added to the library. */
  const takePicture = (event: SyntheticEvent, files: FileList) => {
    const file = [...files].find(({ type }) => type.startsWith('image/') || type === '')
    if (!file) return
    event.preventDefault()
    setOpen(false)
    void sendPicture(file)
  }

  return (
    <search className="min-w-0 flex-1">
      <form
        onSubmit={submit}
        onPaste={(event) => takePicture(event, event.clipboardData.files)}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => takePicture(event, event.dataTransfer.files)}
        className="relative mx-auto flex h-10 w-full max-w-2xl items-center rounded-full bg-raised transition-shadow focus-within:bg-surface focus-within:ring-2 focus-within:ring-accent"
      >
        <Search className="pointer-events-none absolute left-3.5 size-[18px] text-muted" aria-hidden />
        <input
          ref={input}
          type="text"
          inputMode="search"
          enterKeyHint="search"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={500}
          role="combobox"
          aria-label="Search photos"
          aria-keyshortcuts="/"
          aria-autocomplete="list"
          aria-expanded={shown}
          aria-controls={shown ? listId : undefined}
          aria-activedescendant={shown && active >= 0 ? optionId(listId, active) : undefined}
          placeholder={hasPicture ? 'Like the picture, but …' : 'Search photos'}
          value={text}
          onChange={(event) => type(event.target.value)}
          onKeyDown={press}
          onPointerDown={() => setOpen(true)}
          onFocus={() => setOpen(text === '')}
          onBlur={() => setOpen(false)}
          className="h-full w-full min-w-0 rounded-full bg-transparent pr-17 pl-11 text-base text-ellipsis outline-none placeholder:text-muted sm:text-[15px]"
        />
        {text ? (
          <button
            type="button"
            aria-label="Clear the search"
            onClick={() => {
              type('')
              input.current?.focus()
            }}
            className="absolute right-9 rounded-full p-1.5 text-muted hover:text-ink"
          >
            <X className="size-4" aria-hidden />
          </button>
        ) : (
          <kbd
            className="pointer-events-none absolute right-11 hidden rounded border border-line px-1.5 text-xs text-muted md:block"
            aria-hidden
          >
            /
          </kbd>
        )}
        <PictureButton isSending={isSending} onFile={(file) => void sendPicture(file)} />
        {shown && <SuggestionList id={listId} options={options} active={active} onChoose={choose} onForget={() => setOpen(false)} />}
      </form>
    </search>
  )
}
