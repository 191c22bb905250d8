/** @file A modal dialog: the browser’s own, so focus is trapped and given back, and Esc closes. */
import { X } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { IconButton } from './button.tsx'
import { Toasts } from './toasts.tsx'

const LOOKS = {
  card: 'm-auto w-[min(34rem,calc(100vw-2rem))] rounded-2xl',
  /** at the left edge, the whole height */
  sheet: 'my-0 mr-auto ml-0 h-dvh max-h-none w-[min(18rem,calc(100vw-3rem))] rounded-r-2xl',
} as const

interface DialogProps {
  readonly title: string
  readonly look?: keyof typeof LOOKS
  readonly onClose: () => void
  readonly children: ReactNode
}

export function Dialog({ title, look = 'card', onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  // the event of a close comes a task later: by then StrictMode’s second effect has opened the dialog again, or it is gone
  const closed = () => {
    if (ref.current && !ref.current.open) onClose()
  }
  useEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={ref}
      aria-label={title}
      onClose={closed}
      onPointerDown={(event) => event.target === ref.current && onClose()}
      className={`bg-surface p-0 text-ink shadow-2xl backdrop:bg-black/50 ${LOOKS[look]}`}
    >
      <div className="flex items-center justify-between pt-3 pr-3 pl-6">
        <h2 className="text-lg font-semibold">{title}</h2>
        <IconButton label="Close" onClick={onClose}>
          <X className="size-5" aria-hidden />
        </IconButton>
      </div>
      <div className={`overflow-y-auto pt-1 pb-6 ${look === 'sheet' ? 'max-h-[calc(100dvh-4rem)] px-3' : 'max-h-[75vh] px-6'}`}>
        {children}
      </div>
      <Toasts isInDialog />
    </dialog>
  )
}
