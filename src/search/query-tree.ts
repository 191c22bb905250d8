/** @file A tsquery in Postgres’ own text form as a tree, where it holds nothing but words, beginnings of words, “and” and “or”. Pure. */

export interface QueryWord {
  readonly word: string
  /** any word that begins so */
  readonly isPrefix: boolean
}

export type QueryTree = QueryWord | { readonly all: readonly QueryTree[] } | { readonly any: readonly QueryTree[] }

/** @returns null where it holds more: words in order, weights, “not” */
export function parseTree(query: string): QueryTree | null {
  const tokens = query.match(/'(?:[^']|'')*'(?::[*A-D]+)?|[^\s'()]+|[()]/g) ?? []
  let at = 0
  const join = (operator: string, kind: 'all' | 'any', next: () => QueryTree | null) => (): QueryTree | null => {
    const parts = [next()]
    while (tokens[at] === operator) {
      at++
      parts.push(next())
    }
    const whole = parts.filter((part) => part !== null)
    if (whole.length < parts.length || !whole[0]) return null
    return whole.length === 1 ? whole[0] : kind === 'all' ? { all: whole } : { any: whole }
  }
  const leaf = (): QueryTree | null => {
    const token = tokens[at++] ?? ''
    if (token === '(') {
      const inner = any()
      return tokens[at++] === ')' ? inner : null
    }
    const [, word, marks = ''] = /^'(.*)'(?::(.+))?$/.exec(token) ?? []
    return word === undefined || (marks !== '' && marks !== '*') ? null : { word: word.replaceAll("''", "'"), isPrefix: marks === '*' }
  }
  const any = join('|', 'any', join('&', 'all', leaf))
  const tree = any()
  return at === tokens.length ? tree : null
}

export function writeWord({ word, isPrefix }: QueryWord): string {
  return `'${word.replaceAll("'", "''")}'${isPrefix ? ':*' : ''}`
}
