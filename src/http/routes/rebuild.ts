/** @file The handlers of `contract/routes/rebuild.ts`; the compiler says which is missing. What does more than one call has a file of its own. */
import type { REBUILD_ROUTES } from '../../contract/routes/rebuild.ts'
import type { HandlersOf } from '../handler.ts'

export const rebuildHandlers = {
  getRebuild: ({ services }) => services.rebuild.report(),
  startRebuild: ({ body, services }) => services.rebuild.begin({ folders: body?.folders, isAdding: body?.add ?? false }),
} satisfies HandlersOf<typeof REBUILD_ROUTES>
