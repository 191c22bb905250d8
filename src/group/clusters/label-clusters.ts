/** @file Labels of clusters: by the facts of their photos, or from up to five representatives by what a describer says of each (system C’s `label_cluster`). */
import type { ClusterLabel } from '../../contract/clusters.ts'
import type { Db } from '../../db/client.ts'
import { FototecaError } from '../../domain/errors.ts'
import { splitWords } from '../../domain/words.ts'
import { nameByFacts, nameBySaid, type Said } from './name-clusters.ts'
import { labelUnlessNamed, listClusters, REPRESENTATIVES, readLabel } from './store-clusters.ts'
import { readClusterFacts, readClusterTexts, readRepresentatives, readTotals } from './store-facts.ts'

const TEXTS_READ = 30
/** A word of the pictures’ text names a cluster when this share of the texts holds it. */
const WORD_SHARE = 0.5
const SHORTEST_WORD = 4

export interface LabelDeps {
  readonly db: Db
  /** Asks the describer about one picture, through its gate; null where none is on. Throws when it cannot say anything now. */
  readonly describer: () => { readonly model: string; readonly ask: (photoId: number, sha256: string) => Promise<Said> } | null
}

export type Totals = Awaited<ReturnType<typeof readTotals>>

/** Names a cluster from facts that are stored: what describers said of its representatives, else tags, places and text. */
export async function labelFromFacts(db: Db, id: number, size: number, totals: Totals): Promise<void> {
  const representatives = await readRepresentatives(db, id, REPRESENTATIVES)
  const said = representatives.flatMap((one) => one.said ?? [])
  if (said.length * 2 > representatives.length && said.some(({ clusterName }) => clusterName !== null)) {
    const { name, description, tags, primaryCategory } = nameBySaid(said)
    const labelled = { description, tags: [...tags], primary_category: primaryCategory, images_analyzed: said.length, labelled_size: size }
    return labelUnlessNamed(db, id, { ...labelled, name, said_by: said[0]?.saidBy ?? null })
  }
  const facts = await readClusterFacts(db, id)
  const withTotals = (list: typeof facts.tags, known: ReadonlyMap<string, number>) =>
    list.map((one) => ({ ...one, total: Math.max(one.count, known.get(one.value) ?? 0) }))
  const words = await readCommonWords(db, id)
  const { name, tags } = nameByFacts(
    withTotals(facts.tags, totals.tags),
    withTotals(facts.countries, totals.countries),
    words,
    size,
    totals.photos,
  )
  await labelUnlessNamed(db, id, {
    name,
    said_by: name === null ? null : 'facts',
    tags: [...tags],
    images_analyzed: 0,
    labelled_size: size,
  })
}

async function readCommonWords(db: Db, id: number): Promise<string[]> {
  const texts = await readClusterTexts(db, id, TEXTS_READ)
  const counts = new Map<string, number>()
  for (const text of texts)
    for (const word of new Set(splitWords(text).map((one) => one.word)))
      if (word.length >= SHORTEST_WORD && !/\d/.test(word)) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts]
    .filter(([, count]) => texts.length >= 3 && count >= WORD_SHARE * texts.length)
    .sort((a, b) => b[1] - a[1] || b[0].length - a[0].length)
    .map(([word]) => word)
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
  const { name, description, tags, primaryCategory } = nameBySaid(said)
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
