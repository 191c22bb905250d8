/** @file The address of this program as the client sees it, for addresses in answers. */
import type { FastifyRequest } from 'fastify'

/** `http://localhost:8000`; behind a proxy that says so, https. */
export function readBase(request: FastifyRequest): string {
  const forwarded = request.headers['x-forwarded-proto']
  return `${forwarded === 'https' ? 'https' : request.protocol}://${request.host}`
}
