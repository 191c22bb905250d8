/**
 * @file Which photos lie in which store, as bits in memory: read at the first question (100,000 rows), then kept in step by those who put
 * pictures in and take them out. Photos that are gone may still be in it: who asks compares with the rows.
 */
import type { DbOrTrx } from '../db/client.ts'
import { IdSet } from '../domain/search/id-set.ts'
import { readMembers } from './store-neighbours.ts'

export interface StoreMembers {
  of(db: DbOrTrx, store: string): Promise<IdSet>
  /** A picture of this photo came into the store. To be called when its transaction has ended. */
  add(store: string, photoId: number): void
  /** Pictures left the store: it is read again at the next question. */
  forget(store: string): void
}

export function createStoreMembers(): StoreMembers {
  const known = new Map<string, Promise<Uint32Array>>()
  return {
    async of(db, store) {
      let words = known.get(store)
      if (!words) {
        words = readMembers(db, store).then((ids) => roomy(IdSet.of(ids).words))
        known.set(store, words)
        words.catch(() => known.delete(store))
      }
      return IdSet.fromWords(await words)
    },
    add(store, photoId) {
      // what is being read may have been read before the picture came: it gets its bit afterwards
      const words = known.get(store)?.then((bits) => {
        const own = photoId >>> 5 < bits.length ? bits : roomy(bits, photoId)
        own[photoId >>> 5] = (own[photoId >>> 5] ?? 0) | (1 << (photoId & 31))
        return own
      })
      if (!words) return
      known.set(store, words)
      words.catch(() => known.delete(store))
    },
    forget: (store) => void known.delete(store),
  }
}

/** With room for a few thousand more, so that it is not copied at each new photo. */
function roomy(words: Uint32Array, photoId = 0): Uint32Array {
  const larger = new Uint32Array(Math.max(words.length, (photoId >>> 5) + 1) + 256)
  larger.set(words)
  return larger
}
