/** @file System A: GET /photos, newest first. */
import type { Handler } from '../handler.ts'

export const listPhotosA: Handler<'listPhotosA'> = async ({ query, services }) => {
  const ids = await services.library.photoIds(query.skip, query.limit, query.collection)
  return services.library.photosA(ids, await services.activeSpace())
}
