/** @file Products and slots from CSV: each row is checked first, so that a dry run says what would happen and what is wrong. */
import type { z } from 'zod'
import { SLOTS, type Slot } from '../contract/product-words.ts'
import type { ImportAnswer, ImportRequest } from '../contract/products.ts'
import type { Db } from '../db/client.ts'
import { readCsv } from '../domain/csv.ts'
import { FototecaError } from '../domain/errors.ts'
import { changePicture, ensureProduct, findByName } from './store-products.ts'

const MAX_ROWS = 10_000

/** @throws FototecaError `invalid` when the heading has no column sku */
export async function importCsv(
  db: Db,
  { store, csv, dry_run }: z.output<typeof ImportRequest> & { readonly store: string },
): Promise<z.output<typeof ImportAnswer>> {
  const { rows, errors } = readRows(csv)
  const changes: { row: CsvRow; pictureId: number | null }[] = []
  for (const row of rows) {
    const picture = row.file === '' ? null : await findByName(db, store, row.file)
    if (picture === undefined)
      errors.push({ row: row.number, detail: `file: there is no stored picture “${row.file.slice(0, 100)}” in ${store}` })
    else changes.push({ row, pictureId: picture?.id ?? null })
  }
  if (!dry_run)
    for (const { row, pictureId } of changes)
      await db.transaction().execute(async (trx) => {
        const productId = await ensureProduct(trx, store, row.sku, { name: row.name, kind: row.kind })
        if (pictureId !== null)
          await changePicture(trx, pictureId, { product_id: productId, ...(row.slot === null ? {} : { slot: row.slot }) })
      })
  return {
    rows: rows.length + errors.filter(({ detail }) => !detail.startsWith('file:')).length,
    products: new Set(changes.map(({ row }) => row.sku)).size,
    pictures: changes.filter(({ pictureId }) => pictureId !== null).length,
    errors: errors.sort((a, b) => a.row - b.row),
    applied: !dry_run,
  }
}

interface CsvRow {
  /** 1 is the heading */
  readonly number: number
  readonly sku: string
  readonly name: string
  readonly kind: string
  readonly file: string
  readonly slot: Slot | null
}

/** @throws FototecaError `invalid` when the heading has no column sku */
function readRows(csv: string): { rows: CsvRow[]; errors: { row: number; detail: string }[] } {
  const [heading = [], ...lines] = readCsv(csv)
  const columns = heading.map((name) => name.trim().toLowerCase())
  const at = (name: string, line: readonly string[]) => line[columns.indexOf(name)]?.trim() ?? ''
  if (!columns.includes('sku'))
    throw new FototecaError('invalid', 'csv: the first line must name the columns, one of them “sku” (others: name, kind, file, slot)')
  if (lines.length > MAX_ROWS) throw new FototecaError('invalid', `csv: at most ${MAX_ROWS} rows at once`)
  const rows: CsvRow[] = []
  const errors: { row: number; detail: string }[] = []
  for (const [index, line] of lines.entries()) {
    const number = index + 2
    const [sku, slot] = [at('sku', line), at('slot', line).toLowerCase()]
    if (sku === '' || sku.length > 80 || /[\p{Cc}/\\]/u.test(sku))
      errors.push({ row: number, detail: 'sku: must be there, at most 80 characters, without slashes' })
    else if (slot !== '' && !(SLOTS as readonly string[]).includes(slot))
      errors.push({ row: number, detail: `slot: “${slot.slice(0, 40)}” is none of ${SLOTS.join(', ')}` })
    else
      rows.push({
        number,
        sku,
        name: at('name', line).slice(0, 300),
        kind: at('kind', line).slice(0, 60),
        file: at('file', line),
        slot: slot === '' ? null : (slot as Slot),
      })
  }
  return { rows, errors }
}
