/** @file The handler of each route of the contract; the compiler says which is missing. */
import type { Handlers } from './handler.ts'
import { accessHandlers } from './handlers/access.ts'
import { albumHandlers } from './handlers/albums.ts'
import { backupHandlers } from './handlers/backup.ts'
import { clusterHandlers } from './handlers/clusters.ts'
import { describeHandlers } from './handlers/describe.ts'
import { describedHandlers } from './handlers/described-systems.ts'
import { duplicateHandlers } from './handlers/duplicates.ts'
import { editHandlers } from './handlers/edits.ts'
import { exportHandlers } from './handlers/exports.ts'
import { generateHandlers } from './handlers/generate.ts'
import { libraryHandlers } from './handlers/library.ts'
import { modelHandlers } from './handlers/models.ts'
import { peopleHandlers } from './handlers/people.ts'
import { photoHandlers } from './handlers/photos.ts'
import { productHandlers } from './handlers/products.ts'
import { rebuildHandlers } from './handlers/rebuild.ts'
import { searchHandlers } from './handlers/search.ts'
import { trashHandlers } from './handlers/trash.ts'
import { verifyHandlers } from './handlers/verify.ts'

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
