/** @file Duplicates: found in the background, decided by persons through the history of changes. */
import type { Config } from '../config/schema.ts'
import type { OpenDatabase } from '../db/client.ts'
import { LOOK_SPACE } from '../domain/likeness/look.ts'
import type { Log } from '../domain/log.ts'
import type { Edits } from '../edit/edits.ts'
import { createComparing } from '../group/duplicates/comparing.ts'
import { createDuplicates } from '../group/duplicates/duplicates.ts'
import { readSpace } from '../search/store-vector.ts'
import type { Analysis } from './analysis.ts'
import type { Signals } from './signals.ts'

export function composeDuplicates(
  config: Config,
  { db }: OpenDatabase,
  stack: AsyncDisposableStack,
  log: Log,
  signals: Signals,
  { models, edits }: { models: Analysis['models']; edits: Edits },
) {
  const comparing = stack.use(
    createComparing({
      db,
      log,
      threshold: config.duplicateThreshold,
      servingSpace: async () => {
        const serving = await models.modelledSpace()
        return (serving && (await readSpace(db, { id: serving.id }))) ?? null
      },
      lookSpace: async () => (await readSpace(db, { namePrefix: LOOK_SPACE })) ?? null,
    }),
  )
  for (const signal of [signals.photoDone, signals.modelsChanged, signals.groupsDecided]) signal.listen(comparing.wake)
  const duplicates = createDuplicates({
    db,
    edit: async (actor, edit) => (await edits.plan(actor, edit)).id,
    compared: comparing.report,
    compare: comparing.compareAgain,
  })
  return { duplicates, comparing }
}
