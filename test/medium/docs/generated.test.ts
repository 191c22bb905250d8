/** @file The committed pages are what the code says. */
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it('docs made from the code are up to date (npm run generate)', async () => {
  const script = resolve(import.meta.dirname, '../../../scripts/generate.ts')
  await expect(promisify(execFile)(process.execPath, [script, '--check'])).resolves.toMatchObject({ stderr: '' })
})
