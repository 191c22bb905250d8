/** @file Embedding spaces and their vectors. */

import type { Generated } from 'kysely'
import type { Timestamp, VectorText } from './columns.ts'

export interface SpacesTables {
  spaces: {
    id: Generated<number>
    name: string
    model_id: string
    width: number
    has_text: boolean
    indexed_at: Timestamp | null
    /** why it is not filled on; null: it may be */
    paused_because: string | null
    /** vectors of what photos are said to show, not of the pictures */
    of_texts: Generated<boolean>
    /** photos above this id are still to be listed in `due_texts`; null: all are */
    due_from: number | null
    created_at: Generated<Date>
  }
  embeddings: {
    space_id: number
    photo_id: number
    embedding: VectorText
    /** of the text that was embedded; null for pictures */
    digest: string | null
    /** transaction that last wrote it (xid8, as text); null for those written before there was a mark */
    changed_in: string | null
  }
  /** photos whose text may be another than the one embedded */
  due_texts: { space_id: number; photo_id: number; changed_in: Generated<string> }
  space_failures: { space_id: number; photo_id: number; attempts: Generated<number>; reason: string }
}
