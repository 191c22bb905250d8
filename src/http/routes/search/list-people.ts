/** @file GET /api/people */
import type { Handler } from '../../handler.ts'

export const listPeople: Handler<'listPeople'> = async ({ services }) => ({ people: await services.library.people() })
