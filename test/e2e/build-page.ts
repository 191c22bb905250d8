/** @file Before the page tests: builds the page, as `npm start` does. */
import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'

export function setup(): void {
  execFileSync(process.execPath, [resolve(import.meta.dirname, '../../scripts/build-web.ts')], { stdio: 'inherit' })
}
