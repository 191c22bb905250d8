/** @file Labels of clusters: by one prompt over the captions of up to five representatives (system C’s `label_cluster`), or by the facts of their photos. */
import type { ClusterLabel } from '../../contract/clusters.ts'
import type { Db } from '../../db/client.ts'
import type { ClusterWords } from '../../domain/description.ts'
import { FototecaError } from '../../domain/errors.ts'
import { splitWords } from '../../domain/search/words.ts'
import type { Visibility } from '../../domain/visibility.ts'
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

/** Asked through its gate. */
export interface ClusterDescriber {
  readonly model: string
  /** About one picture. @throws FototecaError `unavailable` when it cannot say anything now */
  ask(photoId: number, sha256: string): Promise<Said>
  /**
   * What the captions have in common; null where there is no language model, or no usable answer.
   * @throws FototecaError `unavailable`
   */
  label(clusterId: number, captions: readonly string[], isByPerson: boolean): Promise<SaidOfAll | null>
  /** The label is saved. */
  conclude(clusterId: number): Promise<void>
}

export interface SaidOfAll {
  readonly label: ClusterWords
  readonly models: readonly string[]
}

export interface LabelDeps {
  readonly db: Db
  /** null where none is on */
  readonly describer: () => ClusterDescriber | null
}

/**
 * Names a cluster in the background: by what describers said of its representatives, else from tags, places and text. Where facts tell
 * nothing it keeps the name it bears: most of its photos are those it was given for.
 * @param isDescribed it bears a describer's name, which is kept too unless describers say another: facts say less
 */
export async function labelInBackground(
  { db, describer: findDescriber }: LabelDeps,
  id: number,
  size: number,
  totals: Totals,
  { isDescribed }: { readonly isDescribed: boolean } = { isDescribed: false },
): Promise<void> {
  const representatives = await readRepresentatives(db, id, REPRESENTATIVES)
  const said = representatives.flatMap((one) => one.said ?? [])
  if (said.length * 2 > representatives.length) {
    const describer = findDescriber()
    try {
      const ofAll = await describer?.label(id, captionsOf(said), false)
      if (describer && ofAll) return await saveLabel(db, { id, size, said, ofAll, describer })
    } catch (error) {
      if (!(error instanceof FototecaError && error.code === 'unavailable')) throw error
      if (isDescribed) return // it is tried again with the next photos
    }
    if (said.some(({ clusterName }) => clusterName !== null)) return saveCounted(db, id, size, said, said[0]?.saidBy ?? null)
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
    models: [],
    fallback_used: false,
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
 * `label_cluster`: one prompt over the captions of up to five representatives; those that have none are looked at first. Without a language
 * model what was said of each is counted, without a describer the facts stand.
 * @throws FototecaError `not_found`, `unavailable` (the describer says nothing now)
 */
export async function labelCluster(deps: LabelDeps, sees: Visibility, id: number): Promise<ClusterLabel> {
  const { db } = deps
  const [cluster] = await listClusters(db, sees, true, id)
  if (!cluster) throw new FototecaError('not_found', `there is no cluster ${id}`)
  const describer = deps.describer()
  if (describer === null) {
    await labelInBackground(deps, id, cluster.count, await readTotals(db))
    return readLabel(db, id, cluster.count)
  }
  const said: Said[] = []
  for (const one of await readRepresentatives(db, id, REPRESENTATIVES))
    said.push(one.said?.description ? one.said : await describer.ask(one.id, one.sha256))
  const ofAll = await describer.label(id, captionsOf(said), true)
  if (ofAll) await saveLabel(db, { id, size: cluster.count, said, ofAll, describer })
  else await saveCounted(db, id, cluster.count, said, describer.model)
  return readLabel(db, id, cluster.count)
}

const captionsOf = (said: readonly Said[]): string[] =>
  said.map(({ description, tags }) => description ?? tags.join(', ')).filter((caption) => caption !== '')

interface SavedLabel {
  readonly id: number
  readonly size: number
  readonly said: readonly Said[]
  readonly ofAll: SaidOfAll
  readonly describer: ClusterDescriber
}

async function saveLabel(db: Db, { id, size, said, ofAll: { label, models }, describer }: SavedLabel): Promise<void> {
  const tags = [...label.tags]
  await labelUnlessNamed(db, id, {
    name: chooseName(extendName({ name: label.name, tags }), await readOtherNames(db, id)),
    said_by: describer.model,
    description: label.description,
    tags,
    primary_category: label.primaryCategory,
    models: [...models],
    fallback_used: false,
    images_analyzed: said.length,
    labelled_size: size,
  })
  await describer.conclude(id)
}

/** What most descriptions of single pictures say. */
async function saveCounted(db: Db, id: number, size: number, said: readonly Said[], saidBy: string | null): Promise<void> {
  const { description, tags, primaryCategory, ...label } = nameBySaid(said)
  await labelUnlessNamed(db, id, {
    name: chooseName(extendName({ ...label, tags }), await readOtherNames(db, id)),
    said_by: saidBy,
    description,
    tags: [...tags],
    primary_category: primaryCategory,
    models: [],
    fallback_used: true,
    images_analyzed: said.length,
    labelled_size: size,
  })
}
