/** @file Every test but those of `*.shared.test.ts` runs with nothing beside the project. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

const tests = resolve(import.meta.dirname, '../..')
/** What reads the pictures and models beside the project. */
const SHARED = /support\/(shared|real-networks)\.ts'/

it.each(['medium', 'models', 'e2e'])(
  'in %s the tests that need larger sets of pictures, or trained models, say so by their name',
  (folder) => {
    const files = readdirSync(join(tests, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts'))
    const bound = files.filter((name) => SHARED.test(readFileSync(join(tests, folder, name), 'utf8')))
    expect(bound.filter((name) => !name.endsWith('.shared.test.ts') && !name.endsWith('test-files.test.ts'))).toEqual([])
    expect(files.length).toBeGreaterThan(0)
  },
)
