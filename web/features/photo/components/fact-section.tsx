/** @file One part of the fact panel, under its heading. */
import type { ReactNode } from 'react'

interface FactSectionProps {
  readonly title: string
  readonly aside?: ReactNode
  readonly children: ReactNode
}

export function FactSection({ title, aside, children }: FactSectionProps) {
  return (
    <section aria-label={title} className="flex flex-col gap-2">
      <div className="flex items-center justify-between gap-2">
        <h2 className="text-[13px] font-semibold text-muted">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}
