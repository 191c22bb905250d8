/** @file The handlers of `contract/routes/rebuild.ts`; the compiler says which is missing. */
import type { REBUILD_ROUTES } from '../../contract/routes/rebuild.ts'
import type { HandlersOf } from '../handler.ts'
import { getRebuild } from '../routes/rebuild/get-rebuild.ts'
import { startRebuild } from '../routes/rebuild/start-rebuild.ts'

export const rebuildHandlers = { getRebuild, startRebuild } satisfies HandlersOf<typeof REBUILD_ROUTES>
