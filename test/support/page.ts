/** @file The page in a real browser against the real program with real pictures; what the page tests share. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import sharp from 'sharp'
import { expect, vi } from 'vitest'
import type { Progress } from '../../src/contract/library.ts'
import { closePages, openBrowser, shareBrowser } from './browser.ts'
import { drawnPath, photoPath } from './pictures.ts'
import { type Program, startProgram, until } from './program.ts'

/** analysing a few photos, also where other work has both cores */
export const SLOW_MS = 600_000
/** until the page shows something, also there; looks are far enough apart to tell rest from movement */
const WAIT = { timeout: 60_000, interval: 100 }
export const DESK = { width: 1440, height: 900 }
export const PHONE = { width: 390, height: 844 }
export const LONG = 'Ein Tag am Strand mit der ganzen Familie und allen Hunden, kurz bevor das große Gewitter kam (bearbeitet, Kopie 2).jpg'

/** a file’s path, its bytes, or what makes them */
type Source = string | Uint8Array | (() => Promise<Uint8Array>)

const PICTURES = {
  'cat.jpg': photoPath('cat'),
  'cat mirrored.jpg': () => sharp(photoPath('cat')).flop().jpeg({ quality: 90 }).toBuffer(),
  'boats.jpg': photoPath('boats'),
  'trip/kite.jpg': photoPath('kite'),
  'trip/coffee.jpg': photoPath('coffee'),
  'trip/wine.jpg': photoPath('wine'),
  [`trip/${LONG}`]: photoPath('dogs'),
  'people/astronaut.jpg': photoPath('astronaut'),
  'paper/bookshop.jpg': drawnPath('receipt-bookshop'),
  /** more pixels than a preview holds, and turned by its orientation */
  'large.jpg': () => sharp(photoPath('forest')).resize(2600).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
  /** taken on Whitby’s pier */
  'there.jpg': () =>
    sharp(photoPath('pier'))
      .withExif({
        IFD2: { DateTimeOriginal: '2023:08:14 19:30:00' },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '54/1 29/1 24/1', GPSLongitudeRef: 'W', GPSLongitude: '0/1 36/1 48/1' },
      })
      .toBuffer(),
  /** a kilometre and a half south of it */
  'sands.jpg': () =>
    sharp(photoPath('stream'))
      .withExif({
        IFD2: { DateTimeOriginal: '2023:08:15 09:00:00' },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '54/1 28/1 36/1', GPSLongitudeRef: 'W', GPSLongitude: '0/1 36/1 48/1' },
      })
      .toBuffer(),
  'note.jpg': Buffer.from('this is no picture at all'),
  /** cut off before anything of the picture comes */
  'broken.jpg': async () => (await readFile(photoPath('coffee'))).subarray(0, 300),
} as const satisfies Record<string, Source>

export type PictureName = keyof typeof PICTURES

// run in the page; as text, because these files know no DOM
const REPORT_VIOLATIONS =
  "document.addEventListener('securitypolicyviolation', (event) => console.error('CSP', event.violatedDirective, event.blockedURI))"
export const FOCUSED = "(document.activeElement?.getAttribute('data-photo') ?? null)"
const ALL_LOADED = `(() => {
  const images = [...document.querySelectorAll('[data-photo] img')]
  return images.length > 0 && images.every((image) => image.naturalWidth > 0)
})()`

/** Pages of one program, listened to for errors. */
export interface Pages extends AsyncDisposable {
  readonly open: (path: string, size?: { width: number; height: number }) => Promise<Page>
  /** Chromium itself reports every 4xx on the console; those a test provokes are taken off the list, once they are there. */
  readonly expectRefusals: (count: number) => Promise<void>
  /** Call after each test: no page may have said an error, thrown one, or violated its content security policy. */
  readonly expectQuiet: () => Promise<void>
}

export interface PageLibrary extends Pages {
  readonly program: Program
  readonly folder: string
}

