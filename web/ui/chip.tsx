/** @file Chips: one that can be chosen, one that can be removed. */
import { X } from 'lucide-react'
import type { ReactNode } from 'react'

interface ToggleChipProps {
  readonly on: boolean
  readonly onToggle: () => void
  readonly children: ReactNode
}

export function ToggleChip({ on, onToggle, children }: ToggleChipProps) {
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={onToggle}
      className={`inline-flex h-8 shrink-0 items-center gap-1.5 rounded-full border px-3 text-sm whitespace-nowrap transition-colors ${
        on ? 'border-accent bg-accent-soft text-accent' : 'border-line text-ink hover:bg-raised'
      }`}
    >
      {children}
    </button>
  )
}

interface RemovableChipProps {
  readonly label: string
  readonly onRemove: () => void
}

export function RemovableChip({ label, onRemove }: RemovableChipProps) {
  return (
    <span className="inline-flex h-8 max-w-full items-center gap-1 rounded-full bg-accent-soft pr-1 pl-3 text-sm text-accent">
      <span className="truncate">{label}</span>
      <button type="button" aria-label={`Remove ${label}`} onClick={onRemove} className="rounded-full p-1 hover:bg-surface/60">
        <X className="size-3.5" aria-hidden />
      </button>
    </span>
  )
}
