/** @file How many of the true words were read: the metric of the text evaluations. */

/** Words as the metric sees them: lower case, runs of letters, digits and points, at least two characters. Gives the 2,327 of the receipts. */
export function splitWords(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^a-z0-9.]+/)
    .filter((word) => word.length >= 2)
}

/** Multiset comparison: a word that stands three times must be read three times. */
export function countFound(truth: readonly string[], read: readonly string[]): number {
  const left = new Map<string, number>()
  for (const word of read) left.set(word, (left.get(word) ?? 0) + 1)
  let found = 0
  for (const word of truth) {
    const count = left.get(word) ?? 0
    if (count === 0) continue
    found++
    left.set(word, count - 1)
  }
  return found
}
