/** @file GET /api/days */
import type { Handler } from '../../handler.ts'

export const listDays: Handler<'listDays'> = async ({ services }) => {
  const days = await services.library.listDays()
  return { days, total: days.reduce((sum, day) => sum + day.count, 0) }
}
