/**
 * @file Which space answers searches: the active model’s. While that one has no vectors or its model cannot be opened,
 * the fullest space whose model is installed answers in its place, so that a damaged file takes no search with it.
 */
import type { Db } from '../../db/client.ts'
import { findFilledSpace, listFilledSpaces, type TextSpace } from '../chosen/model-store.ts'

/** Counting vectors costs milliseconds per 10,000 and matters only while the active space cannot answer. */
const RECOUNT_MS = 5000

export interface ServingSpace {
  /** @param active name of the active model's space, if it can be opened; @param spoken names of all spaces whose model can */
  choose(active: string | null, spoken: readonly string[]): Promise<TextSpace | null>
}

export function createServingSpace(db: Db, recountMs: number = RECOUNT_MS): ServingSpace {
  let settled: TextSpace | null = null
  let counted: { readonly at: number; readonly key: string; readonly spaces: Promise<TextSpace[]> } | null = null
  return {
    async choose(active, spoken) {
      if (spoken.length === 0) return null
      if (settled && settled.name === active) return settled
      settled = active === null ? null : ((await findFilledSpace(db, active)) ?? null)
      if (settled) return settled
      const key = spoken.join('\n')
      if (!counted || counted.key !== key || performance.now() - counted.at >= recountMs)
        counted = { at: performance.now(), key, spaces: listFilledSpaces(db, spoken) }
      const own = counted
      return own.spaces.then(
        (spaces) => spaces[0] ?? null,
        (error: unknown) => {
          if (counted === own) counted = null
          throw error
        },
      )
    },
  }
}
