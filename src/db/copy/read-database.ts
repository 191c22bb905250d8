/** @file Reads all tables of a database as of one moment, as text. */
import { sql } from 'kysely'
import type { Db, Trx } from '../client.ts'
import { type CopiedRow, type CopiedSequence, type CopiedTable, isOwnTable } from './copied-database.ts'

/** Of 768 numbers as text: 2.5 MB. */
const ROWS_AT_ONCE = 250

export interface ReadDatabase<T> {
  /** what `also` read */
  readonly also: T
  readonly migrations: readonly string[]
  readonly tables: readonly CopiedTable[]
  readonly sequences: readonly CopiedSequence[]
}

/**
 * In one read-only transaction. Of PGlite it takes the only connection, so what is running is read from a copy (`online-copy.ts`).
 * @param saveTable reads `rows` to their end
 * @param also reads what else is wanted of the same moment
 */
export async function readDatabase<T>(
  db: Db,
  saveTable: (name: string, rows: AsyncIterable<readonly CopiedRow[]>) => Promise<void>,
  also: (trx: Trx) => Promise<T>,
  signal: AbortSignal,
): Promise<ReadDatabase<T>> {
  return await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      const found = await also(trx)
      const migrations = await trx
        .withTables<{ kysely_migration: { name: string } }>()
        .selectFrom('kysely_migration')
        .select('name')
        .orderBy('name')
        .execute()
      const tables: CopiedTable[] = []
      for (const table of await listTables(trx)) {
        let rows = 0
        const counted = async function* () {
          for await (const some of readRows(trx, table, signal)) {
            rows += some.length
            yield some
          }
        }
        await saveTable(table.name, counted())
        tables.push({ ...table, rows })
      }
      return { also: found, migrations: migrations.map(({ name }) => name), tables, sequences: await readSequences(trx) }
    })
}

/** The tables of the library with their stored columns. */
export async function listTables(trx: Db | Trx): Promise<Omit<CopiedTable, 'rows'>[]> {
  const { rows } = await sql<{ name: string; columns: { name: string; type: string }[] }>`
    select c.relname as name, jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' group by c.relname order by c.relname`.execute(trx)
  return rows.filter(({ name }) => isOwnTable(name))
}

/** Bytes the database takes on the disk: its copy is smaller. */
export async function measureDatabase(db: Db): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`select pg_database_size(current_database()) as bytes`.execute(db)
  return Number(rows[0]?.bytes ?? 0)
}

async function* readRows(trx: Trx, { name, columns }: Omit<CopiedTable, 'rows'>, signal: AbortSignal): AsyncGenerator<CopiedRow[]> {
  const values = sql.join(columns.map((column, at) => sql`${sql.ref(column.name)}::text as ${sql.ref(`c${at}`)}`))
  await sql`declare copied no scroll cursor for select ${values} from ${sql.table(name)}`.execute(trx)
  for (;;) {
    signal.throwIfAborted()
    const { rows } = await sql<Record<string, string | null>>`fetch forward ${sql.lit(ROWS_AT_ONCE)} from copied`.execute(trx)
    if (rows.length > 0) yield rows.map((row) => columns.map((_, at) => row[`c${at}`] ?? null))
    if (rows.length < ROWS_AT_ONCE) break
  }
  await sql`close copied`.execute(trx)
}

async function readSequences(trx: Trx): Promise<CopiedSequence[]> {
  const { rows } = await sql<{ table: string; column: string; last: string | null }>`
    select c.relname as table, a.attname as column,
      pg_sequence_last_value(pg_get_serial_sequence(quote_ident(c.relname), a.attname)::regclass)::text as last
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attidentity <> ''
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' order by 1, 2`.execute(trx)
  return rows.map(({ table, column, last }) => ({ table, column, last: last === null ? null : Number(last) }))
}