/** @param options of a browser of its own; without, it is the one of the test process */
export async function openPages({ url }: Program, options?: BrowserContextOptions): Promise<Pages> {
  const browser = await (options === undefined ? shareBrowser(url) : openBrowser(options))
  const { context } = browser
  let complaints: string[] = []
  return {
    async open(path, size = DESK) {
      const page = await context.newPage()
      page.setDefaultTimeout(90_000)
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(`${message.text()} (${message.location().url})`)
      })
      page.on('pageerror', (error) => complaints.push(error.message))
      await page.addInitScript(REPORT_VIOLATIONS)
      await page.setViewportSize(size)
      await page.goto(url + path)
      return page
    },
    async expectRefusals(count) {
      const isRefusal = (text: string) => /status of 4\d\d/.test(text)
      await expect.poll(() => complaints.filter(isRefusal).length).toBeGreaterThanOrEqual(count)
      complaints = complaints.filter((text) => !isRefusal(text))
    },
    async expectQuiet() {
      await closePages(context)
      const said = complaints.join('\n')
      complaints = []
      expect(said).toBe('')
    },
    [Symbol.asyncDispose]: () => browser[Symbol.asyncDispose](),
  }
}

/**
 * A library of these pictures in a watched folder, wholly analysed, and a browser.
 * @param pictures names from the list above, or pictures by the name they get
 */
export async function openPageLibrary(
  pictures: readonly PictureName[] | Readonly<Record<string, Source>>,
  env: Readonly<Record<string, string>> = {},
): Promise<PageLibrary> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'fototeca-page-'))
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
  const chosen: [string, Source][] = isList(pictures) ? pictures.map((name) => [name, PICTURES[name]]) : Object.entries(pictures)
  for (const [name, source] of chosen) {
    const to = join(folder, name)
    await mkdir(dirname(to), { recursive: true })
    await writeFile(to, typeof source === 'string' ? await readFile(source) : typeof source === 'function' ? await source() : source)
  }
  const program = stack.use(await startProgram({ args: [folder], env }))
  await untilAnalysed(program, chosen.length)
  const pages = stack.use(await openPages(program))
  const closing = stack.move()
  return { ...pages, program, folder, [Symbol.asyncDispose]: () => closing.disposeAsync() }
}

// `Array.isArray` does not narrow a readonly list
const isList = <T, U>(value: readonly T[] | U): value is readonly T[] => Array.isArray(value)

/** Waits until so many photos are there and nothing is left to do for them. */
export const untilAnalysed = ({ url }: Program, photos: number): Promise<Progress> =>
  until<Progress>(`${url}/api/progress`, (now) => now.photos + now.failed >= photos && now.due === 0, SLOW_MS)

/** Pictures of the page for people to look at, where FOTOTECA_TEST_SHOTS names a folder for them. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.FOTOTECA_TEST_SHOTS
  if (folder === undefined) return
  for (const [device, size] of Object.entries({ desk: DESK, phone: PHONE }))
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(size)
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: `${folder}/${name}-${device}-${colorScheme}.png`, animations: 'disabled' })
    }
  await page.setViewportSize(DESK)
}

export const tileOf = (page: Page, name: string): Locator => page.locator(`[data-photo][data-name="${name}"]`)
export const focused = (page: Page) => page.evaluate<string | null>(FOCUSED)
/** Waits until the focus is on another photo than this one. @returns its id */
export const moved = (page: Page, from: string | null): Promise<string | null> =>
  vi.waitFor(async () => {
    const now = await focused(page)
    expect([null, from]).not.toContain(now)
    return now
  }, WAIT)

type Box = NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>
/** Where it lies once it has stopped moving: what is measured while the page still takes its place is somewhere else a moment later. */
export async function settledBox(element: Locator): Promise<Box> {
  let before: Box | null = null
  return await vi.waitFor(async () => {
    const [last, now] = [before, await element.boundingBox()]
    before = now
    expect(now).not.toBeNull()
    expect(now).toEqual(last)
    return now as Box
  }, WAIT)
}

/** Polls from outside: waiting inside the page would need `eval`, which its policy forbids. */
export async function holds(page: Page, expression: string): Promise<void> {
  await expect.poll(() => page.evaluate(expression), { timeout: 60_000 }).toBe(true)
}
export const loaded = (page: Page) => holds(page, ALL_LOADED)
