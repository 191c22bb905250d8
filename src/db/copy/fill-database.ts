/** @file Fills an empty, migrated database with the rows of a copy: all of them, or none. */
import { sql } from 'kysely'
import { FototecaError } from '../../domain/errors.ts'
import type { Db, Trx } from '../client.ts'
import type { CopiedRow, CopiedSequence, CopiedTable } from './copied-database.ts'
import { listTables } from './read-database.ts'

/**
 * Numbers of transactions mean nothing in another database. What they mark counts as old there (vectors in memory are read whole at the
 * start), and each sidecar is compared with its photo once more.
 */
const OLD_TRANSACTION = '3'
const TRANSACTIONS: Readonly<Record<string, string | null>> = { 'embeddings.changed_in': null, 'sidecars.seen': '2' }

/** Tables that no library is without content in as soon as somebody used it. */
const USED_TABLES = ['photos', 'albums', 'people', 'products', 'edits', 'descriptions', 'embeddings'] as const

/** Whether nothing was ever put into this migrated database. */
export async function isUnused(db: Db): Promise<boolean> {
  for (const table of USED_TABLES) {
    const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(db)
    if (rows.length > 0) return false
  }
  return (await db.selectFrom('sources').select('id').where('kind', '=', 'folder').limit(1).execute()).length === 0
}

/** Whether there is any table at all. */
export async function hasTables(db: Db): Promise<boolean> {
  const { rows } = await sql`
    select 1 from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r' limit 1`.execute(db)
  return rows.length > 0
}

export interface FilledTable extends CopiedTable {
  /** each time from the beginning */
  readonly rowsOf: () => AsyncIterable<readonly CopiedRow[]>
}

/**
 * In one transaction: indexes and references are put back over the whole, which is faster and checks them.
 * @param also done with it, or not at all
 * @throws FototecaError `invalid` where the copy is not what it says, or is of other tables
 */
export async function fillDatabase(
  db: Db,
  copy: { readonly tables: readonly FilledTable[]; readonly sequences: readonly CopiedSequence[] },
  onRows: (rows: number) => void,
  also: (trx: Trx) => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    checkTables(await listTables(trx), copy.tables)
    const parts = await takeApart(trx)
    await sql`truncate ${sql.join(copy.tables.map(({ name }) => sql.table(name)))}`.execute(trx)
    for (const table of copy.tables) {
      if (table.rows === 0) continue // it has no file
      let rows = 0
      for await (const some of table.rowsOf()) {
        signal.throwIfAborted()
        await insertRows(trx, table, some)
        rows += some.length
        onRows(some.length)
      }
      if (rows !== table.rows)
        throw new FototecaError('invalid', `the copy has ${rows} rows of ${table.name} where it says ${table.rows}; take another backup`)
    }
    await putTogether(trx, parts)
    for (const { table, column, last } of copy.sequences)
      if (last !== null) await sql`select setval(pg_get_serial_sequence(${table}, ${column})::regclass, ${last})`.execute(trx)
    // indexes of vectors take their time; they are made again in the background
    await trx.updateTable('spaces').set({ indexed_at: null }).execute()
    await also(trx)
  })
  await sql`vacuum analyze`.execute(db)
}

function checkTables(here: readonly Omit<CopiedTable, 'rows'>[], copied: readonly CopiedTable[]): void {
  const describe = (tables: readonly Omit<CopiedTable, 'rows'>[]) =>
    new Map(tables.map(({ name, columns }) => [name, columns.map((column) => `${column.name} ${column.type}`).join(', ')]))
  const [ours, theirs] = [describe(here), describe(copied)]
  const differing = [...new Set([...ours.keys(), ...theirs.keys()])].filter((name) => ours.get(name) !== theirs.get(name))
  if (differing.length > 0)
    throw new FototecaError(
      'invalid',
      `the backup has other tables than its version of the schema should (${differing.join(', ')}); restore it with the version of fototeca that made it`,
    )
}

interface Parts {
  readonly references: readonly { readonly table: string; readonly name: string; readonly definition: string }[]
  readonly indexes: readonly { readonly name: string; readonly definition: string }[]
  readonly triggered: readonly string[]
}

/** Rows come in any order, and what triggers would do was done when they were first written. */
async function takeApart(trx: Trx): Promise<Parts> {
  const { rows: references } = await sql<Parts['references'][number]>`
    select c.relname as table, k.conname as name, pg_get_constraintdef(k.oid) as definition
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where k.contype = 'f' and k.connamespace = current_schema()::regnamespace`.execute(trx)
  for (const { table, name } of references) await sql`alter table ${sql.table(table)} drop constraint ${sql.ref(name)}`.execute(trx)
  const { rows: indexes } = await sql<Parts['indexes'][number]>`
    select i.relname as name, pg_get_indexdef(x.indexrelid) as definition
    from pg_index x join pg_class i on i.oid = x.indexrelid
    where i.relnamespace = current_schema()::regnamespace
      and not exists (select 1 from pg_constraint k where k.conindid = x.indexrelid)
      and not exists (select 1 from pg_class t where t.oid = x.indrelid and t.relname like 'kysely\\_%')`.execute(trx)
  for (const { name } of indexes) await sql`drop index ${sql.ref(name)}`.execute(trx)
  const { rows: triggers } = await sql<{ table: string }>`
    select distinct c.relname as table from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where not t.tgisinternal and c.relnamespace = current_schema()::regnamespace`.execute(trx)
  const triggered = triggers.map(({ table }) => table)
  for (const table of triggered) await sql`alter table ${sql.table(table)} disable trigger user`.execute(trx)
  return { references, indexes, triggered }
}

async function putTogether(trx: Trx, { references, indexes, triggered }: Parts): Promise<void> {
  for (const { definition } of indexes) await sql.raw(definition).execute(trx)
  for (const { table, name, definition } of references)
    await sql`alter table ${sql.table(table)} add constraint ${sql.ref(name)} ${sql.raw(definition)}`.execute(trx)
  for (const table of triggered) await sql`alter table ${sql.table(table)} enable trigger user`.execute(trx)
}

async function insertRows(trx: Trx, { name, columns }: CopiedTable, rows: readonly CopiedRow[]): Promise<void> {
  if (rows.length === 0) return
  const values = columns.map((column, at) => {
    if (column.type !== 'xid8') return sql`(r.value ->> ${sql.lit(at)})::${sql.raw(column.type)}`
    const mark = TRANSACTIONS[`${name}.${column.name}`]
    return sql`${mark === undefined ? OLD_TRANSACTION : mark}::text::xid8`
  })
  await sql`insert into ${sql.table(name)} (${sql.join(columns.map((column) => sql.ref(column.name)))}) overriding system value
    select ${sql.join(values)} from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) as r (value)`.execute(trx)
}
