/** @file What is shown where nothing is there yet: one sentence, and what to do. */
import type { ReactNode } from 'react'

interface EmptyStateProps {
  readonly icon: ReactNode
  readonly title: string
  readonly children?: ReactNode
}

export function EmptyState({ icon, title, children }: EmptyStateProps) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-3 px-6 py-16 text-center">
      <div className="grid size-16 place-items-center rounded-2xl bg-raised text-muted">{icon}</div>
      <h2 className="text-xl font-semibold text-balance">{title}</h2>
      {children}
    </div>
  )
}
