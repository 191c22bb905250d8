/** @file What a database is made of, as lines that compare: tables, columns, constraints, indexes, views, functions, triggers, sequences. */
import { sql } from 'kysely'
import type { Db } from '../../src/db/client.ts'

/** Of the schema `public`; what extensions brought is told by their names. Columns stand in their order, not by number: a dropped one leaves a gap. */
export async function readCatalogue(db: Db): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    with ours as (
      select oid, relname, relkind from pg_class
      where relnamespace = 'public'::regnamespace and relname not like 'kysely%'
        and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype = 'e')),
    columns as (
      select attrelid, attname, atttypid, atttypmod, attnotnull, attidentity, attgenerated, attcollation, attstorage,
        row_number() over (partition by attrelid order by attnum) as place, pg_get_expr(adbin, adrelid) as preset
      from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
      where attnum > 0 and not attisdropped)
    select format('extension %s', extname) as line from pg_extension
    union all select format('%s %s', relkind, relname) from ours
    union all select format('column %s.%s %s: %s collate %s storage %s%s%s%s%s', relname, place, attname, format_type(atttypid, atttypmod),
        coalesce(attcollation::regcollation::text, '-'), attstorage, case when attnotnull then ' not null' end,
        ' identity ' || nullif(attidentity::text, ''), ' generated ' || nullif(attgenerated::text, ''), ' default ' || preset)
      from columns join ours on oid = attrelid where relkind in ('r', 'v', 'm', 'p')
    union all select format('constraint %s.%s: %s', conrelid::regclass, conname, pg_get_constraintdef(pg_constraint.oid))
      from pg_constraint join ours on ours.oid = conrelid
    union all select format('index %s', pg_get_indexdef(oid)) from ours where relkind = 'i'
    union all select format('view %s: %s', relname, pg_get_viewdef(oid)) from ours where relkind in ('v', 'm')
    union all select format('trigger %s', pg_get_triggerdef(pg_trigger.oid)) from pg_trigger join ours on ours.oid = tgrelid where not tgisinternal
    union all select format('function %s', pg_get_functiondef(oid)) from pg_proc
      where pronamespace = 'public'::regnamespace and prokind = 'f'
        and not exists (select from pg_depend where classid = 'pg_proc'::regclass and objid = pg_proc.oid and deptype = 'e')
    union all select format('sequence %s: %s start %s by %s from %s to %s cache %s cycle %s', seqrelid::regclass, seqtypid::regtype,
        seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle) from pg_sequence join ours on ours.oid = seqrelid
    order by line`.execute(db)
  return rows.map(({ line }) => line)
}
