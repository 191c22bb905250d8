/** @file The check of all files against their hashes. */
import type { Config } from '../config/schema.ts'
import type { RenditionKind } from '../contract/words.ts'
import type { OpenDatabase } from '../db/client.ts'
import type { Log } from '../domain/log.ts'
import type { Outages } from '../domain/outage.ts'
import { previewPath, renditionDir, thumbnailPath } from '../media/rendition-paths.ts'
import { reprocess } from '../pipeline/reprocess-ledger.ts'
import { Verifier } from '../verify/verifier.ts'
import type { Analysis } from './analysis.ts'

const RENDITION_PATHS = { thumbnail: thumbnailPath, preview: previewPath } satisfies Record<RenditionKind, (dir: string) => string>

export function composeVerify(
  config: Config,
  { db }: OpenDatabase,
  stack: AsyncDisposableStack,
  log: Log,
  { ingest, pipeline, outages }: Pick<Analysis, 'ingest' | 'pipeline'> & { readonly outages: Outages },
) {
  const renditionPath = (sha256: string, kind: RenditionKind) => RENDITION_PATHS[kind](renditionDir(config.dataDir, sha256))
  const verifier = stack.use(
    new Verifier({
      db,
      uploadDir: ingest.uploadDir,
      renditionPath,
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
  return { verifier, renditionPath }
}
