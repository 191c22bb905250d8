/** @file The faces of a photo (table `faces`), the people the file names (`people`), and the tags that faces give (`photo_tags`). */
import type { Trx } from '../../../db/client.ts'
import type { FaceRegion } from '../../../db/tables/library.ts'
import { toVectorText } from '../../../db/vector.ts'
import { type Box, boxOverlap } from '../../../domain/geometry.ts'
import type { FoundFace } from '../../../models/capability.ts'
import { tagFaces } from './face-tags.ts'

/** A named region of the file and a found face that overlap more are the same face; programs draw regions generously. */
const SAME_AS_REGION = 0.3
/** A face found again at the same place keeps its person. */
const SAME_AS_BEFORE = 0.5

interface Link {
  readonly personId: number
  readonly namedBy: string | null
}

/** Replaces the faces of the photo; a face found again keeps its person, a face in a named region of the file gets that person. */
export async function replaceFaces(trx: Trx, photoId: number, found: readonly FoundFace[], modelId: string): Promise<void> {
  const before = await trx
    .deleteFrom('faces')
    .where('photo_id', '=', photoId)
    .returning(['x', 'y', 'width', 'height', 'person_id', 'named_by', 'model_id'])
    .execute()
  const sayers = [...new Set([modelId, ...before.map((row) => row.model_id)])]
  await trx.deleteFrom('photo_tags').where('photo_id', '=', photoId).where('said_by', 'in', sayers).execute()
  if (found.length === 0) return

  const kept = before.flatMap((row) =>
    row.person_id === null ? [] : [{ box: row, value: { personId: row.person_id, namedBy: row.named_by } }],
  )
  const links = matchBoxes<Link>(found, kept, SAME_AS_BEFORE)
  const regions = await readFaceRegions(trx, photoId)
  const names = matchBoxes(
    found,
    regions.map((region) => ({ box: region.box, value: region.name })),
    SAME_AS_REGION,
  )
  for (const [index, name] of names) if (!links.has(index)) links.set(index, { personId: await ensurePerson(trx, name), namedBy: 'file' })

  await trx
    .insertInto('faces')
    .values(
      found.map((face, index) => ({
        photo_id: photoId,
        x: face.box.x,
        y: face.box.y,
        width: face.box.width,
        height: face.box.height,
        landmarks: JSON.stringify(face.landmarks),
        confidence: face.confidence,
        quality: face.quality,
        vector: toVectorText(face.vector),
        model_id: modelId,
        person_id: links.get(index)?.personId ?? null,
        named_by: links.get(index)?.namedBy ?? null,
      })),
    )
    .execute()
  const tags = tagFaces(found)
  if (tags.size === 0) return
  await trx
    .insertInto('photo_tags')
    .values([...tags].map(([tag, confidence]) => ({ photo_id: photoId, tag, said_by: modelId, confidence })))
    .execute()
}

/** Each face with the one box that fits it best, best pairs first, each box given once. @returns index of the face → value */
function matchBoxes<T>(found: readonly FoundFace[], known: readonly { box: Box; value: T }[], above: number): Map<number, T> {
  const pairs = found
    .flatMap((face, index) => known.map((other) => ({ index, other, overlap: boxOverlap(face.box, other.box) })))
    .filter(({ overlap }) => overlap > above)
    .sort((a, b) => b.overlap - a.overlap)
  const matched = new Map<number, T>()
  const given = new Set<unknown>()
  for (const { index, other } of pairs) {
    if (matched.has(index) || given.has(other)) continue
    matched.set(index, other.value)
    given.add(other)
  }
  return matched
}

async function readFaceRegions(trx: Trx, photoId: number): Promise<FaceRegion[]> {
  const row = await trx.selectFrom('photo_metadata').select('face_regions').where('photo_id', '=', photoId).executeTakeFirst()
  return row?.face_regions ?? []
}

async function ensurePerson(trx: Trx, name: string): Promise<number> {
  await trx
    .insertInto('people')
    .values({ name })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  const { id } = await trx.selectFrom('people').select('id').where('name', '=', name).executeTakeFirstOrThrow()
  return id
}
