/** @file The handlers of `contract/routes/library.ts`; the compiler says which is missing. What does more than one call has a file of its own. */
import type { LIBRARY_ROUTES } from '../../contract/routes/library.ts'
import type { HandlersOf } from '../handler.ts'
import { sendEvents } from '../send-events.ts'
import { getHealth } from './library/get-health.ts'
import { getReady } from './library/get-ready.ts'

export const libraryHandlers = {
  getProgress: ({ actor, services }) => services.pipeline.progress(actor.sees),
  pauseUpgrade: ({ services }) => services.pipeline.pauseUpgrade(true),
  resumeUpgrade: ({ services }) => services.pipeline.pauseUpgrade(false),
  getStats: ({ actor, services }) => services.library.stats(actor.sees),
  getTasks: ({ services }) => services.tasks(),
  getEvents: async ({ request, reply, services }) => sendEvents(request, reply, services.changes),
  getHealth,
  getLive: async () => ({ status: 'ok' }),
  getReady,
  listSources: async ({ actor, services }) => ({ sources: await services.library.sources(actor.sees) }),
  listFolders: ({ query, services }) => services.ingest.list(query.path),
  /** Answered at once; the folder is looked through and watched from then on. */
  addSource: async ({ actor, body, services, log }) => {
    const source = await services.sources.add(actor, body.path, { followLinks: body.follow_links })
    services.ingest
      .watch(source.id)
      .catch((error: unknown) => log.error({ err: error, source: source.id }, 'a folder could not be watched'))
    return source
  },
  /** Answered at once; where it is not paused, the folder is looked through and watched from then on. */
  changeSource: async ({ params, body, services, log }) => {
    const { path, follow_links, paused, force } = body
    const source = await services.ingest.changeSource(params.id, { path, followLinks: follow_links, isPaused: paused, force })
    services.ingest
      .watch(source.id)
      .catch((error: unknown) => log.error({ err: error, source: source.id }, 'a folder could not be watched'))
    return source
  },
  removeSource: ({ actor, params, query, services }) =>
    services.sources.remove(actor, params.id, { photos: query.photos, isDryRun: query.dry_run === 'true' }),
  scanSource: ({ params, body, services }) => services.ingest.scan(params.id, { force: body?.force ?? false }),
  reprocess: ({ actor, body, services }) => services.reprocess(actor.sees, body),
} satisfies HandlersOf<typeof LIBRARY_ROUTES>
