/** @file Saves what a file says of itself: its own table, the time onto the photo, keywords as tags said by the file. */
import { isDeepStrictEqual } from 'node:util'
import type { Trx } from '../../../db/client.ts'
import type { FaceRegion, SidecarFacts } from '../../../db/tables/library.ts'
import { nameFacesByRegions } from '../faces/store.ts'
import { combine, findForeign } from './foreign.ts'
import type { FoundMetadata } from './found-metadata.ts'

const SAID_BY = 'file'

export async function saveMetadata(trx: Trx, photoId: number, found: FoundMetadata): Promise<void> {
  const before = await readBefore(trx, photoId)
  const sidecar = findForeign(found.sidecars, before.own, before.sidecar)
  const says = combine(found, sidecar)
  const row = {
    camera_make: found.cameraMake,
    camera_model: found.cameraModel,
    lens: found.lens,
    iso: found.iso,
    aperture: found.aperture,
    exposure_s: found.exposureS,
    focal_mm: found.focalMm,
    latitude: found.position?.latitude ?? null,
    longitude: found.position?.longitude ?? null,
    altitude_m: found.altitudeM,
    country: found.country,
    city: found.city,
    city_source: found.citySource,
    rating: says.rating,
    title: says.title,
    description: says.description,
    alt_text: says.altText,
    keywords: says.keywords,
    orientation: found.orientation,
    colour_profile: found.colourProfile,
    software: found.software,
    face_regions: JSON.stringify(says.faceRegions),
    raw: JSON.stringify(found.raw),
    sidecar: sidecar && JSON.stringify(sidecar),
  }
  await trx
    .insertInto('photo_metadata')
    .values({ photo_id: photoId, ...row })
    .onConflict((conflict) => conflict.column('photo_id').doUpdateSet(row))
    .execute()
  await trx
    .updateTable('photos')
    .set({
      taken_at: found.taken?.instantMs == null ? null : new Date(found.taken.instantMs),
      taken_local: found.taken?.local ?? null,
      taken_zone: found.taken?.zone ?? null,
      sort_at: new Date(found.sortAtMs),
      day: found.day,
    })
    .where('id', '=', photoId)
    .execute()
  await replaceKeywordTags(trx, photoId, says.keywords)
  // faces are named when they are found; regions that come later, in a sidecar, name those that are there
  if (!isDeepStrictEqual(before.faceRegions, says.faceRegions)) await nameFacesByRegions(trx, photoId, says.faceRegions, before.faceRegions)
}

interface Before {
  readonly sidecar: SidecarFacts | null
  readonly faceRegions: readonly FaceRegion[]
  readonly own: Parameters<typeof findForeign>[1]
}

async function readBefore(trx: Trx, photoId: number): Promise<Before> {
  const row = await trx.selectFrom('photo_metadata').select(['sidecar', 'face_regions']).where('photo_id', '=', photoId).executeTakeFirst()
  const own = await trx.selectFrom('sidecars').select(['path', 'content']).where('photo_id', '=', photoId).executeTakeFirst()
  return { sidecar: row?.sidecar ?? null, faceRegions: row?.face_regions ?? [], own }
}

/** Every part of a path is a tag of its own, so that `People/Marie Curie` is found by either word. */
async function replaceKeywordTags(trx: Trx, photoId: number, keywords: readonly string[]): Promise<void> {
  await trx.deleteFrom('photo_tags').where('photo_id', '=', photoId).where('said_by', '=', SAID_BY).execute()
  const parts = keywords.flatMap((keyword) => keyword.split('/')).map((part) => part.trim().toLowerCase())
  const tags = [...new Set(parts)].filter((tag) => tag !== '')
  if (tags.length === 0) return
  const rows = tags.map((tag) => ({ photo_id: photoId, tag, said_by: SAID_BY, confidence: 1 }))
  await trx.insertInto('photo_tags').values(rows).execute()
}
