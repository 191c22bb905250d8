/** @file Records of photos: what only persons know of them, written into files beside the database. */
import type { ColumnType } from 'kysely'
import type { FaceRegion } from './library.ts'

export interface RecordsTables {
  photo_records: {
    photo_id: number
    /** `search_documents.changed_in` of the state that is written; null: to be written */
    seen: string | null
    /** of the file; null: none was needed */
    sha256: string | null
    /** named faces of a library before, for faces that are found again */
    faces: ColumnType<FaceRegion[], string | undefined, string>
  }
}
