/** @file The pause a server asks for in `Retry-After`. */

/**
 * Seconds (fractions too, some servers send them) or an HTTP date.
 * @param maxMs a longer wish is cut to this: a wrong clock must not stop us for a year
 * @returns milliseconds from `now`, at least 0; null without a header or when it means nothing
 */
export function parseRetryAfter(value: string | null, maxMs: number, now = Date.now()): number | null {
  if (value === null) return null
  const ms = /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now
  return Number.isFinite(ms) ? Math.min(maxMs, Math.max(0, ms)) : null
}
