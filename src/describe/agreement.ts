/** @file How far two descriptions of the same picture agree. Pure. */

/** Shared ÷ all tags, whatever their case; null where neither has any. */
export function jaccard(left: readonly string[], right: readonly string[]): number | null {
  const a = new Set(left.map((tag) => tag.toLowerCase()))
  const b = new Set(right.map((tag) => tag.toLowerCase()))
  const shared = [...a].filter((tag) => b.has(tag)).length
  const all = a.size + b.size - shared
  return all === 0 ? null : shared / all
}

/** Null where either says none. */
export function isSame(left: string | null, right: string | null): boolean | null {
  return left === null || right === null ? null : left === right
}

/** Of those that are known; null without any. */
export function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}
