/** @file The check of all files against their hashes. */
import type { Config } from '../config/schema.ts'
import type { OpenDatabase } from '../db/client.ts'
import type { Log } from '../domain/log.ts'
import type { Outages } from '../domain/outage.ts'
import { reprocess } from '../pipeline/reprocess-ledger.ts'
import type { LibraryBlobs } from '../storage/library-blobs.ts'
import { Verifier } from '../verify/verifier.ts'
import type { Analysis } from './analysis.ts'

export function composeVerify(
  config: Config,
  { db }: OpenDatabase,
  stack: AsyncDisposableStack,
  log: Log,
  { ingest, pipeline, outages, blobs }: Pick<Analysis, 'ingest' | 'pipeline'> & { readonly outages: Outages; readonly blobs: LibraryBlobs },
) {
  return stack.use(
    new Verifier({
      db,
      originals: blobs.originals,
      renditions: blobs.renditions,
      locate: (photoId) => ingest.locate(photoId),
      renew: async (photoId) => {
        await reprocess(db, { steps: ['prepare'], ids: [photoId], model: undefined, state: undefined, reason: undefined })
        pipeline.wake()
      },
      everyDays: config.verifyDays,
      mbPerSecond: config.verifyMbPerSecond,
      isBusy: () => pipeline.isBusy(),
      outages,
      log,
    }),
  )
}
