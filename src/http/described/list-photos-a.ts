/** @file System A: GET /photos, newest first. */
import type { Handler } from '../handler.ts'

export const listPhotosA: Handler<'listPhotosA'> = async ({ actor, query, services }) => {
  const ids = await services.library.photoIds(actor.sees, query.skip, query.limit, query.collection)
  return services.library.photosA(actor.sees, ids, await services.activeSpace())
}
