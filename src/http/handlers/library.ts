/** @file The handlers of `contract/routes/library.ts`; the compiler says which is missing. */
import type { LIBRARY_ROUTES } from '../../contract/routes/library.ts'
import type { HandlersOf } from '../handler.ts'
import { addSource } from '../routes/library/add-source.ts'
import { changeSource } from '../routes/library/change-source.ts'
import { getHealth } from '../routes/library/get-health.ts'
import { getLive } from '../routes/library/get-live.ts'
import { getProgress } from '../routes/library/get-progress.ts'
import { getReady } from '../routes/library/get-ready.ts'
import { getStats } from '../routes/library/get-stats.ts'
import { listSources } from '../routes/library/list-sources.ts'
import { removeSource } from '../routes/library/remove-source.ts'
import { reprocess } from '../routes/library/reprocess.ts'
import { scanSource } from '../routes/library/scan-source.ts'

export const libraryHandlers = {
  getProgress,
  getStats,
  getHealth,
  getLive,
  getReady,
  listSources,
  addSource,
  changeSource,
  removeSource,
  scanSource,
  reprocess,
} satisfies HandlersOf<typeof LIBRARY_ROUTES>
