/** @file One part of the page, under its heading; fields of its forms. */
import type { ReactNode } from 'react'

export function Card({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-3 rounded-2xl border border-line bg-surface p-4 sm:p-5">
      <h2 className="text-base font-semibold wrap-anywhere">{title}</h2>
      {children}
    </section>
  )
}

export const FIELD = 'h-9 w-full rounded-lg border border-line bg-page px-3 text-sm disabled:opacity-60'

export function Field({ label, hint, children }: { readonly label: string; readonly hint?: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="flex min-w-0 flex-col gap-1 text-sm">
      <span className="font-medium">{label}</span>
      {children}
      {hint && <span className="text-xs text-muted">{hint}</span>}
    </label>
  )
}
