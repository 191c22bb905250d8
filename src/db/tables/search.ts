/** @file What keyword search looks into. */
import type { ColumnType, Generated } from 'kysely'

export interface SearchTables {
  search_documents: {
    photo_id: number
    tsv: string
    /** transaction that last wrote it (xid8, as text) */
    changed_in: Generated<string>
  }
  /** what the document was made of (`PhotoFacts` in document/document.ts) */
  document_facts: { photo_id: number; facts: ColumnType<object, string, string> }
  search_words: { word: string }
  /** what is kept in memory, as it was last saved: lost, it is read anew */
  kept_indexes: { name: string; made_by: string; seen: string; saved_at: Generated<Date>; content: Uint8Array }
  stale_documents: { photo_id: number }
  /** written by a trigger on `photos` */
  deleted_photos: { photo_id: number; deleted_in: Generated<string>; deleted_at: Generated<Date> }
}
