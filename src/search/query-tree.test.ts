import { expect, it } from 'vitest'
import { parseTree } from './query-tree.ts'

const word = (text: string, isPrefix = false) => ({ word: text, isPrefix })

it('reads words, “and” and “or” as Postgres writes them', () => {
  expect(parseTree("'dog'")).toEqual(word('dog'))
  expect(parseTree("( 'dogs':* | 'dog' ) & 'o''hara'")).toEqual({ all: [{ any: [word('dogs', true), word('dog')] }, word("o'hara")] })
  expect(parseTree("'a' | 'b' & 'c'")).toEqual({ any: [word('a'), { all: [word('b'), word('c')] }] })
})

it('leaves what demands more to the database', () => {
  for (const query of ["'t' <-> 'shirt'", "'dog':A", "'dog':*A", "'dog' & !'cat'", "( 'a' | 'b'", '', "'a' 'b'"])
    expect(parseTree(query), query).toBeNull()
})
