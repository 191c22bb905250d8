/** @file Records beside the database, and a library made anew from them. */
import type { Config } from '../config/schema.ts'
import type { OpenDatabase } from '../db/client.ts'
import { markDocumentsStale } from '../document/store.ts'
import type { Log } from '../domain/log.ts'
import { applyTrash } from '../edit/store-groups.ts'
import { Rebuilder } from '../rebuild/rebuilder.ts'
import { createRecordWriter } from '../rebuild/record-writer.ts'
import type { Analysis } from './analysis.ts'
import type { Signals } from './signals.ts'

export function composeRebuild(
  config: Config,
  { db }: OpenDatabase,
  stack: AsyncDisposableStack,
  log: Log,
  signals: Signals,
  { ingest }: Pick<Analysis, 'ingest'>,
) {
  const { dataDir } = config
  const rebuilder = stack.use(
    new Rebuilder({
      db,
      dataDir,
      ingest,
      addFolder: async (path) => {
        const { id } = await ingest.addFolder(path)
        await ingest.watch(id)
      },
      onRestored: async (trx, photoId) => {
        await markDocumentsStale(trx, [photoId])
        await applyTrash(trx, [photoId])
      },
      wake: signals.factsChanged.emit,
      log,
    }),
  )
  return { rebuilder, writeRecords: createRecordWriter({ db, dataDir, isHeld: () => rebuilder.isUnfinished() }) }
}
