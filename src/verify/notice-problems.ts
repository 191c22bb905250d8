/** @file What health, progress, and the page say while originals are wrong. */
import type { DbOrTrx } from '../db/client.ts'
import { countProblems } from './store-checks.ts'

export async function noticeProblems(db: DbOrTrx): Promise<string[]> {
  const count = await countProblems(db)
  if (count === 0) return []
  const what = count === 1 ? '1 original is' : `${count} originals are`
  return [`${what} damaged, missing, or unreadable: see the page Failures, or run “fototeca verify --problems”`]
}
