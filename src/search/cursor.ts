/** @file The opaque `cursor` of a page: where the next one begins, and which search it belongs to. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { SearchQuery } from '../contract/search.ts'
import { FototecaError } from '../domain/errors.ts'

const Fingerprint = z.string().length(8)

const ListCursor = z.tuple([
  z.literal('list'),
  Fingerprint,
  z
    .string()
    .regex(/^\d{1,5}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$/)
    .describe('sort_at of the last hit, UTC'),
  z.number().int().describe('its id'),
  z.number().int().nonnegative().describe('total, counted for the first page'),
])
const RankedCursor = z.tuple([
  z.literal('ranked'),
  Fingerprint,
  z.string().max(20).describe('the result list in the memory of the running program'),
  z.number().int().nonnegative().describe('hits shown so far'),
  z.number().int().nonnegative().describe('newest photo the search knew of'),
])
const Cursor = z.union([ListCursor, RankedCursor])

export type RankedCursor = z.infer<typeof RankedCursor>
export type Cursor = z.infer<typeof Cursor>

/** Eight characters that tell one search from another, whatever its page. */
export function fingerprint(query: SearchQuery): string {
  const { limit: _limit, cursor: _cursor, ...what } = query
  const sorted = Object.entries(what)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url').slice(0, 8)
}

export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url')
}

/** @throws FototecaError `bad_request` for anything `encodeCursor` did not make for this very search */
export function decodeCursor(text: string, expected: string): Cursor {
  const parsed = Cursor.safeParse(parseJson(Buffer.from(text, 'base64url').toString()))
  if (!parsed.success) throw new FototecaError('bad_request', 'cursor: take `next` of the page before, or leave it out')
  if (parsed.data[1] !== expected)
    throw new FototecaError('bad_request', 'cursor: it belongs to another search; leave it out to start this one')
  return parsed.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
