/** @file How full a space is. */

/** Photos of a space. */
export interface Coverage {
  readonly embedded: number
  /** photos that can have a vector: all but those whose step failed or had nothing to do */
  readonly possible: number
}
