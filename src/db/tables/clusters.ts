/** @file Clusters and the photos in them. */
import type { ColumnType, Generated } from 'kysely'
import type { PrimaryCategory } from '../../contract/words.ts'

export interface ClustersTables {
  clusters: {
    id: Generated<number>
    name: string | null
    /** `person`, `facts`, or the describer’s id; null: nobody named it */
    said_by: string | null
    /** a person named or merged it: it is not taken apart */
    is_kept: Generated<boolean>
    is_hidden: Generated<boolean>
    description: string | null
    tags: Generated<string[]>
    primary_category: PrimaryCategory | null
    /** every model that had a part in the label, as the servers name them */
    models: Generated<string[]>
    /** the language model’s answer could not be used, or there is none: what was said of the representatives was counted */
    fallback_used: Generated<boolean>
    /** representatives that were looked at for the label */
    images_analyzed: Generated<number>
    /** photos it had when it was labelled */
    labelled_size: number | null
    made_at: Generated<Date>
  }
  cluster_photos: {
    photo_id: number
    cluster_id: number | null
    /** to the middle of its cluster, −1 … 1 */
    similarity: number
  }
  cluster_changes: { edit_id: number; change: ColumnType<ClusterMerge, string, string> }
}

/** A cluster as undo needs it. */
export interface ClusterState {
  readonly id: number
  readonly name: string | null
  readonly said_by: string | null
  readonly is_kept: boolean
  readonly is_hidden: boolean
  readonly description: string | null
  readonly tags: readonly string[]
  readonly primary_category: PrimaryCategory | null
  readonly models: readonly string[]
  readonly fallback_used: boolean
  readonly images_analyzed: number
  readonly labelled_size: number | null
}

export interface ClusterMerge {
  /** as it was before */
  readonly gone: ClusterState
  readonly into: number
  readonly intoWasKept: boolean
  /** of the one that went */
  readonly photos: readonly number[]
}
