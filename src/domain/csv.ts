/** @file CSV as RFC 4180 has it, read and written; cells that a spreadsheet would take for a formula are written as text. */

/** Rows of cells; a quoted cell may hold commas, quotes and line ends. `;` and tab are taken where the heading uses them. */
export function readCsv(text: string): string[][] {
  const source = text.replace(/^\ufeff/, '')
  const heading = source.split(/\r?\n/, 1)[0] ?? ''
  const comma = [',', ';', '\t'].toSorted((a, b) => heading.split(b).length - heading.split(a).length)[0] ?? ','
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let isQuoted = false
  const endCell = () => {
    row.push(cell)
    cell = ''
  }
  const endRow = () => {
    endCell()
    if (row.some((value) => value.trim() !== '')) rows.push(row)
    row = []
  }
  for (let at = 0; at < source.length; at++) {
    const char = source[at] as string
    if (isQuoted) {
      if (char !== '"') cell += char
      else if (source[at + 1] === '"') {
        cell += '"'
        at++
      } else isQuoted = false
    } else if (char === '"' && cell === '') isQuoted = true
    else if (char === comma) endCell()
    else if (char === '\n') endRow()
    else if (char !== '\r') cell += char
  }
  endRow()
  return rows
}

/** One line with its end. */
export function writeCsvRow(cells: readonly (string | number | null)[]): string {
  return `${cells.map((cell) => writeCell(cell === null ? '' : String(cell))).join(',')}\r\n`
}

function writeCell(cell: string): string {
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
