/** @file The trash: emptied by persons, and by itself of what has been in it for long. */
import { HOUR_MS, Task } from '../background/task.ts'
import type { Config } from '../config/schema.ts'
import type { OpenDatabase } from '../db/client.ts'
import type { Log } from '../domain/log.ts'
import type { Edits } from '../edit/edits.ts'
import { createTrash } from '../edit/trash.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import type { Analysis } from './analysis.ts'
import type { Signals } from './signals.ts'

export function composeTrash(
  { dataDir }: Pick<Config, 'dataDir'>,
  { db }: OpenDatabase,
  stack: AsyncDisposableStack,
  log: Log,
  signals: Signals,
  { ingest, onNewPhoto, edits, renditions }: Pick<Analysis, 'ingest' | 'onNewPhoto'> & { edits: Edits; renditions: BlobStore },
) {
  const trash = createTrash({
    db,
    dataDir,
    renditions,
    log,
    edits,
    removeBlob: (path) => ingest.removeBlob(path),
    onNewPhoto,
    onChanged: signals.groupsDecided.emit,
  })
  // what came back may have been thrown away before it was analysed
  signals.groupsDecided.listen(signals.stepsDue.emit)
  const emptying = new Task({
    name: 'trash',
    work: async () => void (await trash.emptyOld()),
    log,
    failureMessage: 'Emptying the trash of old photos failed; will retry in an hour',
    failureLevel: 'warn',
    everyMs: HOUR_MS,
  })
  return { trash, emptying: stack.use(emptying) }
}
