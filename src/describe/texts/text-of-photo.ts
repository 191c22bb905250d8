/** @file What of a photo is embedded as text: what it is said to show, then its tags. Pure. */
import { createHash } from 'node:crypto'

/** A description has some 300 characters; models for texts read 512 tokens at least, which is about this many. */
const MAX_CHARACTERS = 2000

/** @param captions by a person, the file or a describer; without any there is nothing to embed: null */
export function makeText(captions: readonly string[], tags: readonly string[]): string | null {
  const said = [...new Set(captions.map((caption) => caption.trim()).filter((caption) => caption !== ''))]
  if (said.length === 0) return null
  const named = [...new Set(tags)].sort()
  return [...said, ...(named.length > 0 ? [`Tags: ${named.join(', ')}`] : [])].join('\n').slice(0, MAX_CHARACTERS)
}

/** Tells one text from another; the vector of the same text is not asked for again. */
export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)
