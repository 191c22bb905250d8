/** @file The Chromium of this machine for the page tests, with an empty profile. */
import { type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core'
import { findChromium } from './chromium.ts'

export interface OpenedBrowser extends AsyncDisposable {
  readonly context: BrowserContext
}

/** A browser of its own, gone with its profile when disposed. */
export async function openBrowser(options: BrowserContextOptions): Promise<OpenedBrowser> {
  const context = await launch(options)
  return { context, [Symbol.asyncDispose]: () => context.close() }
}

/** the one of this test process: its files run one after another, and to start a browser takes seconds */
let shared: Promise<BrowserContext> | undefined

/** The browser of this test process for the pages of one program; disposed, it has forgotten that program. */
export async function shareBrowser(url: string): Promise<OpenedBrowser> {
  shared ??= launch({})
  const context = await shared
  return {
    context,
    [Symbol.asyncDispose]: async () => {
      await closePages(context)
      await context.clearCookies()
      // a later program may listen on the same port
      const [first] = context.pages()
      if (first === undefined) throw new Error('the browser has lost its first page')
      const session = await context.newCDPSession(first)
      await session.send('Storage.clearDataForOrigin', { origin: new URL(url).origin, storageTypes: 'all' })
      await session.send('Network.clearBrowserCache')
      await session.detach()
    },
  }
}

/** The first page stays, which the browser opened itself: with it stay the window and the process that draws pages. */
export async function closePages(context: BrowserContext): Promise<void> {
  for (const page of context.pages().slice(1)) await page.close()
}

async function launch(options: BrowserContextOptions): Promise<BrowserContext> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('no Chromium found: install one (apt install chromium) or set FOTOTECA_TEST_CHROMIUM')
  // no folder named: Playwright makes one, and removes it when the browser or this process ends
  return await chromium.launchPersistentContext('', {
    executablePath,
    headless: true,
    // no sandbox: tests run as root in containers, against our own page only
    chromiumSandbox: false,
    args: [
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // one process draws all pages: starting one for each page, and one to spare, is half of what Chromium takes
      '--renderer-process-limit=1',
      '--disable-site-isolation-trials',
    ],
    ...options,
  })
}
