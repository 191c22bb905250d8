/** @file What keyword search looks into. */
import type { Generated } from 'kysely'

export interface SearchTables {
  search_documents: {
    photo_id: number
    tsv: string
    /** transaction that last wrote it (xid8, as text) */
    changed_in: Generated<string>
  }
  search_words: { word: string }
  stale_documents: { photo_id: number }
}
