/**
 * @file The breaker: a source that suddenly shows far fewer files is more likely an unplugged disk than a person tidying up.
 * Immich marked 68,811 photos gone in 6.6 s in such a case (quality-targets B8).
 */
export interface FileCounts {
  /** files of the source that were there at the last look */
  readonly known: number
  /** of these, not seen now */
  readonly gone: number
}

/** Above this many, or this share, a change is not believed without a person. */
const MAX_GONE = 50
const MAX_GONE_SHARE = 0.01
/** In a small library half is the limit, from this many files on; all at once is never believed. */
const SMALL_GONE = 5

export function isMassChange({ known, gone }: FileCounts): boolean {
  if (gone === 0) return false
  if (gone >= known) return true
  if (gone > Math.max(MAX_GONE, known * MAX_GONE_SHARE)) return true
  return gone >= SMALL_GONE && gone > known / 2
}
