/** @file Shows the toasts at the lower edge of the page or of the dialog that lies over it; read out, never in the way of a key. */
import { X } from 'lucide-react'
import { hideToast, holdToasts, takeBack, useIsTopLayer, useToasts } from '../lib/toasts.ts'

export function Toasts({ isInDialog = false }: { readonly isInDialog?: boolean }) {
  const toasts = useToasts()
  if (!useIsTopLayer(isInDialog)) return null
  return (
    // not atomic: a new message is read alone, not with those that stand already
    <div
      role="status"
      aria-label="Messages"
      aria-atomic="false"
      onPointerEnter={() => holdToasts(true)}
      onPointerLeave={() => holdToasts(false)}
      onFocus={() => holdToasts(true)}
      onBlur={() => holdToasts(false)}
      className="pointer-events-none fixed inset-x-4 bottom-4 max-desk:bottom-18 z-50 flex flex-col items-center gap-2"
    >
      {toasts.map((toast) => (
        <div
          key={toast.key}
          role={toast.tone === 'danger' ? 'alert' : undefined}
          className={`pointer-events-auto flex min-h-11 max-w-xl items-center gap-3 rounded-xl py-1 pr-1.5 pl-4 text-sm shadow-xl ${
            toast.tone === 'danger' ? 'bg-danger-soft text-danger' : 'bg-ink text-page'
          }`}
        >
          <span className={`min-w-0 py-1.5 wrap-anywhere ${toast.tone === 'danger' ? 'first-letter:uppercase' : ''}`}>{toast.text}</span>
          {toast.undo && (
            <button
              type="button"
              onClick={() => void takeBack(toast)}
              className="shrink-0 rounded-lg px-2 py-1.5 font-semibold underline underline-offset-2"
            >
              Undo
            </button>
          )}
          <button
            type="button"
            aria-label="Close the message"
            onClick={() => hideToast(toast.key)}
            className="shrink-0 rounded-full p-2 opacity-70 hover:opacity-100"
          >
            <X className="size-4" aria-hidden />
          </button>
        </div>
      ))}
    </div>
  )
}
