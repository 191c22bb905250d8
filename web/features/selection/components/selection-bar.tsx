/** @file What stands in for the header while photos are chosen: how many, and what can be done to them. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Ellipsis, LoaderCircle, X } from 'lucide-react'
import { useState } from 'react'
import { countOf, formatCount } from '../../../../src/domain/count-of.ts'
import type { ActionOutcome, PhotoAction } from '../../../lib/photo-action.ts'
import { clearSelection, listSelected, useSelectedCount } from '../../../lib/selection.ts'
import { showToast } from '../../../lib/toasts.ts'
import { useHotkeys } from '../../../lib/use-hotkeys.ts'
import { PHONE, useMedia } from '../../../lib/use-media.ts'
import { IconButton } from '../../../ui/button.tsx'
import { Dialog as Sheet } from '../../../ui/dialog.tsx'

interface SelectionBarProps {
  readonly actions: readonly PhotoAction[]
}

export function SelectionBar({ actions }: SelectionBarProps) {
  const count = useSelectedCount()
  const client = useQueryClient()
  const [more, setMore] = useState(false)
  const isPhone = useMedia(PHONE)
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
  const button = (action: PhotoAction, isInSheet = false) => {
    const busy = run.isPending && run.variables.name === action.name
    const Icon = busy ? LoaderCircle : action.Icon
    return (
      <button
        key={action.name}
        type="button"
        aria-label={action.label}
        title={action.hotkey ? `${action.label} (${action.hotkey.replace('+', ' + ')})` : action.label}
        disabled={run.isPending}
        onClick={() => {
          setMore(false)
          start(action)
        }}
        className={`inline-flex h-11 min-w-11 shrink-0 items-center gap-2 rounded-full px-2 text-sm font-medium hover:bg-raised disabled:opacity-50 desk:h-10 desk:px-3 ${isInSheet ? 'gap-3' : 'justify-center'}`}
      >
        <Icon className={`size-5 ${busy ? 'animate-spin' : ''}`} aria-hidden />
        <span className={isInSheet ? '' : 'max-desk:hidden'}>{action.label}</span>
      </button>
    )
  }
  const Dialog = asking && 'Dialog' in asking.action ? asking.action.Dialog : null
  return (
    <>
      {count > 0 && (
        <section
          aria-label="Selection"
          className="relative z-30 flex h-14 shrink-0 items-center gap-1 border-line bg-surface px-2 max-desk:order-last max-desk:h-16 max-desk:border-t max-desk:pb-[env(safe-area-inset-bottom)] sm:gap-2 sm:px-4 desk:border-b"
        >
          <IconButton label="Clear the selection (Esc)" onClick={clearSelection}>
            <X className="size-5" aria-hidden />
          </IconButton>
          {/* on a phone the number alone, so that the actions have the width */}
          <p aria-live="polite" className="shrink-0 font-medium tabular-nums">
            {formatCount(count)}
            <span className="max-desk:sr-only"> selected</span>
          </p>
          <div className="ml-auto flex min-w-0 items-center gap-1">
            {actions.filter((action) => !isPhone || action.isCommon).map((action) => button(action))}
            {isPhone && (
              <IconButton label="More actions" aria-haspopup="dialog" onClick={() => setMore(true)} className="size-11">
                <Ellipsis className="size-5" aria-hidden />
              </IconButton>
            )}
          </div>
        </section>
      )}
      {more && (
        <Sheet title={`${countOf(count, 'photo')} selected`} look="sheet" onClose={() => setMore(false)}>
          <div className="flex flex-col items-stretch gap-1">
            {actions.filter((action) => !action.isCommon).map((action) => button(action, true))}
          </div>
        </Sheet>
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
