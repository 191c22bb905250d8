/** @file GET /api/places/points: nothing is sent again to a client that has it. */
import type { Handler } from '../../handler.ts'

export const listPoints: Handler<'listPoints'> = async ({ actor, query, request, reply, services }) => {
  const { body, tag } = await services.points(actor.sees, query)
  reply.header('etag', tag)
  const isKnown = request.headers['if-none-match']?.split(',').some((each) => each.trim().replace(/^W\//, '') === tag)
  return isKnown ? reply.code(304).send() : reply.type('application/json; charset=utf-8').send(body)
}
