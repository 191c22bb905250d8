/** @file PostgreSQL holds no NUL in text: a request with one is refused by name before it gets there. */
import type { FastifyRequest } from 'fastify'
import { FototecaError } from '../domain/errors.ts'

/** @throws FototecaError `invalid` */
export function refuseNulBytes({ params, query, body }: FastifyRequest): void {
  for (const part of [params, query, body]) {
    if (typeof part !== 'object' || part === null) continue
    for (const [name, value] of Object.entries(part))
      if (holdsNul(name) || holdsNul(value))
        throw new FototecaError('invalid', `${name.replaceAll('\0', '').slice(0, 100)}: must not hold a NUL character`)
  }
}

function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0')
  if (Array.isArray(value)) return value.some(holdsNul)
  if (typeof value === 'object' && value !== null && !('pipe' in value)) return Object.values(value).some(holdsNul)
  return false
}
