/** @file A part of the page of accounts, with its name and what can be done there. */
import type { ReactNode } from 'react'

interface SectionProps {
  readonly title: string
  readonly action?: ReactNode
  readonly children: ReactNode
}

export function Section({ title, action, children }: SectionProps) {
  return (
    <section aria-label={title} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-base font-semibold">{title}</h2>
        {action}
      </div>
      {children}
    </section>
  )
}

/** Rows of a section. */
export const ROWS = 'flex flex-col divide-y divide-line rounded-2xl border border-line bg-surface empty:hidden'
