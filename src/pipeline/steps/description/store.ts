/** @file What a describer said of a photo (table `descriptions`) and the tags it gives it (`photo_tags`). */
import { sql } from 'kysely'
import type { Trx } from '../../../db/client.ts'
import type { Description } from '../../../domain/description.ts'
import type { DescribeResult } from '../../../models/ports/describer.ts'

export interface SaidDescription {
  /** id of the describer */
  readonly saidBy: string
  readonly result: DescribeResult
}

/** Describers do not say how sure they are of a tag, so each gets the middle, unless the same thing is among the objects with a number. */
const TAG_CONFIDENCE = 0.5

/**
 * Is in use from now on, with its tags, instead of what was before; that is kept beside it where another describer said it. Tags of others stay.
 * A fallback does not replace what says more.
 */
export async function replaceDescription(trx: Trx, photoId: number, { saidBy, result }: SaidDescription): Promise<void> {
  if (result.fallbackUsed && (await saysMore(trx, photoId, result.description))) return
  await putAside(trx, photoId, saidBy)
  await trx.deleteFrom('other_descriptions').where('photo_id', '=', photoId).where('said_by', '=', saidBy).execute()
  const { description, usage } = result
  await trx
    .insertInto('descriptions')
    .values({
      photo_id: photoId,
      said_by: saidBy,
      models: [...result.models],
      prompt_version: result.promptVersion,
      description: description.description,
      alt_text: description.altText,
      primary_category: description.primaryCategory,
      scene_type: description.sceneType,
      cluster_name: description.suggestedClusterName,
      inspiration_prompt: description.inspirationPrompt,
      tags: [...description.tags],
      detected_objects: JSON.stringify(description.detectedObjects),
      fallback_used: result.fallbackUsed,
      fallback_reason: result.fallbackReason,
      input_tokens: usage.inputTokens,
      output_tokens: usage.outputTokens,
      cost: usage.cost?.amount ?? null,
      currency: usage.cost?.currency ?? null,
      cost_estimated: usage.cost?.isEstimated ?? false,
      duration_ms: result.durationMs,
    })
    .execute()
  await tag(trx, photoId, saidBy, description.tags, description.detectedObjects)
}

/** Uses what another describer said, with its tags. @returns whether it said something */
export async function switchTo(trx: Trx, photoId: number, saidBy: string): Promise<boolean> {
  const found = sql`photo_id = ${photoId} and said_by = ${saidBy}`
  const other = await trx.selectFrom('other_descriptions').selectAll().where(sql<boolean>`${found}`).forUpdate().executeTakeFirst()
  if (other === undefined) return false
  await putAside(trx, photoId, saidBy)
  await sql`with said as (delete from other_descriptions where ${found} returning *) insert into descriptions select * from said`.execute(
    trx,
  )
  await tag(trx, photoId, saidBy, other.tags, other.detected_objects)
  return true
}

/** What is in use is kept among what others said, but for what the one that comes now said before; its tags go. */
async function putAside(trx: Trx, photoId: number, saidBy: string): Promise<void> {
  const before = await sql<{ said_by: string }>`select said_by from descriptions where photo_id = ${photoId}`.execute(trx)
  const sayers = [...new Set([saidBy, ...before.rows.map((row) => row.said_by)])]
  await sql`delete from other_descriptions where photo_id = ${photoId}
    and (said_by in (select said_by from descriptions where photo_id = ${photoId}))`.execute(trx)
  await sql`with gone as (delete from descriptions where photo_id = ${photoId} returning *)
    insert into other_descriptions select * from gone where said_by <> ${saidBy}`.execute(trx)
  await trx.deleteFrom('photo_tags').where('photo_id', '=', photoId).where('said_by', 'in', sayers).execute()
}

async function tag(
  trx: Trx,
  photoId: number,
  saidBy: string,
  said: readonly string[],
  objects: Description['detectedObjects'],
): Promise<void> {
  const sure = new Map(objects.map(({ name, confidence }) => [name, confidence]))
  const tags = [...new Set(said)]
  if (tags.length === 0) return
  await trx
    .insertInto('photo_tags')
    .values(tags.map((name) => ({ photo_id: photoId, tag: name, said_by: saidBy, confidence: sure.get(name) ?? TAG_CONFIDENCE })))
    .execute()
}

/** Whether the photo has a whole description, or one of more parts than this. */
async function saysMore(trx: Trx, photoId: number, said: Description): Promise<boolean> {
  const known = await trx.selectFrom('descriptions').selectAll().where('photo_id', '=', photoId).execute()
  const parts = [said.primaryCategory, said.description, said.altText, said.sceneType, said.suggestedClusterName, said.inspirationPrompt]
  return known.some(
    (row) =>
      !row.fallback_used ||
      countFilled([
        row.primary_category,
        row.description,
        row.alt_text,
        row.scene_type,
        row.cluster_name,
        row.inspiration_prompt,
        row.tags,
        row.detected_objects,
      ]) > countFilled([...parts, said.tags, said.detectedObjects]),
  )
}

const countFilled = (parts: readonly (string | readonly unknown[] | null)[]): number =>
  parts.filter((part) => part !== null && part.length > 0).length
