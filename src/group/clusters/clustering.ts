/**
 * @file Keeps the clusters current, in the background: new photos join by their nearest neighbours, now and then all photos are looked at
 * again in a thread. Nothing here holds a transaction while it computes; a run that was cut off is simply made again.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Task } from '../../background/task.ts'
import type { Log } from '../../domain/log.ts'
import { WorkerModel } from '../../models/workers/worker-model.ts'
import type { Clustering as Found } from './find-clusters.ts'
import { type LabelDeps, labelInBackground } from './label-clusters.ts'
import { matchClusters } from './match-clusters.ts'
import {
  deleteEmpty,
  insertCluster,
  listSizes,
  type Member,
  readEmbedded,
  readLastRun,
  readMembership,
  readOldClusters,
  readVectors,
  readVectorsOf,
  readWish,
  saveWish,
  writeLastRun,
  writeMembers,
} from './store-clusters.ts'
import { readTotals } from './store-facts.ts'

/** Fewer photos make no topics. */
const MIN_PHOTOS = 12
/** All photos are looked at again when so many more are there than the last time. */
const GROWTH = 1.25
/** New photos are looked at when nothing came in for so long. */
const QUIET_MS = 20_000
/** Vectors per read: about 20 ms in the embedded database; other queries get their turn between. */
const PAGE = 250
const SAMPLE = 3000
const WRITE = 500
/** Neighbours asked for a new photo; it joins the cluster that most of those within it lie in. */
const ASKED = 10
/** A cluster is labelled again when it grew or shrank by so much. */
const RELABEL = 1.2

export interface ClusterSpace {
  readonly id: number
  readonly name: string
  readonly width: number
}

export interface ClusteringDeps extends LabelDeps {
  readonly log: Log
  /** the space that answers searches, or the built-in one that knows only looks; null while there is none */
  readonly space: () => Promise<ClusterSpace | null>
  /** the nearest photos of a photo, nearest first */
  readonly neighbours: (photoId: number, space: ClusterSpace, count: number) => Promise<readonly number[]>
  /** clusters are a filter: what searches keep is old */
  readonly onChanged: () => void
  readonly quietMs?: number
  readonly leastPhotos?: number
}

export class Clustering implements AsyncDisposable {
  readonly #deps: ClusteringDeps
  readonly task: Task

  constructor(deps: ClusteringDeps) {
    this.#deps = deps
    this.task = new Task({
      name: 'clusters',
      work: () => this.#work(),
      log: deps.log,
      failureMessage: 'clusters could not be found',
      quietMs: deps.quietMs ?? QUIET_MS,
    })
  }

  get isRunning(): boolean {
    return this.task.report().state === 'running'
  }

  /** Photos came in, or another space answers. */
  readonly wake = (): void => this.task.wake()

  /** Looks at all photos again now, in the background, in the process that does it. */
  async run(): Promise<void> {
    await saveWish(this.#deps.db, randomUUID())
    this.task.runNow()
  }

  async #work(): Promise<void> {
    const { db, onChanged, leastPhotos = MIN_PHOTOS } = this.#deps
    const wish = (await readWish(db)) ?? null
    const space = await this.#deps.space()
    if (space === null) return
    const ids = await readEmbedded(db, space.id)
    if (ids.length < leastPhotos) return wish === null ? undefined : saveWish(db, null)
    const last = await readLastRun(db)
    if (wish !== null || last === null || last.space !== space.name || ids.length >= last.photos * GROWTH) await this.#findAll(space, ids)
    else await this.#joinNew(space, ids)
    await this.#labelChanged()
    if (wish !== null && (await readWish(db)) === wish) await saveWish(db, null)
    onChanged()
  }

