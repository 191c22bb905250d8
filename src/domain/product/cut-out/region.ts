/** @file A rectangle of whole pixels. */

/** Part of a picture, in pixels. */
export interface Region {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}
