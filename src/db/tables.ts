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
    alt_text: string | null
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
  categories: {
    id: Generated<number>
    name: string
    description: Generated<string>
    created_at: Generated<Date>
    /** photos from this id on may be in the category or out of it wrongly, until the background work has looked at them */
    refresh_from: number | null
  }
  photo_categories: { category_id: number; photo_id: number }
  tag_category_mappings: { tag: string; category_id: number }
  /** every level, and the tag itself; only for tags in use. */
  tag_broader: { tag: string; broader: string }
  vocabulary_words: {
    word: string
    kind: 'added' | 'removed'
    /** what is encoded instead of the sentences around the word */
    prompt: string | null
    /** what the word is a kind of, as the user says */
    broader: Generated<string[]>
    created_at: Generated<Date>
  }
  space_tags: {
    space_id: number
    tag: string
    /** the text that was encoded */
    prompt: string
    /** [width] float32, little-endian, of unit length; null: the model knows none of its words */
    vector: Uint8Array | null
    /** median score of the library’s photos; null until the space was calibrated */
    usual: number | null
    /** a photo with at least this score may be tagged */
    threshold: number | null
  }
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
    /** why it is not filled on; null: it may be */
    paused_because: string | null
    created_at: Generated<Date>
  }
  embeddings: {
    space_id: number
    photo_id: number
    embedding: VectorText
    /** of the text that was embedded; null for pictures */
    digest: string | null
  }
  space_failures: { space_id: number; photo_id: number; attempts: Generated<number>; reason: string }
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
    /** id of the describer */
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
  search_documents: {
    photo_id: number
    tsv: string
    /** transaction that last wrote it (xid8, as text) */
    changed_in: Generated<string>
  }
  search_words: { word: string }
  stale_documents: { photo_id: number }
  sidecars: {
    photo_id: number
    /** `search_documents.changed_in` of the state it holds */
    seen: string
    /** what we wrote, as `edit/write-back.ts` makes it; null where nothing was to be said */
    content: ColumnType<WrittenContent, string | null, string | null> | null
    /** absolute */
    path: string | null
    problem: string | null
  }
  edits: {
    id: Generated<number>
    summary: string
    /** decisions to make, as `edit/operations.ts` resolves them; for an undo those of what it undoes */
    targets: JSONColumnType<Target[]>
    undo_of: number | null
    state: Generated<'running' | 'done'>
    /** empty once it is done */
    photo_ids: number[]
    /** how many it is about */
    photos: number
    /** of `photo_ids`, how many are worked through */
    position: Generated<number>
    /** photos that were changed */
    changed: Generated<number>
    /** undo: values left alone because something else was decided since */
    conflicts: Generated<number>
    made_at: Generated<Date>
    finished_at: Timestamp | null
  }
  decisions: {
    photo_id: number
    field: DecisionField
    /** the tag, the category’s id, or `''` for what a photo has once */
    key: Generated<string>
    /** tag and category: true is in, false is out; title, caption, alt_text: text or null; rating: 0–5 or null; favourite: boolean */
    value: ColumnType<DecisionValue, string, string>
    decided_at: Generated<Date>
  }
  edit_changes: {
    edit_id: number
    photo_id: number
    field: DecisionField
    key: Generated<string>
    before: ColumnType<DecisionValue, string | null, string | null> | null
    before_at: Timestamp | null
    after: ColumnType<DecisionValue, string | null, string | null> | null
  }
  /** view: the tags of photos with a person’s word over a machine’s; `said_by` is then `person` */
  effective_tags: { photo_id: number | null; tag: string | null; said_by: string | null; confidence: number | null }
  /** view: what `photo_categories` must hold */
  derived_categories: { category_id: number | null; photo_id: number | null }
  /** view: what the file (or a model) says, and who says it */
  machine_facts: {
    photo_id: number | null
    title: string | null
    title_said_by: string | null
    caption: string | null
    caption_said_by: string | null
    file_caption: string | null
    /** of the describer that spoke last */
    model_caption: string | null
    alt_text: string | null
    alt_text_said_by: string | null
    rating: number | null
    rating_said_by: string | null
  }
  /** view: a person’s word over the machine’s */
  effective_facts: {
    photo_id: number | null
    title: string | null
    caption: string | null
    /** null when a person decided the caption */
    file_caption: string | null
    alt_text: string | null
    /** what a model or a person says in words, alternative text included; for keyword search */
    captions: string[] | null
    rating: number | null
    favourite: boolean | null
  }
  settings: { key: string; value: ColumnType<unknown, string, string> }
}

/** What a decision is about. `tag` and `category` have a key, the others a photo has once. */
export type DecisionField = 'tag' | 'category' | SingleField
export type SingleField = 'title' | 'caption' | 'alt_text' | 'rating' | 'favourite'
export type DecisionValue = string | number | boolean | null

/** One thing an edit wants of every photo it is about. */
export type Target =
  | { readonly set: DecisionField; readonly key: string; readonly value: DecisionValue }
  /** back to what machines and files say; all keys of the field */
  | { readonly reset: DecisionField }

/** What we said in a sidecar, to be taken back when it is said no more. */
export interface WrittenContent {
  readonly title: string | null
  readonly caption: string | null
  readonly altText: string | null
  readonly rating: number | null
  readonly keywords: readonly string[]
  readonly paths: readonly string[]
  readonly faces: readonly FaceRegion[]
}

/** A named face region as the file itself says it (MWG / Microsoft XMP). */
export interface FaceRegion {
  readonly name: string
  readonly box: Box
}
