/** @file A field of a form under its name. */
import type { ReactNode } from 'react'

/** How inputs, selects and text areas of a form look. */
export const FIELD = 'w-full rounded-lg border border-line bg-page px-3 py-2 text-sm text-ink'

export function Labelled({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="flex flex-col gap-1 text-[13px] text-muted">
      {label}
      {children}
    </label>
  )
}
