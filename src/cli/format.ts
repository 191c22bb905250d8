/** @file Numbers, times and columns for a terminal. */
import type { CatalogueModel } from '../contract/library.ts'
import { countOf } from '../domain/count-of.ts'
import { escapeControls } from '../domain/escape-controls.ts'

/** `1.4 GB`, decimal like file managers. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`
}

/** `45 s`, `12 min`, `3 h 20 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 90) return `${Math.max(0, Math.round(seconds))} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 90) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return `${hours} h ${minutes % 60} min`
}

/** Columns padded to their widest cell; the last one is left as it is. */
export function formatTable(table: readonly (readonly string[])[]): string {
  const rows = table.map((row) => row.map(escapeControls))
  const widths: number[] = []
  for (const row of rows) for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length)
  return rows
    .map((row) =>
      row
        .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** What a file or a picture says may hold control sequences; a terminal must not obey them. */
export const toPlainText = escapeControls

/** `34 ms a picture (1 thread, one at a time)` */
export function formatSpeed({ ms_per_picture, measured_on, threads, batch }: CatalogueModel): string {
  if (ms_per_picture === null) return 'speed not measured'
  const how = [
    measured_on === 'photos' ? 'median of photos here' : null,
    threads === null ? null : countOf(threads, 'thread'),
    batch === null ? null : batch === 1 ? 'one at a time' : `${batch} at a time`,
  ].filter((part) => part !== null)
  return `${ms_per_picture} ms a picture${how.length === 0 ? '' : ` (${how.join(', ')})`}`
}
