/** @file What a describer said of a photo: whole with its source for the photo page, and in the words of system C. */
import type { z } from 'zod'
import type { AnalysisC, DescriptionReport } from '../contract/description.ts'
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
