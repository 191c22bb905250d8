/** @file Which words a library looks for: the starting list, without the words the user removed, with the words they added. Pure. */
import { createHash } from 'node:crypto'

/** A word as the user's table has it. */
export interface UserWord {
  readonly word: string
  readonly kind: 'added' | 'removed'
  readonly prompt: string | null
  readonly broader: readonly string[]
  /** score from which it is said; null: as measured */
  readonly threshold: number | null
}

export interface VocabularyWord {
  readonly word: string
  /** texts whose vectors are averaged (prompt ensembling: Radford et al. 2021, §3.1.4) */
  readonly texts: readonly string[]
  /** false: only there to measure others against */
  readonly isSaid: boolean
  /** a person’s; null: as measured */
  readonly threshold: number | null
}

export interface Vocabulary {
  /** the starting list first, whole; then the words added */
  readonly words: readonly VocabularyWord[]
  /** length of the starting list */
  readonly cohort: number
  /** 8 hex digits over all that changes what is said */
  readonly fingerprint: string
}

/** Raise it when the same vectors would give other tags. */
const METHOD = 1
/** The bare word, and the sentence that image–text models are asked with. */
const TEMPLATES = ['{}', 'a photo of {}'] as const

export function makeVocabulary(starting: readonly string[], own: readonly UserWord[]): Vocabulary {
  const known = new Set(starting)
  const removed = new Set(own.filter(({ kind }) => kind === 'removed').map(({ word }) => word))
  const added = own.filter(({ kind }) => kind === 'added')
  const changed = new Map(added.map((word) => [word.word, word]))
  const toWord = (word: string): VocabularyWord => {
    const { prompt = null, threshold = null } = changed.get(word) ?? {}
    return {
      word,
      texts: prompt === null ? TEMPLATES.map((template) => template.replace('{}', word)) : [prompt],
      isSaid: !removed.has(word),
      threshold,
    }
  }
  const words = [...starting, ...added.map(({ word }) => word).filter((word) => !known.has(word))].map(toWord)
  const said = words.filter(({ isSaid }) => isSaid).map(({ word, texts }) => [word, ...texts])
  const broader = added.map(({ word, broader: above }) => [word, ...above])
  // a library without thresholds of its own keeps the fingerprint it had before there were any
  const thresholds = added.flatMap(({ word, threshold }) => (threshold === null ? [] : [[word, threshold] as const]))
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([METHOD, said, broader, ...(thresholds.length > 0 ? [thresholds] : [])]))
    .digest('hex')
    .slice(0, 8)
  return { words, cohort: starting.length, fingerprint }
}
