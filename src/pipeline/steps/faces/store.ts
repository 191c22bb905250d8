/** @file The faces of a photo (table `faces`), the people the file names (`people`), and the tags that faces give (`photo_tags`). */
import { sql } from 'kysely'
import type { Trx } from '../../../db/client.ts'
import type { FaceNamer } from '../../../db/tables/groups.ts'
import type { FaceRegion } from '../../../db/tables/library.ts'
import { toVectorText } from '../../../db/vector.ts'
import { type Box, boxOverlap } from '../../../domain/geometry.ts'
import type { FoundFace } from '../../../models/ports/capability.ts'
import { type TaggingFace, tagFaces } from './face-tags.ts'
import { findAnimal, type Thing } from './find-animal.ts'

/** A named region of the file and a found face that overlap more are the same face; programs draw regions generously. */
const SAME_AS_REGION = 0.3
/** A face found again at the same place keeps its person. */
const SAME_AS_BEFORE = 0.5

interface Link {
  readonly personId: number | null
  readonly namedBy: FaceNamer | null
}

interface KnownFace extends Box {
  readonly id: number
  readonly person_id: number | null
  readonly named_by: FaceNamer | null
  readonly model_id: string
  /** people a person said it is not */
  readonly rejected: readonly number[]
}

/**
 * Replaces the faces of the photo. A face found again, by whichever model, stays the same row: with its person, and with all a person
 * said of it. A face in a named region of the file gets that person, unless a person said otherwise.
 * A face a person spoke about stays even where it is found no more.
 */
export async function replaceFaces(trx: Trx, photoId: number, found: readonly FoundFace[], modelId: string): Promise<void> {
  const before = await readKnownFaces(trx, photoId)
  const sayers = [...new Set([modelId, ...before.map((row) => row.model_id)])]
  await trx.deleteFrom('photo_tags').where('photo_id', '=', photoId).where('said_by', 'in', sayers).execute()
  const again = matchBoxes(
    found,
    before.map((row) => ({ box: row, value: row })),
    SAME_AS_BEFORE,
  )
  const kept = new Set([...again.values()].map(({ id }) => id))
  const gone = before.filter(({ id, named_by, rejected }) => !kept.has(id) && named_by !== 'person' && rejected.length === 0)
  if (gone.length > 0)
    await trx
      .deleteFrom('faces')
      .where(
        'id',
        'in',
        gone.map(({ id }) => id),
      )
      .execute()
  if (found.length === 0) return

  const regions = await readFaceRegions(trx, photoId)
  const names = matchBoxes(
    found,
    regions.map((region) => ({ box: region.box, value: region.name })),
    SAME_AS_REGION,
  )
  const things = await readThings(trx, photoId)
  const ofPersons: FoundFace[] = []
  for (const [index, face] of found.entries()) {
    const known = again.get(index)
    const { animal, ...link } = keepApart(await chooseLink(trx, known, names.get(index)), findAnimal(face.box, things))
    if (animal === null) ofPersons.push(face)
    const facts = {
      x: face.box.x,
      y: face.box.y,
      width: face.box.width,
      height: face.box.height,
      landmarks: JSON.stringify(face.landmarks),
      confidence: face.confidence,
      quality: face.quality,
      vector: toVectorText(face.vector),
      model_id: modelId,
      is_placed: animal !== null,
      animal,
      person_id: link.personId,
      named_by: link.namedBy,
    }
    if (known) await trx.updateTable('faces').set(facts).where('id', '=', known.id).execute()
    else
      await trx
        .insertInto('faces')
        .values({ photo_id: photoId, ...facts })
        .execute()
  }
  await addFaceTags(trx, photoId, ofPersons, modelId)
}

/** After other objects were found in the photo: which faces belong to animals, and what the faces of persons say of it. */
export async function findAnimalFaces(trx: Trx, photoId: number): Promise<void> {
  const things = await readThings(trx, photoId)
  const faces = await trx
    .selectFrom('faces')
    .select(['id', 'x', 'y', 'width', 'height', 'confidence', 'quality', 'model_id', 'person_id', 'named_by', 'animal'])
    .where('photo_id', '=', photoId)
    .execute()
  const told = faces.map((face) => ({
    ...face,
    box: face,
    told: keepApart({ personId: face.person_id, namedBy: face.named_by }, findAnimal(face, things)),
  }))
  const changed = told.filter((face) => face.told.animal !== face.animal)
  if (changed.length === 0) return
  for (const {
    id,
    told: { animal, personId, namedBy },
  } of changed)
    await trx
      .updateTable('faces')
      .set({ animal, person_id: personId, named_by: namedBy, is_placed: animal !== null })
      .where('id', '=', id)
      .execute()
  for (const modelId of new Set(faces.map(({ model_id }) => model_id))) {
    await trx.deleteFrom('photo_tags').where('photo_id', '=', photoId).where('said_by', '=', modelId).execute()
    const ofPersons = told.filter((face) => face.model_id === modelId && face.told.animal === null)
    await addFaceTags(trx, photoId, ofPersons, modelId)
  }
}

