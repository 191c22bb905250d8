/** @file The cookie of a session: no script reads it, no other site makes the browser send it. */
import type { FastifyReply, FastifyRequest } from 'fastify'

const NAME = 'fototeca'
/** as long as browsers keep one; when a session ends is the server’s to say */
const MAX_AGE_S = 400 * 24 * 3600

export function readSessionCookie({ headers }: FastifyRequest): string | undefined {
  for (const pair of headers.cookie?.split(';') ?? []) {
    const [key, value] = pair.split('=', 2)
    if (key?.trim() === NAME) return value?.trim()
  }
  return undefined
}

export const setSessionCookie = (request: FastifyRequest, reply: FastifyReply, secret: string) => write(request, reply, secret, MAX_AGE_S)
export const clearSessionCookie = (request: FastifyRequest, reply: FastifyReply) => write(request, reply, '', 0)

function write({ protocol, headers }: FastifyRequest, reply: FastifyReply, value: string, maxAge: number): void {
  // whoever claims https without it loses only its own cookie, so a proxy need not be trusted for that
  const secure = protocol === 'https' || headers['x-forwarded-proto'] === 'https' ? '; Secure' : ''
  reply.header('set-cookie', `${NAME}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAge}${secure}`)
}
