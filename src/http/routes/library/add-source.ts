/** @file POST /api/sources: answered at once; the folder is looked through and watched from then on. */
import type { Handler } from '../../handler.ts'

export const addSource: Handler<'addSource'> = async ({ body, services, log }) => {
  const source = await services.sources.add(body.path, { followLinks: body.follow_links })
  services.ingest.watch(source.id).catch((error: unknown) => log.error({ err: error, source: source.id }, 'a folder could not be watched'))
  return source
}
