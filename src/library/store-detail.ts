/** @file Reads everything known about one photo: a fixed number of reads by key, however much was found in it. */
import { render } from '../contract/messages/message.ts'
import type { PhotoDetail } from '../contract/photo.ts'
import { STEP_NAMES } from '../contract/words.ts'
import type { DbOrTrx } from '../db/client.ts'
import type { Database } from '../db/tables.ts'
import { isAllowed, isShown } from '../db/visible.ts'
import type { Visibility } from '../domain/visibility.ts'
import { CARD_COLUMNS, type CardRow, toIso, toPhotoCard } from './photo-card.ts'
import { readDescription, readInspiration, readOtherDescriptions } from './store-descriptions.ts'
import { readSaid } from './store-said.ts'

/** A set of same pictures larger than this is shown in part; the duplicates view pages through the rest. */
const MAX_DUPLICATES = 200

/** All but what was made of a photo: that is said above (`createLibrary`). */
export type LibraryDetail = Omit<PhotoDetail, 'made_from' | 'made_of_it'>

export async function getPhotoDetail(db: DbOrTrx, sees: Visibility, id: number): Promise<LibraryDetail | undefined> {
  const photo = await db.selectFrom('photos').selectAll().where('id', '=', id).where(isAllowed(sees, 'photos')).executeTakeFirst()
  if (!photo) return undefined
  const [files, metadata, colours, said, objects, text, faces, description, others, inspiration, hash, duplicates, steps, albums] =
    await Promise.all([
      readFiles(db, id),
      readMetadata(db, id),
      db.selectFrom('photo_colours').select(['name', 'hex', 'share']).where('photo_id', '=', id).orderBy('position').execute(),
      readSaid(db, id),
      readObjects(db, id),
      readText(db, id),
      readFaces(db, id),
      readDescription(db, id),
      readOtherDescriptions(db, id),
      readInspiration(db, id),
      db.selectFrom('photo_hashes').select(['pdq', 'quality']).where('photo_id', '=', id).executeTakeFirst(),
      readDuplicates(db, sees, id),
      readSteps(db, id),
      readAlbums(db, id),
    ])
  return {
    ...toPhotoCard(photo),
    sha256: photo.sha256,
    bytes: Number(photo.bytes),
    format: photo.format,
    created_at: toIso(photo.created_at),
    trashed_at: toIso(photo.trashed_at),
    processed_at: toIso(photo.processed_at),
    taken_local: photo.taken_local,
    taken_zone: photo.taken_zone,
    files,
    metadata,
    colours,
    ...said,
    albums,
    objects,
    text,
    faces,
    description,
    other_descriptions: others,
    inspiration,
    hash: hash ? { pdq: Buffer.from(hash.pdq).toString('hex'), quality: hash.quality } : null,
    duplicates,
    steps,
  }
}

async function readFiles(db: DbOrTrx, id: number): Promise<PhotoDetail['files']> {
  const rows = await db
    .selectFrom('photo_files')
    .innerJoin('sources', 'sources.id', 'photo_files.source_id')
    .leftJoin('file_problems', 'file_problems.file_id', 'photo_files.id')
    .select([
      'sources.kind',
      'sources.path as root',
      'photo_files.path',
      'photo_files.missing_since',
      'file_problems.kind as problem',
      'file_problems.reason',
    ])
    .where('photo_files.photo_id', '=', id)
    .orderBy('photo_files.id')
    .execute()
  return rows.map((row) => ({
    source: row.root ?? row.kind,
    path: row.path,
    missing_since: toIso(row.missing_since),
    problem: row.problem && `${row.problem}: ${row.reason}`,
  }))
}

async function readMetadata(db: DbOrTrx, id: number): Promise<PhotoDetail['metadata']> {
  const row = await db
    .selectFrom('photo_metadata')
    .select([
      'camera_make',
      'camera_model',
      'lens',
      'iso',
      'aperture',
      'exposure_s',
      'focal_mm',
      'latitude',
      'longitude',
      'altitude_m',
      'country',
      'city',
      'city_source',
      'rating',
      'title',
      'description',
      'keywords',
      'orientation',
      'colour_profile',
      'software',
      'sidecar',
    ])
    .where('photo_id', '=', id)
    .executeTakeFirst()
  if (!row) return null
  const { sidecar } = row
  return { ...row, sidecar: sidecar && { files: [...sidecar.files], problem: sidecar.problem } }
}

async function readAlbums(db: DbOrTrx, id: number): Promise<PhotoDetail['albums']> {
  return db
    .selectFrom('album_photos')
    .innerJoin('albums', 'albums.id', 'album_photos.album_id')
    .select(['albums.id', 'albums.name'])
    .where('album_photos.photo_id', '=', id)
    .where('albums.deleted_at', 'is', null)
    .orderBy('albums.name')
    .execute()
}

