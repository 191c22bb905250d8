/** @file An answer as it may be kept. */
import type { SearchAnswer } from '../contract/search.ts'

export interface Answered {
  readonly answer: Omit<SearchAnswer, 'took_ms'>
  /** see `Candidates` */
  readonly isPassing: boolean
}
