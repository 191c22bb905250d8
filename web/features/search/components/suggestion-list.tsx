/** @file The list under the search box; the box has the focus, `active` is the entry its arrow keys stand on. */
import { BookImage, Boxes, CalendarRange, Clock, Filter, FolderTree, type LucideIcon, Palette, Tag, Type, UserRound } from 'lucide-react'
import { formatCount } from '../../../../src/domain/count-of.ts'
import { forgetRecent } from '../recent-searches.ts'
import type { Option } from '../use-suggestions.ts'

const ICONS: Record<Option['kind'], LucideIcon> = {
  person: UserRound,
  album: BookImage,
  cluster: Boxes,
  colour: Palette,
  tag: Tag,
  category: FolderTree,
  value: Filter,
  word: Type,
  key: Filter,
  recent: Clock,
  day: CalendarRange,
}

interface SuggestionListProps {
  readonly id: string
  readonly options: readonly Option[]
  readonly active: number
  readonly onChoose: (option: Option) => void
  readonly onForget: () => void
}

export const optionId = (listId: string, index: number): string => `${listId}-${index}`

export function SuggestionList({ id, options, active, onChoose, onForget }: SuggestionListProps) {
  return (
    <div className="fixed inset-x-2 top-14 z-40 max-h-[70dvh] overflow-y-auto rounded-2xl border border-line bg-surface py-2 shadow-2xl sm:absolute sm:inset-x-0 sm:top-12">
      <div id={id} role="listbox" aria-label="Suggestions">
        {options.map((option, index) => {
          const Icon = ICONS[option.kind]
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: see aria-activedescendant of the box
            <div
              key={`${option.kind} ${option.text}`}
              id={optionId(id, index)}
              role="option"
              aria-selected={index === active}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => onChoose(option)}
              className="flex cursor-pointer items-center gap-3 px-4 py-2 text-[15px] hover:bg-raised aria-selected:bg-raised"
            >
              <Icon className="size-4 shrink-0 text-muted" aria-hidden />
              <span className={`min-w-0 flex-1 truncate ${option.kind === 'key' ? 'font-medium text-accent' : ''}`}>{option.text}</span>
              <span className="shrink-0 text-sm text-muted tabular-nums">
                {typeof option.aside === 'number' ? formatCount(option.aside) : option.aside}
              </span>
            </div>
          )
        })}
      </div>
      {options.some(({ kind }) => kind === 'recent') && (
        <button
          type="button"
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => {
            forgetRecent()
            onForget()
          }}
          className="mx-4 mt-1 text-sm text-accent hover:underline"
        >
          Forget these searches
        </button>
      )}
    </div>
  )
}
