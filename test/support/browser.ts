/** @file Starts the Chromium of this machine for the page tests, with an empty profile. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core'
import { findChromium } from './chromium.ts'

/** A browser of its own, gone with its profile when disposed. */
export async function openBrowser(
  options: BrowserContextOptions = {},
): Promise<{ context: BrowserContext; [Symbol.asyncDispose]: () => Promise<void> }> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('no Chromium found: install one (apt install chromium) or set FOTOTECA_TEST_CHROMIUM')
  const profile = mkdtempSync(join(tmpdir(), 'fototeca-chromium-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    // no sandbox: tests run as root in containers, against our own page only
    chromiumSandbox: false,
    args: ['--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ...options,
  })
  return {
    context,
    [Symbol.asyncDispose]: async () => {
      await context.close()
      rmSync(profile, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}
