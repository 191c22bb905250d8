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
const MIN_SHARE = 0.25
/** Times as frequent as in the library; below, it is just frequent. */
const MIN_LIFT = 1.3
const NAMED_AFTER = 2
const MAX_TAGS = 10
const PLACE_SHARE = 0.7

/** Photos that every value is thought to be seen in before any is looked at: what few photos hold says little. */
const PRIOR = 4
/** Below this the difference to the rest may be chance. */
const MIN_Z = 1.5

/**
 * How much more a value belongs to the cluster than to the rest of the library, in standard deviations: log-odds ratio with an
 * informative Dirichlet prior (Monroe, Colaresi, Quinn 2008, “Fightin’ Words”), the library as the prior.
 */
export function contrast({ count, total }: Told, size: number, library: number): number {
  const prior = (PRIOR * (total + 1)) / (library + 1)
  const odds = (held: number, of: number) => (held + prior) / Math.max(of - held + PRIOR - prior, 1e-3)
  const rest = Math.max(total - count, 0)
  const difference = Math.log(odds(count, size)) - Math.log(odds(rest, Math.max(library - size, rest)))
  return difference / Math.sqrt(1 / (count + prior) + 1 / (rest + prior))
}

/** Most telling first: those that enough of the photos hold, by contrast with the rest of the library. */
export function rankTelling(words: readonly Told[], size: number, library: number): Told[] {
  const isTelling = ({ count, total }: Told) => count / size >= MIN_SHARE && count / size >= MIN_LIFT * (total / library)
  return words
    .filter((told) => isTelling(told) && contrast(told, size, library) >= MIN_Z)
    .map((told) => ({ told, score: contrast(told, size, library) * (told.count / size) }))
    .sort((a, b) => b.score - a.score || b.told.count - a.told.count || (a.told.value < b.told.value ? -1 : 1))
    .map(({ told }) => told)
}

/** What the photos of a cluster hold, each with how many of the library hold it. */
export interface ClusterFacts {
  readonly tags: readonly Told[]
  readonly cities: readonly Told[]
  readonly countries: readonly Told[]
  /** words of file and folder names */
  readonly paths: readonly Told[]
  /** words of the text in the pictures */
  readonly words: readonly Told[]
  readonly colours: readonly Told[]
  readonly years: readonly Told[]
}

export interface FactLabel {
  /** names from short to long, each telling more than the one before; empty where nothing is telling */
  readonly names: readonly string[]
  readonly tags: readonly string[]
}

/** Words in the pictures name a cluster when this share of its photos holds them. */
const WORD_SHARE = 0.4
const COLOUR_SHARE = 0.6
const YEAR_SHARE = 0.8
const MAX_SHARE = 0.5

/** Tags say most; then what files and folders are called, words in the pictures, the city or the country, the year; colours where nothing else is left. */
export function nameByFacts(facts: ClusterFacts, size: number, library: number): FactLabel {
  const telling = rankTelling(facts.tags, size, library)
  const held = (list: readonly Told[], share: number) => rankTelling(list, size, library).filter(({ count }) => count >= share * size)
  const tags = telling.map(({ value }) => value)
  const words = [
    ...held(facts.paths, WORD_SHARE).map(({ value }) => value),
    ...held(facts.words, WORD_SHARE).map(({ value }) => `“${value}”`),
  ]
  const [place] = [...held(facts.cities, PLACE_SHARE), ...held(facts.countries, PLACE_SHARE)]
  const [year] = held(facts.years, YEAR_SHARE)
  const colours = held(facts.colours, COLOUR_SHARE).map(({ value }) => `mostly ${value}`)
  const topics = tags.length > 0 ? tags.slice(0, place ? 1 : NAMED_AFTER) : words.slice(0, NAMED_AFTER)
  const base = [...topics, ...(place ? [place.value] : [])]
  const more = [
    ...tags.slice(topics === words ? 0 : topics.length, NAMED_AFTER + 1),
    ...(tags.length > 0 ? words.slice(0, 1) : []),
    ...(year ? [year.value] : []),
    ...colours.slice(0, 2),
  ]
  const start = base.length > 0 ? base : more.splice(0, NAMED_AFTER)
  if (start.length === 0)
    start.push(
      ...facts.tags
        .filter(({ count }) => count >= MAX_SHARE * size)
        .slice(0, NAMED_AFTER)
        .map(({ value }) => value),
    )
  if (start.length === 0) return { names: [], tags: [] }
  // where nothing telling is left: where and when most were taken, though the library holds it as often
  const plain = [facts.cities, facts.countries, facts.years].flatMap(([most]) =>
    most && most.count >= MAX_SHARE * size ? [most.value] : [],
  )
  const names = [start, ...more.map((_, i) => [...start, ...more.slice(0, i + 1)]), ...plain.map((value) => [...start, value])].map(
    (parts) => capitalise([...new Set(parts)].join(', ')),
  )
  return { names: [...new Set(names)], tags: tags.slice(0, MAX_TAGS) }
}

/** The shortest name nobody else bears; a number where facts tell no difference. */
export function chooseName(names: readonly string[], taken: ReadonlySet<string>): string | null {
  const [first] = names
  if (first === undefined) return null
  const free = names.find((name) => !taken.has(name.toLowerCase()))
  if (free !== undefined) return free
  for (let number = 2; ; number++) {
    const numbered = `${first} ${number}`
    if (!taken.has(numbered.toLowerCase())) return numbered
  }
}

/** A describer calls many clusters alike: then what it says they show is added. */
export function extendName({ name, tags }: Pick<SaidLabel, 'name' | 'tags'>): string[] {
  if (name === null) return []
  const words = name.toLowerCase().split(/\s+/)
  return [name, ...tags.filter((tag) => !words.includes(tag.toLowerCase())).map((tag) => `${name}, ${tag}`)]
}

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

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
    tags: tags.slice(0, MAX_TAGS).map(([tag]) => tag),
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
