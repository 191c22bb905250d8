/** @file Positions of photos as one answer, written once for as long as nothing changes: at 100,000 photos it has 2 MB. */
import { createHash } from 'node:crypto'
import type { PlaceReport } from '../contract/places.ts'
import type { SearchFilters } from '../contract/search-filters.ts'
import type { Db } from '../db/client.ts'
import type { Visibility } from '../domain/visibility.ts'
import { keepReadFor } from '../library/keep-read.ts'
import { composeFilters } from './filters.ts'
import { readDatabaseState } from './store-changes.ts'
import { readPlaces, readPoints } from './store-places.ts'
import { WhileUnchanged } from './while-unchanged.ts'

/** a `PointsAnswer` as JSON */
interface WrittenPoints {
  readonly body: string
  /** entity tag of its content */
  readonly tag: string
}

/** the answers of a million photos, or of one map of 100,000 and ten of its places */
const MAX_BYTES = 30_000_000

export interface Points {
  readonly points: (sees: Visibility, filters: SearchFilters) => Promise<WrittenPoints>
  readonly places: (sees: Visibility) => Promise<PlaceReport[]>
}

export function createPoints(db: Db): Points {
  const written = new WhileUnchanged<WrittenPoints>(MAX_BYTES)
  return {
    points: async (sees, filters) => {
      const write = async () => {
        const body = JSON.stringify(await readPoints(db, composeFilters(sees, filters)))
        return { body, tag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` }
      }
      const key = `${sees.key} ${JSON.stringify(filters)}`
      return written.readOnce(key, await readDatabaseState(db), write, ({ body }) => body.length)
    },
    places: keepReadFor((sees) => readPlaces(db, composeFilters(sees, {}))),
  }
}
