/** @file What health, progress, and the page say while originals are wrong. */
import type { DbOrTrx } from '../db/client.ts'
import { countOf } from '../domain/count-of.ts'
import { EVERY_PHOTO } from '../domain/visibility.ts'
import { countProblems } from './store-checks.ts'

export async function noticeProblems(db: DbOrTrx): Promise<string[]> {
  const count = await countProblems(db, EVERY_PHOTO)
  if (count === 0) return []
  const what = countOf(count, 'original is', 'originals are')
  return [`${what} damaged, missing, or unreadable: see the page Failures, or run “fototeca verify --problems”`]
}
