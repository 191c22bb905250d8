import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'

/** Where a condition on the trash is written by hand, and why. */
const WRITTEN: Readonly<Record<string, string>> = {
  'db/visible.ts': 'it is said there',
  'db/migrations/0032-baseline.ts': 'indexes and triggers of the table itself',
}

it('what hides a photo is said in one file', () => {
  const src = resolve(import.meta.dirname, '..')
  const byHand = globSync('**/*.ts', { cwd: src })
    .filter((path) => !path.endsWith('.test.ts'))
    .filter((path) => /trashed_at(?:['"], '| )is\b/.test(readFileSync(resolve(src, path), 'utf8')))
  expect(
    byHand.sort(),
    'use isShown, isShownId or isAllowed of db/visible.ts; for work that is nobody’s reading isKept or isInTrash',
  ).toEqual(Object.keys(WRITTEN).sort())
})
