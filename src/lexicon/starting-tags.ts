/** @file The names of things that a new library looks for: the tag list of RAM++ (`data/README.md`). */
import { readFileSync } from 'node:fs'

/** 4,585 names, each once, mostly lower case English. */
export function readStartingTags(): string[] {
  return readFileSync(new URL('./data/starting-tags.txt', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
}