async function readObjects(db: DbOrTrx, id: number): Promise<PhotoDetail['objects']> {
  const rows = await db
    .selectFrom('detected_objects')
    .select(['label', 'confidence', 'x', 'y', 'width', 'height', 'model_id'])
    .where('photo_id', '=', id)
    .orderBy('confidence', 'desc')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ label: row.label, confidence: row.confidence, box: toBox(row), said_by: row.model_id }))
}

async function readText(db: DbOrTrx, id: number): Promise<PhotoDetail['text']> {
  const row = await db
    .selectFrom('ocr_texts')
    .select(['text', 'script', 'language', 'language_score', 'language_source', 'rotation', 'lines', 'coverage', 'words', 'model_id'])
    .where('photo_id', '=', id)
    .executeTakeFirst()
  if (!row) return null
  return {
    text: row.text,
    script: row.script,
    language: row.language,
    language_score: row.language_score,
    language_said_by: row.language === null ? null : row.language_source,
    rotation: row.rotation,
    lines: row.lines.map((line) => ({
      ...line,
      polygon: [...line.polygon],
      words: line.words.map((word) => ({ ...word, polygon: [...word.polygon] })),
    })),
    coverage: row.coverage,
    words: row.words,
    said_by: row.model_id,
  }
}

async function readFaces(db: DbOrTrx, id: number): Promise<PhotoDetail['faces']> {
  const rows = await db
    .selectFrom('faces')
    .leftJoin('people', 'people.id', 'faces.person_id')
    .select([
      'faces.id',
      'faces.x',
      'faces.y',
      'faces.width',
      'faces.height',
      'faces.landmarks',
      'faces.confidence',
      'faces.quality',
      'faces.model_id',
      'faces.named_by',
      'faces.animal',
      'people.id as person_id',
      'people.name as person_name',
    ])
    .where('faces.photo_id', '=', id)
    .orderBy('faces.x')
    .orderBy('faces.id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    box: toBox(row),
    landmarks: row.landmarks,
    confidence: row.confidence,
    quality: row.quality,
    person: row.person_id === null ? null : { id: row.person_id, name: row.person_name },
    named_by: row.named_by,
    animal: row.animal,
    said_by: row.model_id,
  }))
}

/** Both sides of the pair table, each by its own index. */
async function readDuplicates(db: DbOrTrx, sees: Visibility, id: number): Promise<PhotoDetail['duplicates']> {
  const pairs = db
    .selectFrom('duplicates')
    .select(['photo_id_2 as other', 'kind', 'hamming_distance', 'cosine_distance', 'transform', 'verdict'])
    .where('photo_id_1', '=', id)
    .unionAll(
      db
        .selectFrom('duplicates')
        .select(['photo_id_1 as other', 'kind', 'hamming_distance', 'cosine_distance', 'transform', 'verdict'])
        .where('photo_id_2', '=', id),
    )
  const rows = await db
    .selectFrom(pairs.as('pairs'))
    .innerJoin('photos', 'photos.id', 'pairs.other')
    .select([...CARD_COLUMNS, 'pairs.kind', 'pairs.hamming_distance', 'pairs.cosine_distance', 'pairs.transform'])
    .where(isShown(sees, 'photos'))
    .where((eb) => eb.or([eb('pairs.verdict', 'is', null), eb('pairs.verdict', '<>', 'different')]))
    .orderBy('pairs.hamming_distance')
    .orderBy('photos.id')
    .limit(MAX_DUPLICATES)
    .execute()
  return rows.map((row) => ({
    photo: toPhotoCard(row as CardRow),
    kind: row.kind,
    hamming_distance: row.hamming_distance,
    cosine_distance: row.cosine_distance,
    transform: row.transform,
  }))
}

async function readSteps(db: DbOrTrx, id: number): Promise<PhotoDetail['steps']> {
  const rows = await db
    .selectFrom('photo_steps')
    .select(['step', 'state', 'reason', 'version', 'model_id', 'attempts', 'duration_ms', 'finished_at'])
    .where('photo_id', '=', id)
    .execute()
  return rows
    .toSorted((a, b) => STEP_NAMES.indexOf(a.step) - STEP_NAMES.indexOf(b.step))
    .map((row) => ({
      step: row.step,
      state: row.state,
      reason: render(row.reason),
      message: row.reason,
      version: row.version,
      model: row.model_id,
      attempts: row.attempts,
      duration_ms: row.duration_ms,
      finished_at: toIso(row.finished_at),
    }))
}

function toBox(row: Pick<Database['detected_objects'], 'x' | 'y' | 'width' | 'height'>) {
  return { x: row.x, y: row.y, width: row.width, height: row.height }
}
