/** @file The decoded picture as steps and models see it. Types only; `decode.ts` makes one. */

/** Interleaved 8-bit sRGB, rows from the top, EXIF orientation already applied, transparency laid on white. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly channels: 3
  /** length = width × height × 3 */
  readonly data: Uint8Array
}

/** One decode of one original, and every size that is asked of it. */
export interface Picture {
  /** Upright size of the original in pixels. */
  readonly width: number
  readonly height: number
  /** Upright size of the decoded base (long side at most 2400 px; of very long ones more, at no more pixels). */
  readonly base: Pixels
  /** The base scaled so that its long side is at most `maxSide` px; never enlarged. Kept for the next caller; do not write into it. */
  fit(maxSide: number): Promise<Pixels>
  /**
   * The base at exactly width × height.
   * `squash` ignores the aspect; `cover` scales the short side and cuts the centre.
   */
  exact(width: number, height: number, how: 'squash' | 'cover', kernel?: 'linear' | 'cubic'): Promise<Pixels>
}