  async #findAll(space: ClusterSpace, ids: readonly number[]): Promise<void> {
    const { db, log } = this.#deps
    const started = performance.now()
    await using thread = new WorkerModel(new URL('./cluster-worker.ts', import.meta.url), space.width)
    await this.#learn(thread, space, ids)
    const photoIds: number[] = []
    for (let after = 0; ; after = photoIds.at(-1) ?? 0) {
      this.task.signal.throwIfAborted()
      const page = await readVectors(db, space.id, after, PAGE)
      if (page.ids.length === 0) break
      photoIds.push(...page.ids)
      await thread.call('add', [page.vectors], { signal: this.task.signal })
    }
    const found = await thread.call<Found>('find', [], { signal: this.task.signal })
    await this.#save(photoIds, found)
    const took_ms = Math.round(performance.now() - started)
    await writeLastRun(db, { space: space.name, photos: photoIds.length, at: new Date().toISOString(), took_ms })
    log.info({ photos: photoIds.length, clusters: found.count, took_ms }, 'clusters were found')
  }

  async #learn(thread: WorkerModel, space: ClusterSpace, ids: readonly number[]): Promise<void> {
    const step = Math.max(1, ids.length / SAMPLE)
    const chosen = Array.from({ length: Math.min(SAMPLE, ids.length) }, (_, i) => ids[Math.floor(i * step)] ?? 0)
    const sample: string[] = []
    for (let from = 0; from < chosen.length; from += PAGE)
      sample.push(...(await readVectorsOf(this.#deps.db, space.id, chosen.slice(from, from + PAGE))))
    await thread.call('learn', [sample], { signal: this.task.signal })
  }

  /** Ids and names go over by the photos they share; only what differs is written. */
  async #save(photoIds: readonly number[], { labels, similarities, count }: Found): Promise<void> {
    const { db } = this.#deps
    const membership = await readMembership(db)
    const clusterOf = new Map(membership.photoIds.map((id, i) => [id, membership.clusterIds[i] || null]))
    const old = await readOldClusters(db)
    const matched = matchClusters(
      labels,
      photoIds.map((id) => clusterOf.get(id) ?? null),
      count,
      old,
    )
    const ids: number[] = []
    for (const id of matched) ids.push(id ?? (await insertCluster(db)))
    const members = photoIds.map((photoId, i): Member => {
      const label = labels[i] ?? -1
      return { photoId, clusterId: label < 0 ? null : (ids[label] ?? null), similarity: similarities[i] ?? 0 }
    })
    for (let from = 0; from < members.length; from += WRITE) {
      this.task.signal.throwIfAborted()
      await writeMembers(db, members.slice(from, from + WRITE))
    }
    await deleteEmpty(db)
  }

  /** Each new photo goes where most of its neighbours are, if they agree. */
  async #joinNew(space: ClusterSpace, ids: readonly number[]): Promise<void> {
    const { db, neighbours } = this.#deps
    const membership = await readMembership(db)
    const clusterOf = new Map(membership.photoIds.map((id, i) => [id, membership.clusterIds[i] ?? 0]))
    for (const photoId of ids) {
      if (clusterOf.has(photoId)) continue
      this.task.signal.throwIfAborted()
      const near = (await neighbours(photoId, space, ASKED)).map((id) => clusterOf.get(id) ?? 0)
      const votes = Map.groupBy(
        near.filter((id) => id > 0),
        (id) => id,
      )
      const [best] = [...votes].sort((a, b) => b[1].length - a[1].length)
      const joins = best !== undefined && best[1].length * 2 > near.length
      const clusterId = joins ? best[0] : null
      await writeMembers(db, [{ photoId, clusterId, similarity: joins ? best[1].length / near.length : 0 }])
      clusterOf.set(photoId, clusterId ?? 0)
      await sleep(0)
    }
  }

  async #labelChanged(): Promise<void> {
    const { db } = this.#deps
    const totals = await readTotals(db)
    for (const { id, count, labelledSize, isDescribed } of await listSizes(db)) {
      this.task.signal.throwIfAborted()
      const isSame = labelledSize !== null && count < labelledSize * RELABEL && count * RELABEL > labelledSize
      if (!isSame) await labelInBackground(this.#deps, id, count, totals, { isDescribed })
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.task[Symbol.asyncDispose]()
  }
}
