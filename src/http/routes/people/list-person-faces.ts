/** @file GET /api/people/:id/faces */
import type { Handler } from '../../handler.ts'

export const listPersonFaces: Handler<'listPersonFaces'> = ({ params, query, services }) =>
  services.people.faces(params.id, query.skip, query.limit)
