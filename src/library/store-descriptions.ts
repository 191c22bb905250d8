/** @file What a describer said of a photo: whole with its source for the photo page, and in the words of system C. */
import type { z } from 'zod'
import type { AnalysisC, DescriptionReport, InspirationReport, OtherDescription } from '../contract/description.ts'
import type { DbOrTrx } from '../db/client.ts'
import { mayBeSeen } from '../db/visible.ts'
import type { Visibility } from '../domain/visibility.ts'
import { toIso } from './photo-card.ts'

export async function readDescription(db: DbOrTrx, photoId: number): Promise<DescriptionReport | null> {
  const row = await db
    .selectFrom('descriptions')
    .selectAll()
    .where('photo_id', '=', photoId)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) return null
  const { photo_id: _photo, cluster_name, created_at, ...said } = row
  return { ...said, suggested_cluster_name: cluster_name, said_at: toIso(created_at) }
}

/** What others said, newest first. */
export async function readOtherDescriptions(db: DbOrTrx, photoId: number): Promise<OtherDescription[]> {
  const rows = await db
    .selectFrom('other_descriptions')
    .select([
      'said_by',
      'models',
      'description',
      'primary_category',
      'tags',
      'fallback_used',
      'duration_ms',
      'cost',
      'currency',
      'created_at',
    ])
    .where('photo_id', '=', photoId)
    .orderBy('created_at', 'desc')
    .execute()
  return rows.map(({ created_at, ...said }) => ({ ...said, said_at: toIso(created_at) }))
}

/** By the describer of that purpose; else by the one of the description; null: nobody said one. */
export async function readInspiration(db: DbOrTrx, photoId: number): Promise<InspirationReport | null> {
  const row = await db
    .selectFrom('purpose_texts')
    .selectAll()
    .where('photo_id', '=', photoId)
    .where('purpose', '=', 'inspiration')
    .executeTakeFirst()
  if (row) {
    const { photo_id: _photo, purpose: _purpose, text, created_at, ...said } = row
    return { prompt: text, ...said, said_at: toIso(created_at) }
  }
  const description = await readDescription(db, photoId)
  if (!description?.inspiration_prompt) return null
  const { said_by, models, prompt_version, fallback_used, fallback_reason, input_tokens, output_tokens, said_at } = description
  const { cost, currency, cost_estimated, duration_ms } = description
  return {
    ...{ prompt: description.inspiration_prompt, said_by, models, prompt_version, fallback_used, fallback_reason, said_at },
    ...{ input_tokens, output_tokens, cost, currency, cost_estimated, duration_ms },
  }
}

/** Undefined where nothing was said, or there is no such photo. */
export async function readAnalysisC(db: DbOrTrx, sees: Visibility, photoId: number): Promise<z.infer<typeof AnalysisC> | undefined> {
  if (!(await mayBeSeen(db, sees, photoId))) return undefined
  const [said, colours] = await Promise.all([
    readDescription(db, photoId),
    db.selectFrom('photo_colours').select('hex').where('photo_id', '=', photoId).orderBy('position').execute(),
  ])
  if (!said) return undefined
  return {
    primary_category: said.primary_category,
    tags: said.tags,
    description: said.description,
    detected_objects: said.detected_objects,
    scene_type: said.scene_type,
    color_palette: colours.map((colour) => colour.hex),
    suggested_cluster_name: said.suggested_cluster_name,
    vlm_model: said.models.join('+') || said.said_by,
    fallback_used: said.fallback_used,
    processing_time_ms: said.duration_ms,
  }
}
