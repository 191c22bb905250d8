/** @file What persons change: edits with undo, categories, and writing it back into files. */
import type { Config } from '../config/schema.ts'
import type { OpenDatabase } from '../db/client.ts'
import type { Log } from '../domain/log.ts'
import { createEditsTask } from '../edit/background.ts'
import { createCategories } from '../edit/categories.ts'
import { createEdits, type EditsDeps } from '../edit/edits.ts'
import { createSources, returnSources } from '../edit/sources.ts'
import { createWriteBack } from '../edit/write-back.ts'
import type { Analysis } from './analysis.ts'
import type { Finding } from './finding.ts'
import type { Signals } from './signals.ts'

interface EditingNeeds {
  /** writes the next records of photos; false: none is due */
  readonly writeRecords: () => Promise<boolean>
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
  { ingest, findPhotos, undoers, writeRecords }: EditingNeeds,
) {
  const writeBack = createWriteBack({
    db,
    dataDir: config.dataDir,
    mode: config.writeBack,
    log,
    locate: (photoId) => ingest.locate(photoId),
  })
  const background = stack.use(createEditsTask(db, log, [writeRecords, writeBack.step]))
  for (const signal of [signals.photoDone, signals.factsChanged]) signal.listen(() => background.wake())
  const wake = signals.factsChanged.emit
  const onUndo: EditsDeps['onUndo'] = async (trx, editId) => {
    const returned = await returnSources(trx, editId)
    return () => {
      for (const id of returned)
        ingest.watch(id).catch((error: unknown) => log.error({ err: error, source: id }, 'a folder could not be watched'))
    }
  }
  const edits = createEdits({ db, findPhotos, wake, onGroups: signals.groupsDecided.emit, onUndo, undoers })
  return {
    edits,
    sources: createSources({ db, ingest, edits, log }),
    categories: createCategories(db, wake),
    background,
    copyWithMetadata: (photoId: number) => writeBack.copyWithMetadata(photoId),
  }
}
