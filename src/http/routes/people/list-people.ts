/** @file GET /api/people */
import type { Handler } from '../../handler.ts'

export const listPeople: Handler<'listPeople'> = ({ query, services }) => services.people.list(query)
