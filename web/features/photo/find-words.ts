/** @file Where words of a search stand in the picture: the boxes of its text that hold one of them. Pure. */
import { splitWords } from '../../../src/domain/search/words.ts'

/** @param found words as they stand in the text; several in one are each looked for */
export function findWords<T extends { readonly text: string }>(
  lines: readonly { readonly words: readonly T[] }[],
  found: readonly string[],
): T[] {
  const wanted = new Set(found.flatMap((text) => splitWords(text).map(({ word }) => word)))
  if (wanted.size === 0) return []
  return lines.flatMap(({ words }) => words.filter(({ text }) => splitWords(text).some(({ word }) => wanted.has(word))))
}
