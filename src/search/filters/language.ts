/** @file Filter `language`: photos whose text is in any of these languages. */
import { type SqlBool, sql } from 'kysely'
import { nameLanguage } from '../../domain/name-language.ts'
import { type Filter, lowered } from './filter.ts'

export const language: Filter<'language'> = {
  keeps: (codes) =>
    codes.length === 0
      ? null
      : (photo) =>
          sql<SqlBool>`exists (select 1 from ocr_texts o where o.photo_id = ${sql.ref(`${photo}.id`)} and o.language in (${lowered(codes)}))`,
  facet: {
    rows: (of) => sql`select o.photo_id, o.language as value from ocr_texts o where o.language is not null and ${of('o.photo_id')}`,
    labels: async (_db, codes) => new Map(codes.map((code) => [code, nameLanguage(code)])),
  },
}
