/** @file POST /api/duplicates/sets/:id */
import type { Handler } from '../../handler.ts'

export const decideDuplicateSet: Handler<'decideDuplicateSet'> = ({ params, body, services }) => services.duplicates.decide(params.id, body)
