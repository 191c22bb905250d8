/**
 * @file Sentences become codes with parameters (ADR 81). What is known gets its code, anything else keeps its sentence as the parameter of `text`.
 * It knows the sentences of the versions before it, which never change, and imports none of the catalogue, which does.
 */
import { type Kysely, sql } from 'kysely'

/** How a full, read-only, or vanished disk and a lost database were named when they still failed photos. */
const OUTAGES = [
  'cannot write a rendition into %',
  '%ENOSPC%',
  '%no space left on device%',
  '%EDQUOT%',
  '%disk quota exceeded%',
  '%EROFS%',
  '%read-only file system%',
  'the result could not be stored: %could not extend file%',
  'the result could not be stored: %connection%',
  'the result could not be stored: %ECONNREFUSED%',
].map((pattern) => `reason ilike '${pattern}'`)

const text = (column: string) => `jsonb_build_object('code', 'text', 'params', jsonb_build_object('text', ${column}))`
const plain = (code: string) => `'{"code": "${code}", "params": {}}'::jsonb`

const STATEMENTS = [
  `alter table photo_steps alter column reason type jsonb using case
    when reason is null then null
    when state = 'skipped' and reason ~ '^needs [a-z]+, which failed$' then
      jsonb_build_object('code', 'step.blocked', 'params', jsonb_build_object('step', substring(reason from '^needs ([a-z]+),')))
    when state = 'failed' and (${OUTAGES.join(' or ')}) then
      jsonb_build_object('code', 'step.outage', 'params', jsonb_build_object('text', reason))
    when state = 'skipped' and reason = 'the picture is too small to hold text' then ${plain('ocr.too-small')}
    when state = 'skipped' and reason = 'the picture has no embedding' then ${plain('tags.no-embedding')}
    when state = 'skipped' and reason like 'no tagger was brought along;%' then ${plain('model.no-tagger')}
    when state = 'skipped' and reason like 'no image–text model is installed;%' then ${plain('model.no-embedding')}
    else ${text('reason')} end`,
  // the reason of the first failed step, or why the file was refused
  `alter table photos alter column reason type jsonb using case when reason is null then null else ${text('reason')} end`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
