/** @file A modal dialog: the browser’s own, so focus is trapped and given back, and Esc closes. */
import { X } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { IconButton } from './button.tsx'

interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
}

export function Dialog({ title, onClose, children }: DialogProps) {
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
      className="m-auto w-[min(34rem,calc(100vw-2rem))] rounded-2xl bg-surface p-0 text-ink shadow-2xl backdrop:bg-black/50"
    >
      <div className="flex items-center justify-between pt-3 pr-3 pl-6">
        <h2 className="text-lg font-semibold">{title}</h2>
        <IconButton label="Close" onClick={onClose}>
          <X className="size-5" aria-hidden />
        </IconButton>
      </div>
      <div className="max-h-[75vh] overflow-y-auto px-6 pt-1 pb-6">{children}</div>
    </dialog>
  )
}
