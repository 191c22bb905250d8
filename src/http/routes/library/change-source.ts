/** @file PATCH /api/sources/:id: answered at once; where it is not paused, the folder is looked through and watched from then on. */
import type { Handler } from '../../handler.ts'

export const changeSource: Handler<'changeSource'> = async ({ params, body, services, log }) => {
  const { path, follow_links, paused, force } = body
  const source = await services.ingest.changeSource(params.id, { path, followLinks: follow_links, isPaused: paused, force })
  services.ingest.watch(source.id).catch((error: unknown) => log.error({ err: error, source: source.id }, 'a folder could not be watched'))
  return source
}
