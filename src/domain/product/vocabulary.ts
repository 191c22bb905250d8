/** @file Words of a vocabulary, found in texts. */

/** Names, each with what else people write for it. A name that holds another stands before it: rose gold is not gold. */
export type Vocabulary = Readonly<Record<string, readonly string[]>>

/** Names of the vocabulary that the texts hold as whole words, in its order; what a longer name used up counts for no shorter one. */
export function findWords(vocabulary: Vocabulary, texts: readonly string[]): string[] {
  let rest = ` ${texts.join(' | ').toLowerCase()} `
  const found: string[] = []
  for (const [name, others] of Object.entries(vocabulary)) {
    const words = [name, ...others].sort((a, b) => b.length - a.length).map((word) => word.replace(/[-\s]/g, '[-\\s]'))
    const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join('|')})(?![\\p{L}\\p{N}])`, 'gu')
    const without = rest.replace(pattern, ' ')
    if (without !== rest) found.push(name)
    rest = without
  }
  return found
}
