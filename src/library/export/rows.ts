/** @file Facts of photos as CSV (RFC 4180) and JSON, row by row. Pure. */
import type { ExportColumn } from '../../contract/exports.ts'

export type ExportRow = Readonly<Record<ExportColumn, string | number | boolean | null | readonly string[]>>

/** What is written before, between and after the rows, and one row. */
export interface RowWriter {
  readonly type: string
  readonly head: (columns: readonly ExportColumn[]) => string
  readonly row: (row: ExportRow, columns: readonly ExportColumn[], isFirst: boolean) => string
  readonly tail: string
}

export const ROW_WRITERS: Readonly<Record<'csv' | 'json', RowWriter>> = {
  csv: {
    type: 'text/csv; charset=utf-8; header=present',
    head: (columns) => `${columns.join(',')}\r\n`,
    row: (row, columns) => `${columns.map((column) => writeCell(row[column])).join(',')}\r\n`,
    tail: '',
  },
  json: {
    type: 'application/json; charset=utf-8',
    head: () => '[',
    row: (row, columns, isFirst) =>
      `${isFirst ? '\n' : ',\n'}${JSON.stringify(Object.fromEntries(columns.map((column) => [column, row[column]])))}`,
    tail: '\n]\n',
  },
}

function writeCell(value: ExportRow[ExportColumn]): string {
  if (value === null) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text = typeof value === 'string' ? value : value.join('; ')
  // a table program must not take what a picture or a name says for a formula (OWASP, CSV injection)
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
