/** @file What the library holds: photos, files, the ledger, what the pipeline read. */
import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { z } from 'zod'
import type { SkippedLinks } from '../../contract/library.ts'
import type { OcrLine } from '../../contract/photo.ts'
import type { Collection, Lane, PhotoFormat, PhotoState, StepName, StepState } from '../../contract/words.ts'
import type { Box } from '../../domain/geometry.ts'
import type { Int8, StoredMessage, StoredMessages, Timestamp } from './columns.ts'

export interface LibraryTables {
  sources: {
    id: Generated<number>
    kind: 'folder' | 'upload'
    path: string | null
    created_at: Generated<Date>
    scanned_at: Timestamp | null
    /** what the last scan has to say: `{ code, params }[]` (ADR 81) */
    notice: StoredMessages | null
    /** folders outside of it that its links may lead to: absolute, without links */
    follow_links: Generated<string[]>
    /** links the last whole scan did not follow */
    skipped_links: ColumnType<SkippedLinks, string | undefined, string>
    /** files the last scan did not find and did not mark missing, because they are too many; null: none */
    unconfirmed: number | null
    paused_at: Timestamp | null
    /** its files are missing since then; the row stays for their paths, and for a person who adds the folder again */
    removed_at: Timestamp | null
    /** the edit that moved its photos to the trash */
    removed_by: number | null
  }
  photos: {
    id: Generated<number>
    sha256: string
    bytes: Int8
    format: PhotoFormat | null
    filename: string
    /** as what it came in; `photos` too where it is another as well */
    collection: Generated<Collection>
    state: Generated<PhotoState>
    reason: StoredMessage | null
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
    /** out of sight since */
    trashed_at: Timestamp | null
    /** the trash was emptied of it: the row only remembers its bytes; `trashed_at` is set too */
    removed_at: Timestamp | null
  }
  photo_files: {
    id: Generated<number>
    photo_id: number
    source_id: number
    /** folder source: relative to its root, `/` between parts; upload: relative to the blob store */
    path: string
    filename: string
    bytes: Int8
    modified_ms: Int8
    missing_since: Timestamp | null
    /** the sidecars beside it as they were last seen (`ingest/sidecars.ts`); null: none */
    sidecar: string | null
  }
  photo_steps: {
    photo_id: number
    step: StepName
    version: number
    model_id: string | null
    lane: Lane
    state: Generated<StepState>
    reason: StoredMessage | null
    attempts: Generated<number>
    started_at: Timestamp | null
    finished_at: Timestamp | null
    duration_ms: number | null
    /** due again for a photo that was analysed before: by a raised version, a new step or another model */
    is_upgrade: Generated<boolean>
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
    /** the city the position lies in, found offline */
    city: string | null
    /** name and version of what was asked for the city; null: nothing was */
    city_source: string | null
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
    /** what sidecars of other programs say, without what we wrote into them; null: there is none */
    sidecar: ColumnType<SidecarFacts, string | null, string | null> | null
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
    script: string | null
    /** ISO 639-1; null where it cannot be told */
    language: string | null
    language_score: number | null
    /** who was asked for the language; null: nobody yet */
    language_source: string | null
    rotation: number | null
    lines: JSONColumnType<z.infer<typeof OcrLine>[]>
    /** share of the picture that its words cover, 0–1 */
    coverage: Generated<number>
    /** legible ones (`domain/text-coverage.ts`) */
    words: Generated<number>
    model_id: string
  }
  settings: { key: string; value: ColumnType<unknown, string, string> }
}

/** A named face region as the file itself says it (MWG / Microsoft XMP). */
export interface FaceRegion {
  readonly name: string
  readonly box: Box
}

/** What a sidecar says of a photo; keywords as in `photo_metadata.keywords`. */
export interface SidecarFacts {
  readonly title: string | null
  readonly caption: string | null
  readonly altText: string | null
  readonly rating: number | null
  readonly keywords: readonly string[]
  readonly faces: readonly FaceRegion[]
  /** names of the files it comes from */
  readonly files: readonly string[]
  /** why one of them could not be read */
  readonly problem: string | null
}
