/** @file Reads CSV, and writes it so that a spreadsheet takes no cell for a formula. */
import { CsvError, parse } from 'csv-parse/sync'
import { FototecaError } from './errors.ts'

/**
 * Rows of cells, without empty rows. The heading tells whether cells are separated by comma, semicolon or tab.
 * @throws FototecaError `invalid` where a quoted cell has no end
 */
export function readCsv(text: string): string[][] {
  const heading = text.split(/\r?\n/, 1)[0] ?? ''
  const delimiter = [',', ';', '\t'].toSorted((a, b) => heading.split(b).length - heading.split(a).length)[0] ?? ','
  try {
    return parse(text, {
      bom: true,
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
      skip_records_with_empty_values: true,
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const why = error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'a quotation mark that opens a cell is never closed' : error.message
    throw new FototecaError('invalid', `csv: ${why}`, { cause: error })
  }
}

/** One line with its end. */
export function writeCsvRow(cells: readonly (string | number | null)[]): string {
  return `${cells.map((cell) => writeCell(cell === null ? '' : String(cell))).join(',')}\r\n`
}

function writeCell(cell: string): string {
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
