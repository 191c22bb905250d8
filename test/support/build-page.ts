/** @file Builds the page, as `npm start` does; at once where nothing of it has changed. */
import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'

export function buildPage(): void {
  execFileSync(process.execPath, [resolve(import.meta.dirname, '../../scripts/build-web.ts')], { stdio: 'inherit' })
}
