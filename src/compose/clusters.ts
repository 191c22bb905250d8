/** @file Clusters found in the space that answers searches, their labels, and trips. */

import type { Config } from '../config/schema.ts'
import { render } from '../contract/messages/message.ts'
import type { OpenDatabase } from '../db/client.ts'
import { FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { EditsDeps } from '../edit/edits.ts'
import { Clustering, type ClusterSpace } from '../group/clusters/clustering.ts'
import { createClusters } from '../group/clusters/clusters.ts'
import { undoMerge } from '../group/clusters/merge-clusters.ts'
import { createTrips } from '../group/trips/trips.ts'
import { encodeJpeg } from '../media/encode-jpeg.ts'
import { previewPath, renditionDir } from '../media/rendition-paths.ts'
import { findByVector, readSpace, readVector } from '../search/store-vector.ts'
import type { Analysis } from './analysis.ts'
import type { Signals } from './signals.ts'

type ClusterNeeds = Pick<Analysis, 'models' | 'describing'>

export function composeClusters(
  config: Config,
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
  const clustering = stack.use(
    new Clustering({ db, log, space: findSpace, neighbours: findNeighbours, onChanged: signals.factsChanged.emit }),
  )
  for (const signal of [signals.photoDone, signals.modelsChanged]) signal.listen(clustering.wake)
  return {
    clustering,
    clusters: createClusters({
      db,
      clustering,
      onChanged: signals.factsChanged.emit,
      describer: () => {
        const active = describing.service.active()
        if (!active) return null
        return {
          model: active.gate.describer.info.id,
          ask: async (photoId, sha256) => {
            const picture = await encodeJpeg(previewPath(renditionDir(config.dataDir, sha256)), active.maxSide)
            const said = await active.gate.call(
              { photoId, subject: `name ${photoId}`, isByPerson: true },
              picture,
              AbortSignal.timeout(ASK_MS),
            )
            if (said.end !== 'done')
              throw new FototecaError(
                'unavailable',
                `the describer says nothing now: ${typeof said.reason === 'string' ? said.reason : render(said.reason)}`,
              )
            const { suggestedClusterName, description, tags, primaryCategory } = said.result.description
            return { clusterName: suggestedClusterName, description, tags, primaryCategory }
          },
        }
      },
    }),
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

/** A person waits for five of these. */
const ASK_MS = 120_000
