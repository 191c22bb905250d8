/** @file Values arrive as `db/tables` says, on PGlite and on Postgres alike; the live schema has exactly the columns of the table types. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { NEEDS_EMBEDDED } from '../../support/skip-reasons.ts'

let open: TestDatabase
beforeAll(async () => {
  open = await openTestDatabase()
})
afterAll(() => open[Symbol.asyncDispose]())

describe('values', () => {
  test('arrive in the types tables.ts promises', async () => {
    const { rows } = await sql`select 9007199254740991::int8 as int8, 7::int4 as int4, 0.1::float4 as float4, 0.1::float8 as float8,
      '2026-02-28'::date as date, '2026-02-28 13:14:15'::timestamp as local, '2026-02-28 13:14:15+02'::timestamptz as instant,
      '\\x00ff10'::bytea as bytes, array['a', null, 'b,"c']::text[] as texts, '{"a": [1]}'::jsonb as json, true as yes,
      '[1,-2.5]'::vector as vector, 1.50::numeric as numeric, null::text as nothing`.execute(open.db)
    expect(rows).toEqual([
      {
        int8: 9007199254740991,
        int4: 7,
        float4: 0.1,
        float8: 0.1,
        date: '2026-02-28',
        local: '2026-02-28 13:14:15',
        instant: new Date('2026-02-28T11:14:15Z'),
        bytes: new Uint8Array([0, 255, 16]),
        texts: ['a', null, 'b,"c'],
        json: { a: [1] },
        yes: true,
        vector: '[1,-2.5]',
        numeric: '1.50',
        nothing: null,
      },
    ])
    expect(Object.getPrototypeOf((rows[0] as { bytes: object }).bytes)).toBe(Uint8Array.prototype)
  })

  test('go in as parameters and come back the same', async () => {
    const bytes = Buffer.from('small, from the pool')
    const { rows } = await sql`select ${bytes}::bytea as bytes, ${new Date('2026-01-02T03:04:05.678Z')}::timestamptz as instant,
      ${['x', 'y,z', '"q"']}::text[] as texts, ${[1, 2]}::int4[] as numbers, ${JSON.stringify({ a: 'é' })}::jsonb as json,
      ${'2026-01-02'}::date as day, ${'2026-01-02 03:04:05'}::timestamp as local, ${null}::text as nothing, ${true}::bool as yes,
      ${12.5}::float8 as number, ${"naïve “quotes” \\ ' 漢字 😀"}::text as text`.execute(open.db)
    expect(rows).toEqual([
      {
        bytes: new Uint8Array(bytes),
        instant: new Date('2026-01-02T03:04:05.678Z'),
        texts: ['x', 'y,z', '"q"'],
        numbers: [1, 2],
        json: { a: 'é' },
        day: '2026-01-02',
        local: '2026-01-02 03:04:05',
        nothing: null,
        yes: true,
        number: 12.5,
        text: "naïve “quotes” \\ ' 漢字 😀",
      },
    ])
  })

  test('counts are numbers, changed rows are counted', async () => {
    await truncateAll(open.db)
    await open.db
      .insertInto('settings')
      .values([
        { key: 'a', value: '1' },
        { key: 'b', value: '{"x": 2}' },
      ])
      .execute()
    const { count } = await open.db
      .selectFrom('settings')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    expect(count).toBe(2)
    const changed = await open.db.updateTable('settings').set({ value: '3' }).where('key', '=', 'a').executeTakeFirstOrThrow()
    expect(changed.numUpdatedRows).toBe(1n)
    expect(await open.db.selectFrom('settings').selectAll().orderBy('key').execute()).toEqual([
      { key: 'a', value: 3 },
      { key: 'b', value: { x: 2 } },
    ])
  })

  test('an error carries the code of Postgres', async () => {
    await expect(
      open.db
        .insertInto('sources')
        .values({ kind: 'other' as 'folder', path: '/x' })
        .execute(),
    ).rejects.toMatchObject({ code: '23514' })
    await expect(sql`selec 1`.execute(open.db)).rejects.toMatchObject({ code: '42601' })
  })
})

describe('transactions', () => {
  test('are exclusive, commit and roll back', async () => {
    await truncateAll(open.db)
    await expect(
      open.db.transaction().execute(async (trx) => {
        await trx.insertInto('settings').values({ key: 'gone', value: '1' }).execute()
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        open.db.transaction().execute(async (trx) => {
          await trx
            .insertInto('settings')
            .values({ key: `k${index}`, value: '1' })
            .execute()
          await trx.updateTable('settings').set({ value: '2' }).where('key', '=', `k${index}`).execute()
        }),
      ),
    )
    const rows = await open.db.selectFrom('settings').select(['key', 'value']).execute()
    expect(rows).toHaveLength(20)
    expect(rows.every((row) => row.value === 2)).toBe(true)
  })

  test.skipIf(process.env.FOTOTECA_TEST_POSTGRES)(
    'a query on `db` inside a transaction fails with the likely mistake (PGlite only: a pool has other connections)',
    { meta: NEEDS_EMBEDDED },
    async () => {
      await using watched = await openTestDatabase({ watchdogMs: 500 })
      await expect(watched.db.transaction().execute(async () => watched.db.selectFrom('settings').selectAll().execute())).rejects.toThrow(
        '`db` used inside `db.transaction()`',
      )
      await watched.db.selectFrom('settings').selectAll().execute()
    },
  )
})

test('the table types have exactly the columns of the live schema', async () => {
  const folder = resolve(import.meta.dirname, '../../../src/db/tables')
  const declared = readdirSync(folder).flatMap((name) => readDeclaredColumns(readFileSync(join(folder, name), 'utf8')))
  const { rows } = await sql<{ table: string; column: string; nullable: boolean }>`
    select table_name as table, column_name as column, is_nullable = 'YES' as nullable
    from information_schema.columns where table_schema = 'public' and table_name not like 'kysely%'`.execute(open.db)
  const live = rows.map((row) => `${row.table}.${row.column}${row.nullable ? ' | null' : ''}`).sort()
  expect(declared.sort()).toEqual(live)
})

/** `table.column` of every property in an `interface …Tables`, with ` | null` where the type allows it. */
function readDeclaredColumns(source: string): string[] {
  const body = (/export interface \w+Tables \{\n(.*?)\n\}/s.exec(source)?.[1] ?? '')
    // columns that two tables share have a name
    .replaceAll(
      /^ {2}(\w+): (\w+)$/gm,
      (_, table, name) => `  ${table}: {${new RegExp(`interface ${name} \\{(.*?)\\n\\}`, 's').exec(source)?.[1]}}`,
    )
    .replaceAll(/\/\*\*.*?\*\//gs, '')
  const columns: string[] = []
  for (const [, table, inside] of body.matchAll(/^ {2}(\w+): \{(.*?)\}$/gms)) {
    for (const [, column, type] of inside!.matchAll(/(\w+): ([^\n;]+)/g)) {
      columns.push(`${table}.${column}${/\| null\s*$/.test(type!.trim().replace(/\}$/, '')) ? ' | null' : ''}`)
    }
  }
  return columns
}
