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
}
