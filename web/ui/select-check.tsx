/** @file The round check of a tile: shown when the pointer is over it, when it is chosen, and on all while any is. */
import { Check } from 'lucide-react'
import { useIsSelected, useSelectedCount } from '../lib/selection.ts'

interface SelectCheckProps {
  readonly id: number
  readonly name: string
}

/** The grid around it hears the click (`data-check`). Keys choose on the photo itself (x), so Tab passes it by. */
export function SelectCheck({ id, name }: SelectCheckProps) {
  const selected = useIsSelected(id)
  const selecting = useSelectedCount() > 0
  return (
    <button
      type="button"
      role="checkbox"
      aria-checked={selected}
      aria-label={`Select ${name}`}
      tabIndex={-1}
      data-check
      className={`absolute top-0 left-0 p-2 transition-opacity group-hover:opacity-100 ${
        selected || selecting ? '' : 'opacity-0 pointer-coarse:hidden'
      }`}
    >
      <CheckMark on={selected} />
    </button>
  )
}

export function CheckMark({ on }: { readonly on: boolean }) {
  return (
    <span
      className={`grid size-5.5 place-items-center rounded-full border-2 ${
        on ? 'border-accent bg-accent text-on-accent' : 'border-white/90 bg-black/25 shadow-sm'
      }`}
    >
      {on && <Check className="size-3.5" strokeWidth={3.5} aria-hidden />}
    </span>
  )
}
