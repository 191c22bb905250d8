/** @file Clusters found in the space that answers searches, their labels, and trips. */

import { concludeCalls } from '../background/store-paid-calls.ts'
import { type Message, render } from '../contract/messages/message.ts'
import type { OpenDatabase } from '../db/client.ts'
import { FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { EditsDeps } from '../edit/edits.ts'
import { Clustering, type ClusterSpace } from '../group/clusters/clustering.ts'
import { createClusters } from '../group/clusters/clusters.ts'
import type { ClusterDescriber } from '../group/clusters/label-clusters.ts'
import { undoMerge } from '../group/clusters/merge-clusters.ts'
import { createTrips } from '../group/trips/trips.ts'
import { encodeJpeg } from '../media/encode-jpeg.ts'
import { findByVector, readSpace, readVector } from '../search/store-vector.ts'
import { readBlob } from '../storage/blob-store.ts'
import { renditionKey } from '../storage/keys.ts'
import type { LibraryBlobs } from '../storage/library-blobs.ts'
import type { Analysis } from './analysis.ts'
import type { Signals } from './signals.ts'

type ClusterNeeds = Pick<Analysis, 'models' | 'describing'>

export function composeClusters(
  { renditions }: Pick<LibraryBlobs, 'renditions'>,
  { db }: OpenDatabase,
  stack: AsyncDisposableStack,
  log: Log,
  signals: Signals,
  { models, describing }: ClusterNeeds,
) {
  async function findSpace(): Promise<ClusterSpace | null> {
    const serving = await models.modelledSpace()
    return (await readSpace(db, serving ? { id: serving.id } : { namePrefix: 'builtin/look' })) ?? null
  }
  async function findNeighbours(photoId: number, { id }: ClusterSpace, count: number): Promise<number[]> {
    const [space, vector] = [await readSpace(db, { id }), await readVector(db, id, photoId)]
    if (!space || vector === undefined) return []
    const found = await findByVector(db, { space, vector, kept: null, demands: [], maxPhotoId: 2_147_483_647, exceptId: photoId })
    return found.slice(0, count).map((one) => one.id)
  }
  const askedAbout = (id: number) => `cluster ${id}`
  const describer = (): ClusterDescriber | null => {
    const active = describing.service.active()
    if (!active) return null
    const { gate, maxSide } = active
    return {
      model: gate.describer.info.id,
      async ask(photoId, sha256) {
        const picture = await encodeJpeg(() => readBlob(renditions, renditionKey(sha256, 'preview')), maxSide)
        const said = await gate.call({ photoId, subject: `name ${photoId}`, isByPerson: true }, picture, AbortSignal.timeout(ASK_MS))
        if (said.end !== 'done') throw saysNothing(said.reason)
        const { suggestedClusterName, description, tags, primaryCategory } = said.result.description
        return { clusterName: suggestedClusterName, description, tags, primaryCategory }
      },
      async label(id, captions, isByPerson) {
        const subject = { photoId: null, subject: askedAbout(id), isByPerson }
        const said = captions.length === 0 ? null : await gate.label(subject, captions, AbortSignal.timeout(ASK_MS))
        if (said?.end === 'postponed') throw saysNothing(said.reason)
        if (said?.end === 'failed') log.warn({ cluster: id, reason: render(said.reason) }, 'a cluster got no label by the language model')
        if (said?.end !== 'done') return null
        const { label, models, problem } = said.result
        if (problem !== null) log.info({ cluster: id, reason: problem }, 'the answer for the label of a cluster was not whole')
        if (label === null) await concludeCalls(db, askedAbout(id))
        return label && { label, models }
      },
      conclude: (id) => concludeCalls(db, askedAbout(id)),
    }
  }
  const clustering = stack.use(
    new Clustering({ db, log, space: findSpace, neighbours: findNeighbours, describer, onChanged: signals.factsChanged.emit }),
  )
  for (const signal of [signals.photoDone, signals.modelsChanged]) signal.listen(clustering.wake)
  return {
    clustering,
    clusters: createClusters({ db, clustering, describer, onChanged: signals.factsChanged.emit }),
    trips: createTrips(db),
  }
}

/** Merges are taken back through the one history, which is composed before clusters are. */
export function undoClusterMerge({ db }: OpenDatabase, signals: Signals): EditsDeps['undoers']['clusters'] {
  return async (actor, edit) => {
    const made = await undoMerge(db, actor, edit)
    signals.factsChanged.emit()
    return made
  }
}

const saysNothing = (reason: string | Message) =>
  new FototecaError('unavailable', `the describer says nothing now: ${typeof reason === 'string' ? reason : render(reason)}`)

/** A person waits for six of these. */
const ASK_MS = 120_000
