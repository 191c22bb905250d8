/** @file Which photos somebody may see, besides what is in the trash. Every read of photos is told (ADR 82). */
import type { Expression, SqlBool } from 'kysely'

/** A condition on the row of `photos` that goes by the name `photo` in the query. */
export type Predicate = (photo: string) => Expression<SqlBool>

export interface Visibility {
  /** Answers may be cached under it: two with the same key see the same photos. */
  readonly key: string
  /** null: every photo. Then no query asks anything more, and no index in memory does more work */
  readonly allowed: Predicate | null
}

export const EVERY_PHOTO: Visibility = { key: 'every', allowed: null }
