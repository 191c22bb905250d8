/** @file Labels of clusters: by the facts of their photos, or from up to five representatives by what a describer says of each (system C’s `label_cluster`). */
import type { ClusterLabel } from '../../contract/clusters.ts'
import type { Db } from '../../db/client.ts'
import { FototecaError } from '../../domain/errors.ts'
import { splitWords } from '../../domain/search/words.ts'
import { chooseName, extendName, nameByFacts, nameBySaid, type Said, type Told } from './name-clusters.ts'
import { labelUnlessNamed, listClusters, REPRESENTATIVES, readLabel } from './store-clusters.ts'
import {
  countTexts,
  readClusterFacts,
  readOtherNames,
  readPaths,
  readRepresentatives,
  readTexts,
  readTotals,
  type Totals,
} from './store-facts.ts'

const TEXTS_READ = 30
/** Texts and paths of the library, to compare with. */
const SAMPLED = 300
const SHORTEST_WORD = 4
const MAX_WORDS = 20

export interface LabelDeps {
  readonly db: Db
  /** Asks the describer about one picture, through its gate; null where none is on. Throws when it cannot say anything now. */
  readonly describer: () => { readonly model: string; readonly ask: (photoId: number, sha256: string) => Promise<Said> } | null
}

/**
 * Names a cluster from facts that are stored: what describers said of its representatives, else tags, places and text. Where facts tell
 * nothing it keeps the name it bears: most of its photos are those it was given for.
 * @param isDescribed it bears a describer's name, which is kept too unless describers say another: facts say less
 */
export async function labelFromFacts(
  db: Db,
  id: number,
  size: number,
  totals: Totals,
  { isDescribed }: { readonly isDescribed: boolean } = { isDescribed: false },
): Promise<void> {
  const representatives = await readRepresentatives(db, id, REPRESENTATIVES)
  const said = representatives.flatMap((one) => one.said ?? [])
  if (said.length * 2 > representatives.length && said.some(({ clusterName }) => clusterName !== null)) {
    const { description, tags, primaryCategory, ...label } = nameBySaid(said)
    const name = chooseName(extendName({ ...label, tags }), await readOtherNames(db, id))
    const labelled = { description, tags: [...tags], primary_category: primaryCategory, images_analyzed: said.length, labelled_size: size }
    return labelUnlessNamed(db, id, { ...labelled, name, said_by: said[0]?.saidBy ?? null })
  }
  if (isDescribed) return labelUnlessNamed(db, id, { labelled_size: size })
  const facts = await readClusterFacts(db, id)
  const withTotals = (list: readonly Omit<Told, 'total'>[], known: ReadonlyMap<string, number>) =>
    list.map((one) => ({ ...one, total: Math.max(one.count, known.get(one.value) ?? 0) }))
  const { names, tags } = nameByFacts(
    {
      tags: withTotals(facts.tags, totals.tags),
      cities: withTotals(facts.cities, totals.cities),
      countries: withTotals(facts.countries, totals.countries),
      paths: await readPathWords(db, id, size, totals.photos),
      words: await readTextWords(db, id),
      colours: withTotals(facts.colours, totals.colours),
      years: withTotals(facts.years, totals.years),
    },
    size,
    totals.photos,
  )
  const name = chooseName(names, await readOtherNames(db, id))
  await labelUnlessNamed(db, id, {
    ...(name === null ? {} : { name, said_by: 'facts', tags: [...tags] }),
    images_analyzed: 0,
    labelled_size: size,
  })
}

/** Words in the pictures of a cluster. */
async function readTextWords(db: Db, id: number): Promise<Told[]> {
  const own = await readTexts(db, id, TEXTS_READ)
  if (own.length < 3) return []
  return compareWords(own, await countTexts(db, id), await readTexts(db, null, SAMPLED), await countTexts(db, null))
}

/** What the files of a cluster and their innermost folders are called: people put things into folders by what they are. */
async function readPathWords(db: Db, id: number, size: number, library: number): Promise<Told[]> {
  const innermost = (path: string) =>
    path
      .split('/')
      .slice(-2)
      .join(' ')
      .replace(/\.\w{2,5}$/, '')
      .replaceAll('_', ' ')
  const [own, all] = [await readPaths(db, id, SAMPLED), await readPaths(db, null, SAMPLED)]
  return own.length < 3 ? [] : compareWords(own.map(innermost), size, all.map(innermost), library)
}

/** Counts are reckoned from the texts that were read, for cluster and library alike. */
function compareWords(own: readonly string[], size: number, all: readonly string[], library: number): Told[] {
  const known = countWords(all)
  const [ownScale, allScale] = [size / own.length, library / Math.max(1, all.length)]
  return [...countWords(own)]
    .sort((a, b) => b[1] - a[1] || b[0].length - a[0].length)
    .slice(0, MAX_WORDS)
    .map(([value, held]) => {
      const count = Math.round(held * ownScale)
      return { value, count, total: Math.max(count, Math.round((known.get(value) ?? 0) * allScale)) }
    })
}

/** In how many of the texts each word stands. */
function countWords(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const text of texts)
    for (const word of new Set(splitWords(text).map((one) => one.word)))
      if (word.length >= SHORTEST_WORD && !/\d/.test(word)) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

/**
 * `label_cluster`: up to five representatives are looked at by the describer; without one the facts stand.
 * @throws FototecaError `not_found`, `unavailable` (the describer says nothing now)
 */
export async function labelCluster({ db, describer: findDescriber }: LabelDeps, id: number): Promise<ClusterLabel> {
  const [cluster] = await listClusters(db, true, id)
  if (!cluster) throw new FototecaError('not_found', `there is no cluster ${id}`)
  const describer = findDescriber()
  if (describer === null) {
    await labelFromFacts(db, id, cluster.count, await readTotals(db))
    return readLabel(db, id, cluster.count)
  }
  const said: Said[] = []
  for (const one of await readRepresentatives(db, id, REPRESENTATIVES))
    said.push(one.said?.saidBy === describer.model ? one.said : await describer.ask(one.id, one.sha256))
  const { description, tags, primaryCategory, ...label } = nameBySaid(said)
  const name = chooseName(extendName({ ...label, tags }), await readOtherNames(db, id))
  await labelUnlessNamed(db, id, {
    name,
    said_by: describer.model,
    description,
    tags: [...tags],
    primary_category: primaryCategory,
    images_analyzed: said.length,
    labelled_size: cluster.count,
  })
  return readLabel(db, id, cluster.count)
}
