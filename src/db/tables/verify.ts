/** @file What checks of files found, and what renditions must be. */
import type { Generated } from 'kysely'
import type { FileProblemKind, RenditionKind } from '../../contract/words.ts'

export interface VerifyTables {
  /** files that are wrong now */
  file_problems: {
    file_id: number
    kind: FileProblemKind
    /** in words */
    reason: string
    /** what its bytes are instead; null where they could not be read */
    found_sha256: string | null
    found_at: Generated<Date>
    checked_at: Generated<Date>
  }
  /** as they were written; renditions of earlier versions have a row after their first check */
  photo_renditions: { photo_id: number; kind: RenditionKind; bytes: number; sha256: string }
}
