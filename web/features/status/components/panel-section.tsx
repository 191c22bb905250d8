/** @file A part of the status panel, with its name. */
import type { ReactNode } from 'react'

export function PanelSection({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-2">
      <h3 className="text-[13px] font-semibold text-muted">{title}</h3>
      {children}
    </section>
  )
}
