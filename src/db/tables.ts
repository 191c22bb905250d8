/** @file The tables as Kysely sees them. Kept in step with the migrations by a test that reads the live schema. */
import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type {
  ComparisonSide, ComparisonState, DuplicateKind, Lane, PhotoFormat, PhotoState, PrimaryCategory, RunState, SceneType, StepName, StepState,
} from '../contract/words.ts' // biome-ignore format: a list
import type { DescribedObject, Description } from '../domain/description.ts'
import type { Box, Point } from '../domain/geometry.ts'
import type { ReadLine } from '../models/capability.ts'

/** `bigint` columns arrive as numbers (both clients are told so); sizes stay far below 2^53. */
type BigInt = number
type Timestamp = ColumnType<Date, Date | string, Date | string>
/** pgvector's text form, `[1,2,3]`; see `vector.ts`. */
export type VectorText = string

export interface Database {
  sources: {
    id: Generated<number>
    kind: 'folder' | 'upload'
    path: string | null
    created_at: Generated<Date>
    scanned_at: Timestamp | null
    notice: string | null
  }
  photos: {
    id: Generated<number>
    sha256: string
    bytes: BigInt
    format: PhotoFormat | null
    filename: string
    state: Generated<PhotoState>
    reason: string | null
    width: number | null
    height: number | null
    thumbhash: Uint8Array | null
    taken_at: Timestamp | null
    /** wall clock where the photo was taken, `YYYY-MM-DD HH:MM:SS` */
    taken_local: string | null
    /** `+02:00` or an IANA name; null when the file does not say */
    taken_zone: string | null
    sort_at: Timestamp
    /** `YYYY-MM-DD`, local day of taking, else of the file */
    day: string
    created_at: Generated<Date>
    processed_at: Timestamp | null
    missing_since: Timestamp | null
    crashes: Generated<number>
  }
  photo_files: {
    id: Generated<number>
    photo_id: number
    source_id: number
    /** folder source: relative to its root, `/` between parts; upload: relative to the blob store */
    path: string
    filename: string
    bytes: BigInt
    modified_ms: BigInt
    missing_since: Timestamp | null
  }
  photo_steps: {
    photo_id: number
    step: StepName
    version: number
    model_id: string | null
    lane: Lane
    state: Generated<StepState>
    reason: string | null
    attempts: Generated<number>
    started_at: Timestamp | null
    finished_at: Timestamp | null
    duration_ms: number | null
  }
  photo_leases: {
    photo_id: number
    lane: Lane
    /** null: nobody may take the photo in this lane until then */
    owner: string | null
    until: Timestamp
  }
  photo_metadata: {
    photo_id: number
    camera_make: string | null
    camera_model: string | null
    lens: string | null
    iso: number | null
    aperture: number | null
    exposure_s: number | null
    focal_mm: number | null
    latitude: number | null
    longitude: number | null
    altitude_m: number | null
    /** English country name, found offline from the position */
    country: string | null
    /** 0–5 */
    rating: number | null
    title: string | null
    description: string | null
    keywords: Generated<string[]>
    orientation: number | null
    colour_profile: string | null
    software: string | null
    face_regions: JSONColumnType<FaceRegion[]>
    raw: JSONColumnType<Record<string, unknown>>
  }
  photo_colours: { photo_id: number; position: number; name: string; hex: string; share: number }
  photo_hashes: {
    photo_id: number
    /** as every PDQ program has it; for pictures below 512 px the first of `dihedral` differs */
    pdq: Uint8Array
    /** 0–100; below 50 the hash is not used for matching */
    quality: number
    /** 8 × 32 bytes, what photos are matched by: as it is, rotate 90, 180, 270, flip x, flip y, transpose, anti-transpose (at 512 px; small pictures enlarged) */
    dihedral: Uint8Array
  }
  categories: { id: Generated<number>; name: string; description: Generated<string>; created_at: Generated<Date> }
  tag_category_mappings: { tag: string; category_id: number }
  detected_objects: {
    id: Generated<number>
    photo_id: number
    label: string
    confidence: number
    x: number
    y: number
    width: number
    height: number
    model_id: string
  }
  photo_tags: { photo_id: number; tag: string; said_by: string; confidence: number }
  ocr_texts: {
    photo_id: number
    text: string
    language: string | null
    rotation: number | null
    lines: JSONColumnType<ReadLine[]>
    model_id: string
  }
  people: { id: Generated<number>; name: string; created_at: Generated<Date> }
  faces: {
    id: Generated<number>
    photo_id: number
    x: number
    y: number
    width: number
    height: number
    landmarks: JSONColumnType<Point[]>
    confidence: number
    quality: number
    vector: VectorText
    model_id: string
    person_id: number | null
    /** `file` (an XMP region) or null */
    named_by: string | null
  }
  spaces: {
    id: Generated<number>
    name: string
    model_id: string
    width: number
    has_text: boolean
    indexed_at: Timestamp | null
    created_at: Generated<Date>
  }
  embeddings: { space_id: number; photo_id: number; embedding: VectorText }
  duplicates: {
    photo_id_1: number
    photo_id_2: number
    kind: DuplicateKind
    hamming_distance: number
    /** what was done to photo 2 to match photo 1: `none`, `rotate-90`, `flip-x`, … */
    transform: Generated<string>
  }
  descriptions: {
    photo_id: number
    /** id of the describer, or `person` */
    said_by: string
    /** every model that had a part, as the servers name them */
    models: string[]
    prompt_version: string | null
    description: string | null
    alt_text: string | null
    primary_category: PrimaryCategory | null
    scene_type: SceneType | null
    cluster_name: string | null
    inspiration_prompt: string | null
    tags: Generated<string[]>
    detected_objects: ColumnType<DescribedObject[], string, string>
    fallback_used: Generated<boolean>
    fallback_reason: string | null
    input_tokens: number | null
    output_tokens: number | null
    cost: number | null
    currency: string | null
    duration_ms: number | null
    created_at: Generated<Date>
  }
  describe_usage: {
    /** `YYYY-MM-DD`, UTC */
    day: string
    describer: string
    calls: Generated<number>
    failures: Generated<number>
    input_tokens: Generated<BigInt>
    output_tokens: Generated<BigInt>
    cost: Generated<number>
    currency: string | null
  }
  describe_runs: {
    id: Generated<number>
    describer: string
    state: Generated<RunState>
    max_tokens: BigInt | null
    max_cost: number | null
    created_at: Generated<Date>
    ended_at: Timestamp | null
  }
  describe_run_photos: {
    run_id: number
    photo_id: number
    state: Generated<'due' | 'done' | 'failed' | 'cancelled'>
    tokens: number | null
    cost: number | null
  }
  comparisons: {
    id: Generated<number>
    left_describer: string
    right_describer: string
    state: Generated<ComparisonState>
    created_at: Generated<Date>
    ended_at: Timestamp | null
  }
  comparison_answers: {
    comparison_id: number
    photo_id: number
    side: ComparisonSide
    state: Generated<'due' | 'done' | 'failed'>
    reason: string | null
    attempts: Generated<number>
    said_by: string | null
    description: ColumnType<Description, string, string> | null
    prompt_version: string | null
    fallback_used: Generated<boolean>
    fallback_reason: string | null
    input_tokens: number | null
    output_tokens: number | null
    cost: number | null
    currency: string | null
    duration_ms: number | null
  }
  search_documents: { photo_id: number; tsv: string }
  search_words: { word: string }
  settings: { key: string; value: ColumnType<unknown, string, string> }
}

/** A named face region as the file itself says it (MWG / Microsoft XMP). */
export interface FaceRegion {
  readonly name: string
  readonly box: Box
}
