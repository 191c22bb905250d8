/** @file GET /api/photos/ids: what a person who selects a thousand photos needs of them. */
import type { Handler } from '../../handler.ts'

export const listPhotoIds: Handler<'listPhotoIds'> = async ({ query, services }) => {
  const [ids, days] = await Promise.all([services.library.photoIds(query.skip, query.limit), services.library.listDays()])
  return { ids, total: days.reduce((sum, day) => sum + day.count, 0) }
}
