/** @file What an evaluation answers, and which way is better. */

export interface Evaluation {
  readonly name: string
  readonly metrics: Readonly<Record<string, number>>
  readonly notes: readonly string[]
}

/** Metrics whose name says so are better when lower; all others when higher. */
export function isLowerBetter(metric: string): boolean {
  return /(^|_)(false|missed|errors?|ms|seconds|distance|bits|per_photo)(_|$)/.test(metric)
}
