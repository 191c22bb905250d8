/** @file The words of a question or a caption, as the built-in text–image space reads them. */

/** Lower-case letters of any script, accents taken off; digits and signs carry nothing here. */
export function splitWords(text: string): string[] {
  return (
    text
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .replace(/[’']s\b/gu, '')
      .toLowerCase()
      .match(/\p{L}+/gu) ?? []
  )
}

/** A word, and what it may be an inflected form of. */
export function listForms(word: string): string[] {
  const endings = [['ies', 'y'], ['es', ''], ['s', ''], ['men', 'man']] as const // biome-ignore format: a list
  return [
    word,
    ...endings.flatMap(([ending, rest]) =>
      word.endsWith(ending) && word.length > ending.length + 2 ? [word.slice(0, -ending.length) + rest] : [],
    ),
  ]
}

// biome-ignore format: a list
const PLAIN_WORDS: ReadonlySet<string> = new Set([
  'a', 'an', 'the', 'this', 'that', 'these', 'those', 'some', 'any', 'all', 'every', 'each', 'no', 'other', 'another', 'such',
  'and', 'or', 'but', 'nor', 'not', 'with', 'without', 'of', 'in', 'on', 'at', 'to', 'from', 'by', 'for', 'into', 'onto', 'as', 'than',
  'is', 'are', 'was', 'were', 'be', 'been', 'being', 'am', 'has', 'have', 'had', 'having', 'do', 'does', 'did', 'can', 'could', 'will',
  'would', 'should', 'may', 'might', 'must', 'shall', 'there', 'here', 'where', 'when', 'which', 'who', 'whom', 'whose', 'what', 'how', 'why',
  'it', 'its', 'he', 'him', 'his', 'she', 'her', 'hers', 'they', 'them', 'their', 'theirs', 'we', 'us', 'our', 'ours', 'you', 'your', 'yours', 'i', 'me', 'my', 'mine',
  'one', 'ones', 'very', 'also', 'just', 'only', 'so', 'too', 'if', 'then', 'while', 'most', 'more', 'many', 'much', 'few', 'both', 'own', 'out', 'up', 'down', 'off', 'over',
  'photo', 'photos', 'photograph', 'photographs', 'picture', 'pictures', 'image', 'images', 'shot', 'shots', 'snapshot', 'pic', 'pics',
  'show', 'shows', 'showing', 'find', 'search', 'look', 'looks', 'looking', 'like', 'something', 'someone', 'somebody', 'anything', 'thing', 'things', 'please',
  's', 't', 'd', 'm', 'll', 're', 've', 'o',
])

/** Words that say nothing of what a picture shows: never missed, and alone no question. */
export const isPlainWord = (word: string): boolean => PLAIN_WORDS.has(word)
