/** @file Thumbhash (base64, about 28 bytes) → a tiny picture as data URL; the most recent ones are kept. */
import { thumbHashToDataURL } from 'thumbhash'

const KEEP = 600
const known = new Map<string, string>()

/** The placeholder of a photo, or undefined where there is none. */
export function placeholderUrl(hash: string | null): string | undefined {
  if (hash === null) return undefined
  const there = known.get(hash)
  if (there !== undefined) return there
  try {
    const url = thumbHashToDataURL(Uint8Array.from(atob(hash), (char) => char.charCodeAt(0)))
    if (known.size >= KEEP) for (const oldest of known.keys()) if (known.delete(oldest)) break
    known.set(hash, url)
    return url
  } catch {
    return undefined
  }
}
