/** @file The tables of a library into a snapshot. */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpenDatabase, Trx } from '../db/client.ts'
import type { CopiedTable } from '../db/copy/copied-database.ts'
import { type ReadDatabase, readDatabase } from '../db/copy/read-database.ts'
import { fileSource, type Packed, packLines } from './packed.ts'
import type { BackupPlace } from './place.ts'
import { listStored, tableKey } from './snapshot.ts'

export type CopiedTables<T> = Omit<ReadDatabase<T>, 'tables'> & { readonly tables: readonly (CopiedTable & Packed)[] }

/** @param work a folder for files on their way, made and removed here */
export async function copyTables<T>(
  open: Pick<OpenDatabase, 'db'>,
  { blobs }: Pick<BackupPlace, 'blobs'>,
  name: string,
  work: string,
  also: (trx: Trx) => Promise<T>,
  signal: AbortSignal,
): Promise<CopiedTables<T>> {
  await mkdir(work, { recursive: true, mode: 0o700 })
  try {
    const packed = new Map<string, Packed>()
    const copied = await readDatabase(
      open.db,
      async (table, rows) => void packed.set(table, await packLines(join(work, table), rows, signal)),
      also,
      signal,
    )
    const tables = copied.tables.map((table) => ({ ...table, ...(packed.get(table.name) as Packed) }))
    // not before all are read: a store may be slow, and a server keeps what the transaction sees
    for (const table of listStored(tables))
      await blobs.put(tableKey(name, table.name), fileSource(join(work, table.name), table), { signal })
    return { ...copied, tables }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}
