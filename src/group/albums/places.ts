/** @file Places of photos in an album: numbers with room between, so that moving a photo writes one row. Pure. */

/** Below this the halves of a place are no longer told apart safely in double precision (places stay below 10⁷). */
const MIN_GAP = 1e-6

/**
 * `count` places between two neighbours, evenly.
 * @param low place of the one before; null: there is none
 * @param high place of the one after; null: there is none
 * @returns null when there is no room: number the album anew, then ask again
 */
export function spreadPlaces(low: number | null, high: number | null, count: number): number[] | null {
  if (high === null) return Array.from({ length: count }, (_, index) => (low ?? 0) + index + 1)
  if (low === null) return Array.from({ length: count }, (_, index) => high - count + index)
  const gap = (high - low) / (count + 1)
  return gap < MIN_GAP ? null : Array.from({ length: count }, (_, index) => low + gap * (index + 1))
}
