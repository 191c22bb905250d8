/** @file What the stream of changes tells: which things changed, never what of them. */

/**
 * `photos`: photos came or went, or what is known of them changed; `queue`: what waits, runs, or is paused; `models`: which model does what;
 * `tasks`: something else in the background has work.
 */
export const CHANGE_TOPICS = ['photos', 'queue', 'models', 'tasks'] as const
export type ChangeTopic = (typeof CHANGE_TOPICS)[number]

/** The data of an event `changed`. */
export interface Changed {
  readonly topics: readonly ChangeTopic[]
}
