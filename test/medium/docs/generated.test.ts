/** @file The committed pages are what the code says. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseEnv, promisify } from 'node:util'
import { expect, it } from 'vitest'
import { listSettings } from '../../../src/config/list-settings.ts'
import { loadConfig } from '../../../src/config/load.ts'

it('docs made from the code are up to date (npm run generate)', async () => {
  const script = resolve(import.meta.dirname, '../../../scripts/generate.ts')
  await expect(promisify(execFile)(process.execPath, [script, '--check'])).resolves.toMatchObject({ stderr: '' })
})

it('names every setting in .env.example, with values that are accepted and change nothing', async () => {
  const text = await readFile(resolve(import.meta.dirname, '../../../.env.example'), 'utf8')
  for (const name of ['THUMBNAIL_DIR', 'REDIS_URL', 'PHOTOS_DIR', 'DUPLICATE_THRESHOLD']) expect(text).toContain(name)
  const given = parseEnv(text.replace(/^# (?=[A-Z][A-Z0-9_]*=)/gm, ''))
  expect(Object.keys(given).sort()).toEqual(
    listSettings()
      .map(({ env }) => env)
      .sort(),
  )
  const filled = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''))
  expect(loadConfig(filled)).toEqual(loadConfig({}))
})
