/** @file What persons change: edits with undo, categories, and writing it back into files. */
import type { Config } from '../config/schema.ts'
import type { OpenDatabase } from '../db/client.ts'
import type { Log } from '../domain/log.ts'
import { BackgroundEdits } from '../edit/background.ts'
import { createCategories } from '../edit/categories.ts'
import { createEdits, type EditsDeps } from '../edit/edits.ts'
import { createWriteBack } from '../edit/write-back.ts'
import type { Analysis } from './analysis.ts'
import type { Finding } from './finding.ts'
import type { Signals } from './signals.ts'

interface EditingNeeds {
  readonly ingest: Analysis['ingest']
  readonly findPhotos: Finding['findPhotos']
  readonly undoers: EditsDeps['undoers']
}

export function composeEditing(
  config: Config,
  { db }: OpenDatabase,
  stack: AsyncDisposableStack,
  log: Log,
  signals: Signals,
  { ingest, findPhotos, undoers }: EditingNeeds,
) {
  const writeBack = createWriteBack({
    db,
    dataDir: config.dataDir,
    mode: config.writeBack,
    log,
    locate: (photoId) => ingest.locate(photoId),
  })
  const background = stack.use(new BackgroundEdits(db, log, [writeBack.step]))
  for (const signal of [signals.photoDone, signals.factsChanged]) signal.listen(() => background.wake())
  const wake = signals.factsChanged.emit
  return {
    edits: createEdits({ db, findPhotos, wake, onGroups: signals.groupsDecided.emit, undoers }),
    categories: createCategories(db, wake),
    background,
    copyWithMetadata: (photoId: number) => writeBack.copyWithMetadata(photoId),
  }
}
