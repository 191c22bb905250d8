/** @file Names of clusters: by what their photos are tagged and where they were taken, or by what a describer says of their representatives. Pure. */
import type { PrimaryCategory } from '../../contract/words.ts'

export interface Told {
  readonly value: string
  /** photos of the cluster that hold it */
  readonly count: number
  /** photos of the library that hold it */
  readonly total: number
}

/** A word that fewer of the photos hold says nothing of the cluster. */
const LEAST_SHARE = 0.25
/** Times as frequent as in the library; below, it is just frequent. */
const LEAST_LIFT = 1.3
const NAMED_AFTER = 2
const MOST_TAGS = 10
const PLACE_SHARE = 0.7

/** Most telling first: share in the cluster times the logarithm of how much more frequent it is there. */
export function rankTelling(words: readonly Told[], size: number, library: number): Told[] {
  const score = ({ count, total }: Told) => (count / size) * Math.log2(count / size / (total / library))
  return words
    .filter(({ count, total }) => count / size >= LEAST_SHARE && count / size >= LEAST_LIFT * (total / library))
    .sort((a, b) => score(b) - score(a) || b.count - a.count || (a.value < b.value ? -1 : 1))
}

export interface FactLabel {
  /** null where nothing is telling */
  readonly name: string | null
  readonly tags: readonly string[]
}

/** `words`: of the text in the pictures, asked for only where tags say nothing. */
export function nameByFacts(
  tags: readonly Told[],
  countries: readonly Told[],
  words: readonly string[],
  size: number,
  library: number,
): FactLabel {
  const telling = rankTelling(tags, size, library)
  const place = rankTelling(countries, size, library).find(({ count }) => count >= PLACE_SHARE * size)
  const named = telling.slice(0, place ? 1 : NAMED_AFTER).map(({ value }) => value)
  const parts = named.length > 0 ? named : words.slice(0, NAMED_AFTER).map((word) => `“${word}”`)
  const text = [...parts, ...(place ? [place.value] : [])].join(', ')
  return {
    name: text === '' ? null : text.charAt(0).toUpperCase() + text.slice(1),
    tags: telling.slice(0, MOST_TAGS).map(({ value }) => value),
  }
}

/** What a describer says of one representative. */
export interface Said {
  readonly clusterName: string | null
  readonly description: string | null
  readonly tags: readonly string[]
  readonly primaryCategory: PrimaryCategory | null
}

export interface SaidLabel {
  readonly name: string | null
  readonly description: string | null
  /** 5–10, most often said first */
  readonly tags: readonly string[]
  readonly primaryCategory: PrimaryCategory | null
}

/** What most of them say; the first, nearest the middle, decides where they differ. */
export function nameBySaid(said: readonly Said[]): SaidLabel {
  const tags = countVotes(said.flatMap((one) => [...new Set(one.tags)]))
  const names = said.flatMap(({ clusterName }) => clusterName ?? [])
  const isTag = new Map(tags)
  // of names that differ the one whose words the others use too
  const agreement = (name: string) =>
    name
      .toLowerCase()
      .split(/\s+/)
      .reduce((sum, word) => sum + (isTag.get(word) ?? 0) + names.filter((other) => other.toLowerCase().includes(word)).length, 0) /
    name.split(/\s+/).length
  const best = [...names].sort((a, b) => agreement(b) - agreement(a))[0]
  return {
    name: best ?? null,
    description: said.find(({ description }) => description !== null)?.description ?? null,
    tags: tags.slice(0, MOST_TAGS).map(([tag]) => tag),
    primaryCategory:
      (countVotes(said.flatMap(({ primaryCategory }) => primaryCategory ?? []))[0]?.[0] as PrimaryCategory | undefined) ?? null,
  }
}

/** Most votes first; ties in the order of the first vote. */
function countVotes(votes: readonly string[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const vote of votes) counts.set(vote, (counts.get(vote) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])
}
