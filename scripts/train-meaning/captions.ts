/** @file A folder of pictures with captions, as `captions.tsv` lists them: set (train or dev), image, caption. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { splitWords } from '../../src/models/providers/builtin-meaning/words.ts'

export interface CaptionedPicture {
  readonly name: string
  readonly path: string
  readonly captions: readonly string[]
  readonly set: 'train' | 'dev' | 'held'
}

/** Of the training pictures, kept for figures alone: no choice is made by them. */
const HELD = 1000

export function readPictures(folder: string): CaptionedPicture[] {
  const byName = new Map<string, { set: string; captions: string[] }>()
  for (const line of readFileSync(join(folder, 'captions.tsv'), 'utf8').trimEnd().split('\n')) {
    const [set = '', name = '', caption = ''] = line.split('\t')
    const own = byName.get(name)
    if (own) own.captions.push(caption)
    else byName.set(name, { set, captions: [caption] })
  }
  const hash = (name: string) => createHash('sha256').update(name).digest('hex')
  const training = [...byName].flatMap(([name, { set }]) => (set === 'train' ? [name] : []))
  const held = new Set(training.sort((a, b) => (hash(a) < hash(b) ? -1 : 1)).slice(0, HELD))
  return [...byName].map(([name, { set, captions }]) => ({
    name,
    path: join(folder, 'images', name),
    captions,
    set: held.has(name) ? 'held' : set === 'dev' ? 'dev' : 'train',
  }))
}

/** In how many of these pictures’ captions each word stands. */
export function countWords(pictures: readonly CaptionedPicture[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { captions } of pictures)
    for (const word of new Set(captions.flatMap((caption) => splitWords(caption)))) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}
