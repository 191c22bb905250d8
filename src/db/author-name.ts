/** @file Who did something, by name: rows store an author as `toAuthor` says (`src/domain/actor.ts`). */
import { type RawBuilder, sql } from 'kysely'

/** An account’s name, also of one that is gone; `owner` or `system`; nothing for nobody. */
export const authorName = (column: string): RawBuilder<string> => sql<string>`case
  when ${sql.ref(column)} like 'account:%'
    then coalesce((select accounts.name from accounts where accounts.id = substr(${sql.ref(column)}, 9)::integer), ${sql.ref(column)})
  when ${sql.ref(column)} = 'nobody' then ''
  else ${sql.ref(column)} end`
