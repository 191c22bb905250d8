/** @file What stands in for the header while photos are chosen: how many, and what can be done to them. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { LoaderCircle, X } from 'lucide-react'
import { useState } from 'react'
import { formatCount } from '../../../../src/domain/count-of.ts'
import type { ActionOutcome, PhotoAction } from '../../../lib/photo-action.ts'
import { clearSelection, listSelected, useSelectedCount } from '../../../lib/selection.ts'
import { showToast } from '../../../lib/toasts.ts'
import { useHotkeys } from '../../../lib/use-hotkeys.ts'
import { IconButton } from '../../../ui/button.tsx'

interface SelectionBarProps {
  readonly actions: readonly PhotoAction[]
}

export function SelectionBar({ actions }: SelectionBarProps) {
  const count = useSelectedCount()
  const client = useQueryClient()
  /** the action whose dialog is open, and what it was opened for */
  const [asking, setAsking] = useState<{ action: PhotoAction; ids: readonly number[] } | null>(null)
  const finish = ({ message, undo, keepsSelection = false }: ActionOutcome) => {
    showToast({ text: message, undo })
    if (!keepsSelection) clearSelection()
  }
  const run = useMutation({
    mutationFn: (action: Extract<PhotoAction, { run: unknown }>) => action.run(listSelected(), client),
    onSuccess: finish,
    onError: (error) => showToast({ text: error.message, tone: 'danger' }),
  })
  const start = (action: PhotoAction) => {
    if (run.isPending) return
    if ('run' in action) run.mutate(action)
    else setAsking({ action, ids: listSelected() })
  }
  useHotkeys(count === 0 ? [] : actions.flatMap((action) => (action.hotkey ? [[action.hotkey, () => start(action)] as const] : [])))
  const Dialog = asking && 'Dialog' in asking.action ? asking.action.Dialog : null
  return (
    <>
      {count > 0 && (
        <section
          aria-label="Selection"
          className="relative z-30 flex h-15 shrink-0 items-center gap-1 border-b border-line bg-surface px-2 sm:gap-2 sm:px-4"
        >
          <IconButton label="Clear the selection (Esc)" onClick={clearSelection}>
            <X className="size-5" aria-hidden />
          </IconButton>
          {/* on a phone the number alone, so that the actions have the width; they scroll, it stays */}
          <p aria-live="polite" className="shrink-0 font-medium tabular-nums">
            {formatCount(count)}
            <span className="max-md:sr-only"> selected</span>
          </p>
          {/* the edge fades where more can be scrolled to; at the end the last one lies clear of it */}
          <div className="scrollbar-none ml-auto flex min-w-0 items-center gap-1 overflow-x-auto max-md:mask-r-from-[calc(100%-2rem)] max-md:pr-7">
            {actions.map((action) => {
              const busy = run.isPending && run.variables.name === action.name
              const Icon = busy ? LoaderCircle : action.Icon
              return (
                <button
                  key={action.name}
                  type="button"
                  aria-label={action.label}
                  title={action.hotkey ? `${action.label} (${action.hotkey.replace('+', ' + ')})` : action.label}
                  disabled={run.isPending}
                  onClick={() => start(action)}
                  className="inline-flex h-10 min-w-10 shrink-0 items-center justify-center gap-2 rounded-full px-2 text-sm font-medium hover:bg-raised disabled:opacity-50 md:px-3"
                >
                  <Icon className={`size-5 ${busy ? 'animate-spin' : ''}`} aria-hidden />
                  <span className="max-md:hidden">{action.label}</span>
                </button>
              )
            })}
          </div>
        </section>
      )}
      {Dialog && asking && (
        <Dialog
          ids={asking.ids}
          onClose={() => setAsking(null)}
          onDone={(outcome) => {
            setAsking(null)
            finish(outcome)
          }}
        />
      )}
    </>
  )
}
