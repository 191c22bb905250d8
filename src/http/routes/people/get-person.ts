/** @file GET /api/people/:id */
import type { Handler } from '../../handler.ts'

export const getPerson: Handler<'getPerson'> = ({ params, services }) => services.people.get(params.id)
