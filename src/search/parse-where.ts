/** @file The `where` of a search: filters joined by all, any and not, as JSON, with an error that says where it went wrong. Pure. */
import { type FilterExpression, PlainFilters } from '../contract/search-filters.ts'
import { FototecaError } from '../domain/errors.ts'

/** Deeper or longer than any person or page writes; it bounds the SQL that comes of it. */
const MAX_DEPTH = 6
const MAX_BRANCHES = 20

/** @throws FototecaError `bad_request` */
export function parseWhere(text: string): FilterExpression {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw refuse('', 'this is not JSON; write for instance {"not":{"state":["failed"]}}')
  }
  return parseExpression(json, '', 0)
}

function parseExpression(json: unknown, path: string, depth: number): FilterExpression {
  if (depth > MAX_DEPTH) throw refuse(path, `at most ${MAX_DEPTH} levels`)
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw refuse(path, 'expected an object')
  const [word] = Object.keys(json)
  if (word !== 'all' && word !== 'any' && word !== 'not') return parseFilters(json, path)
  if (Object.keys(json).length > 1) throw refuse(path, `\`${word}\` stands alone in its object`)
  const inside = (json as Record<string, unknown>)[word]
  if (word === 'not') return { not: parseExpression(inside, `${path}.not`, depth + 1) }
  if (!Array.isArray(inside) || inside.length === 0 || inside.length > MAX_BRANCHES)
    throw refuse(`${path}.${word}`, `expected a list of 1 to ${MAX_BRANCHES}`)
  const branches = inside.map((branch, i) => parseExpression(branch, `${path}.${word}.${i}`, depth + 1))
  return word === 'all' ? { all: branches } : { any: branches }
}

function parseFilters(json: object, path: string): FilterExpression {
  const parsed = PlainFilters.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw refuse([path, ...(issue?.path ?? [])].map(String).join('.'), issue?.message ?? 'not understood')
}

function refuse(path: string, message: string): FototecaError {
  return new FototecaError('bad_request', `where${path}: ${message}`)
}