/** What a person or the file said of a face stands; else an animal’s belongs to nobody. */
function keepApart(link: Link, animal: string | null): Link & { readonly animal: string | null } {
  if (animal === null || link.namedBy === 'person' || link.namedBy === 'file') return { ...link, animal: null }
  return { personId: null, namedBy: null, animal }
}

async function readThings(trx: Trx, photoId: number): Promise<Thing[]> {
  const rows = await trx
    .selectFrom('detected_objects')
    .select(['label', 'x', 'y', 'width', 'height'])
    .where('photo_id', '=', photoId)
    .execute()
  return rows.map(({ label, ...box }) => ({ label, box }))
}

async function addFaceTags(trx: Trx, photoId: number, faces: readonly TaggingFace[], modelId: string): Promise<void> {
  const tags = tagFaces(faces)
  if (tags.size === 0) return
  await trx
    .insertInto('photo_tags')
    .values([...tags].map(([tag, confidence]) => ({ photo_id: photoId, tag, said_by: modelId, confidence })))
    .execute()
}

/**
 * Names the faces that are there by other regions of the file. A face in none of them any more loses the name the file gave it;
 * one whose region has another name than before is somebody else now.
 * @param before the regions until now
 */
export async function nameFacesByRegions(
  trx: Trx,
  photoId: number,
  regions: readonly FaceRegion[],
  before: readonly FaceRegion[],
): Promise<void> {
  const known = await readKnownFaces(trx, photoId)
  const match = (some: readonly FaceRegion[]) =>
    matchBoxes(
      known.map((box) => ({ box })),
      some.map((region) => ({ box: region.box, value: region.name })),
      SAME_AS_REGION,
    )
  const [names, former] = [match(regions), match(before)]
  for (const [index, face] of known.entries()) {
    const name = names.get(index)
    const isOther = face.named_by === 'file' && name !== former.get(index)
    const link = await chooseLink(trx, isOther ? { ...face, person_id: null, named_by: null } : face, name)
    if (link.personId === face.person_id && link.namedBy === face.named_by) continue
    const { personId: person_id, namedBy: named_by } = link
    await trx
      .updateTable('faces')
      .set({ person_id, named_by, is_placed: person_id !== null })
      .where('id', '=', face.id)
      .execute()
  }
}

/** A person’s word stands over the file’s, the file’s over the clustering’s; a name the file gave before stays, whoever is called so now. */
async function chooseLink(trx: Trx, known: KnownFace | undefined, name: string | undefined): Promise<Link> {
  const link: Link = { personId: known?.person_id ?? null, namedBy: known?.person_id == null ? null : known.named_by }
  if (name === undefined || link.namedBy === 'person' || link.namedBy === 'file') return link
  const personId = await ensurePerson(trx, name)
  return known?.rejected.includes(personId) ? link : { personId, namedBy: 'file' }
}

async function readKnownFaces(trx: Trx, photoId: number): Promise<KnownFace[]> {
  const { rows } = await sql<KnownFace>`
    select f.id, f.x, f.y, f.width, f.height, f.person_id, f.named_by, f.model_id,
      array(select r.person_id from face_rejections r where r.face_id = f.id) as rejected
    from faces f where f.photo_id = ${photoId} order by f.id for update`.execute(trx)
  return rows
}

/** Each face with the one box that fits it best, best pairs first, each box given once. @returns index of the face → value */
function matchBoxes<T>(found: readonly { readonly box: Box }[], known: readonly { box: Box; value: T }[], above: number): Map<number, T> {
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
  // of a library that was rebuilt: how its people were called before
  const record = await trx.selectFrom('photo_records').select('faces').where('photo_id', '=', photoId).executeTakeFirst()
  return [...(record?.faces ?? []), ...(row?.face_regions ?? [])]
}

/** The person of this name; of one that was merged, the person it was merged into. */
async function ensurePerson(trx: Trx, name: string): Promise<number> {
  await trx
    .insertInto('people')
    .values({ name, is_kept: true })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  const { id, merged_into } = await trx
    .selectFrom('people')
    .select(['id', 'merged_into'])
    .where('name', '=', name)
    .executeTakeFirstOrThrow()
  return merged_into ?? id
}
