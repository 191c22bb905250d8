/** @file A titled table of plain facts; the first column names the row, the others are numbers or short words. */
import type { ReactNode } from 'react'

export function FactsTable({
  title,
  head,
  rows,
}: {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[]
}) {
  if (rows.length === 0) return null
  return (
    <section aria-label={title} className="flex flex-col gap-2">
      <h2 className="text-base font-semibold">{title}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone it is wider than the window, and keys must scroll it, too */}
      <div tabIndex={0} className="overflow-x-auto">
        <table className="w-full text-sm tabular-nums">
          <thead>
            <tr className="text-left text-muted">
              {head.map((name) => (
                <th key={name} scope="col" className="py-1 pr-4 font-normal">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, cells }) => (
              <tr key={key} className="border-t border-line">
                {cells.map((cell, i) => (
                  <td key={head[i]} className={`py-1.5 pr-4 wrap-anywhere ${i === 0 ? 'min-w-24' : ''}`}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
