/**
 * @file Which space answers searches. After a change of model the new space fills in the background; until it is as full as
 * the old one, the old one goes on answering with its own model (as long as that is installed).
 */
import type { Db } from '../db/client.ts'
import { countTextSpaces, type TextSpace } from './model-store.ts'

/** Photos that no model can embed keep a space from being quite full. */
const FULL = 0.95
/** Counting costs milliseconds per 10,000 vectors and matters only while two spaces are there. */
const RECOUNT_MS = 5000

export interface ServingSpace {
  /** @param wanted name of the active model's space; @param spoken names of all spaces whose model is installed */
  choose(wanted: string | null, spoken: ReadonlySet<string>): Promise<TextSpace | null>
}

export function createServingSpace(db: Db, recountMs: number = RECOUNT_MS): ServingSpace {
  /** a space that was full stays the choice: later photos fill it as they come */
  let settled: TextSpace | null = null
  let counted: { at: number; spaces: Promise<TextSpace[]> } | null = null
  return {
    async choose(wanted, spoken) {
      if (spoken.size === 0) return null
      if (settled && settled.name === wanted) return settled
      settled = null
      if (!counted || performance.now() - counted.at >= recountMs) counted = { at: performance.now(), spaces: countTextSpaces(db) }
      const spaces = (
        await counted.spaces.catch((error: unknown) => {
          counted = null
          throw error
        })
      ).filter(({ name }) => spoken.has(name))
      const own = spaces.find(({ name }) => name === wanted)
      const fullest = spaces.reduce<TextSpace | undefined>(
        (best, space) => (best && best.vectors >= space.vectors ? best : space),
        undefined,
      )
      if (!own || !fullest) return fullest ?? null
      if (own.vectors < FULL * fullest.vectors) return fullest
      // nothing to compare with yet is no proof of fullness: another space may be counted next time
      if (own.vectors > 0) settled = own
      return own
    },
  }
}
