/** @file The handler of each route of the contract; the compiler says which is missing. */
import type { Handlers } from './handler.ts'
import { accessHandlers } from './routes/access.ts'
import { albumHandlers } from './routes/albums.ts'
import { backupHandlers } from './routes/backup.ts'
import { clusterHandlers } from './routes/clusters.ts'
import { describeHandlers } from './routes/describe.ts'
import { describedHandlers } from './routes/described-systems.ts'
import { duplicateHandlers } from './routes/duplicates.ts'
import { editHandlers } from './routes/edits.ts'
import { exportHandlers } from './routes/exports.ts'
import { generateHandlers } from './routes/generate.ts'
import { libraryHandlers } from './routes/library.ts'
import { modelHandlers } from './routes/models.ts'
import { peopleHandlers } from './routes/people.ts'
import { photoHandlers } from './routes/photos.ts'
import { productHandlers } from './routes/products.ts'
import { queueHandlers } from './routes/queue.ts'
import { rebuildHandlers } from './routes/rebuild.ts'
import { searchHandlers } from './routes/search.ts'
import { trashHandlers } from './routes/trash.ts'
import { verifyHandlers } from './routes/verify.ts'

export const HANDLERS = {
  ...photoHandlers,
  ...searchHandlers,
  ...editHandlers,
  ...albumHandlers,
  ...clusterHandlers,
  ...exportHandlers,
  ...duplicateHandlers,
  ...trashHandlers,
  ...peopleHandlers,
  ...libraryHandlers,
  ...queueHandlers,
  ...verifyHandlers,
  ...rebuildHandlers,
  ...backupHandlers,
  ...modelHandlers,
  ...describeHandlers,
  ...describedHandlers,
  ...productHandlers,
  ...generateHandlers,
  ...accessHandlers,
} satisfies Handlers
