/** @file The frame of every dialog, by Base UI: focus goes to its first field and comes back, Esc and a press outside close it. */
import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { type ReactNode, useRef } from 'react'
import { IconButton } from './button.tsx'
import { Toasts } from './toasts.tsx'

const LOOKS = {
  card: {
    place: 'items-center justify-center p-4',
    popup: 'max-h-[min(85dvh,60rem)] w-[min(34rem,100%)] rounded-2xl',
  },
  /** from below, under the thumb */
  sheet: {
    place: 'items-end justify-center',
    popup: 'max-h-[85dvh] w-full max-w-2xl rounded-t-2xl pb-[env(safe-area-inset-bottom)]',
  },
  /** below the buttons at the upper right; the page beside it stays in use */
  corner: {
    place: 'pointer-events-none items-start justify-end px-3 pt-16 pb-3',
    popup: 'pointer-events-auto max-h-full w-full border border-line sm:w-96 rounded-2xl',
  },
} as const

interface DialogProps {
  readonly title: string
  readonly look?: keyof typeof LOOKS
  readonly onClose: () => void
  readonly children: ReactNode
}

const FIELDS = 'input:not([type=hidden], [type=radio], [type=checkbox]):enabled, textarea:enabled, select:enabled'

export function DialogFrame({ title, look = 'card', onClose, children }: DialogProps) {
  const body = useRef<HTMLDivElement>(null)
  const isModal = look !== 'corner'
  const { place, popup } = LOOKS[look]
  return (
    <Base.Root
      open
      modal={isModal}
      onOpenChange={(_, { event }) => {
        // the page has keys of its own, and would take this one too once the dialog is gone
        if (event instanceof KeyboardEvent) event.preventDefault()
        onClose()
      }}
    >
      <Base.Portal>
        {isModal && <Base.Backdrop className="fixed inset-0 z-40 bg-black/50" />}
        <Base.Viewport className={`fixed inset-0 z-40 flex ${place}`}>
          <Base.Popup
            data-modal={isModal || undefined}
            // a touch would open the keyboard over the dialog: there the dialog itself has the focus
            initialFocus={(by) => {
              if (by === 'touch') return true
              const field = body.current?.querySelector<HTMLElement>('[data-autofocus]') ?? body.current?.querySelector<HTMLElement>(FIELDS)
              return field ?? body.current?.querySelector<HTMLElement>('button:enabled, a[href]') ?? true
            }}
            className={`flex flex-col bg-surface text-ink shadow-2xl outline-none ${popup}`}
          >
            <div className="flex shrink-0 items-center justify-between pt-3 pr-3 pl-6 max-sm:pl-4">
              <Base.Title className="text-lg font-semibold">{title}</Base.Title>
              <Base.Close
                render={
                  <IconButton label="Close">
                    <X className="size-5" aria-hidden />
                  </IconButton>
                }
              />
            </div>
            {/* rings of fields and buttons at its edge are not cut off: they lie within the padding */}
            <div ref={body} className="scrollbar-thin min-h-0 overflow-y-auto px-6 pt-1 pb-6 max-sm:px-4">
              {children}
            </div>
            {isModal && <Toasts isInDialog />}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}
