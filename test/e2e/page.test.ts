/** @file The page in a real browser against the real program with real pictures: what a person does with it, by mouse, keys and phone. */
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Progress } from '../../src/contract/library.ts'
import { openBrowser } from '../support/browser.ts'
import { findChromium } from '../support/chromium.ts'
import { type Program, startProgram, until } from '../support/program.ts'
import { dataPath, noData } from '../support/shared.ts'

/** analysing a dozen photos, also where other work has both cores */
const SLOW_MS = 600_000
const DESK = { width: 1440, height: 900 }
const PHONE = { width: 390, height: 844 }
const coco = (id: string) => dataPath('labelled-photos/images', `000000${id}.jpg`)
const LONG = 'Ein Tag am Strand mit der ganzen Familie und allen Hunden, kurz bevor das große Gewitter kam (bearbeitet, Kopie 2).jpg'
const FILES: Readonly<Record<string, string>> = {
  'sheep.jpg': coco('269196'),
  'harbour.jpg': coco('126107'),
  'trip/zebra.jpg': coco('244592'),
  'trip/pizza.jpg': coco('092660'),
  'trip/desk.jpg': coco('174231'),
  [`trip/${LONG}`]: coco('205401'),
  'people/one.jpg': dataPath('faces/img1.jpg'),
  'people/two.jpg': dataPath('faces/img3.jpg'),
  'paper/bookshop.jpg': dataPath('receipts/000.jpg'),
  'paper/gifts.jpg': dataPath('receipts/001.jpg'),
  'there.jpg': dataPath('formats/immich/metadata/dates/datetimeoriginal-gps.jpg'),
}

// run in the page; as text, because these files know no DOM
const REPORT_VIOLATIONS =
  "document.addEventListener('securitypolicyviolation', (event) => console.error('CSP', event.violatedDirective, event.blockedURI))"
const FOCUSED = "(document.activeElement?.getAttribute('data-photo') ?? null)"
const ALL_LOADED = `(() => {
  const images = [...document.querySelectorAll('[data-photo] img')]
  return images.length > 0 && images.every((image) => image.naturalWidth > 0)
})()`
const dropFile = (name: string, base64: string) => `(() => {
  const transfer = new DataTransfer()
  const bytes = Uint8Array.from(atob('${base64}'), (char) => char.charCodeAt(0))
  transfer.items.add(new File([bytes], '${name}', { type: 'image/jpeg' }))
  for (const type of ['dragenter', 'drop'])
    document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }))
})()`

let program: Program
let browser: Awaited<ReturnType<typeof openBrowser>>
let folder: string
/** files that are only uploaded */
let other: string
/** what no page may ever say: errors on the console, uncaught errors, violations of the content security policy */
let complaints: string[] = []

describe.skipIf(noData || !findChromium())('the page', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fototeca-page-'))
    other = await mkdtemp(join(tmpdir(), 'fototeca-page-'))
    for (const [name, from] of Object.entries(FILES)) {
      await mkdir(join(folder, name, '..'), { recursive: true })
      await copyFile(from, join(folder, name))
    }
    await sharp(coco('269196')).flop().jpeg({ quality: 90 }).toFile(join(folder, 'sheep mirrored.jpg'))
    const whole = await readFile(coco('092660'))
    await writeFile(join(folder, 'broken.jpg'), whole.subarray(0, 300))
    program = await startProgram({ args: [folder] })
    const photos = Object.keys(FILES).length + 2
    await until<Progress>(`${program.url}/api/progress`, (progress) => progress.photos >= photos && progress.due === 0, SLOW_MS)
    browser = await openBrowser()
  }, SLOW_MS + 60_000)
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await program?.[Symbol.asyncDispose]()
    for (const each of [folder, other]) await rm(each, { recursive: true, force: true })
  })
  afterEach(async () => {
    for (const page of browser.context.pages()) await page.close()
    const said = complaints
    complaints = []
    expect(said).toEqual([])
  })

  async function open(path: string, size = DESK): Promise<Page> {
    const page = await browser.context.newPage()
    page.setDefaultTimeout(90_000)
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.addInitScript(REPORT_VIOLATIONS)
    await page.setViewportSize(size)
    await page.goto(program.url + path)
    return page
  }
  /** Chromium itself reports every 4xx on the console; those a test provokes are taken off the list. */
  function expectRefusals(count: number): void {
    const refusals = complaints.filter((text) => /status of 4\d\d/.test(text))
    expect(refusals.length).toBeGreaterThanOrEqual(count)
    complaints = complaints.filter((text) => !refusals.includes(text))
  }
  const tileOf = (page: Page, name: string) => page.locator(`[data-photo][aria-label^="${name},"]`)
  const focused = (page: Page) => page.evaluate<string | null>(FOCUSED)
  /** polls from outside: waiting inside the page would need `eval`, which its policy forbids */
  async function holds(page: Page, expression: string): Promise<void> {
    await expect.poll(() => page.evaluate(expression), { timeout: 120_000 }).toBe(true)
  }
  const loaded = (page: Page) => holds(page, ALL_LOADED)

  it('shows every photo by day, failed ones with their reason', async () => {
    const page = await open('/')
    await page.getByRole('grid', { name: /photos by day/ }).waitFor()
    for (const name of Object.keys(FILES)) await tileOf(page, name.split('/').at(-1) ?? '').waitFor({ state: 'attached' })
    await loaded(page)
    expect(await tileOf(page, 'broken.jpg').getAttribute('aria-label')).toMatch(/failed: .{10}/)
    expect(await page.getByRole('heading', { level: 2 }).count()).toBeGreaterThan(0)
  })

  it('finds a picture by the text in it, says why, and keeps the search in the address', async () => {
    const page = await open('/')
    await loaded(page)
    await page.keyboard.press('/')
    await page.keyboard.type('tan woon yann')
    await page.keyboard.press('Enter')
    await page.getByRole('grid', { name: 'Hits' }).waitFor()
    await tileOf(page, 'bookshop.jpg').waitFor()
    expect(new URL(page.url()).searchParams.get('q')).toBe('tan woon yann')
    await tileOf(page, 'bookshop.jpg').hover()
    await tileOf(page, 'bookshop.jpg').getByText('text in the picture').waitFor()
    await page.reload()
    await tileOf(page, 'bookshop.jpg').waitFor()
    expect(await page.getByLabel('Search photos').inputValue()).toBe('tan woon yann')
  })

  it('finds a picture by a tag, narrows by category, and takes filters away again', async () => {
    const page = await open('/search?q=sheep')
    await tileOf(page, 'sheep.jpg').waitFor()
    await page.goto(`${program.url}/search`)
    const food = page.getByRole('button', { name: /^food/i })
    await food.click()
    await tileOf(page, 'pizza.jpg').waitFor()
    await tileOf(page, 'sheep.jpg').waitFor({ state: 'detached' })
    expect(page.url()).toContain('category=food')
    await food.click()
    await tileOf(page, 'sheep.jpg').waitFor()
    await page.getByRole('button', { name: 'Filters' }).click()
    await page.getByLabel('Has text').check()
    await tileOf(page, 'bookshop.jpg').waitFor()
    await tileOf(page, 'sheep.jpg').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Remove Has text' }).click()
    await tileOf(page, 'sheep.jpg').waitFor()
    expect(page.url()).not.toContain('has_text')
  })

  it('switches the mode and says plainly that search by meaning waits for a model', async () => {
    const page = await open('/search?q=sheep')
    await page.getByRole('note').filter({ hasText: /model/i }).waitFor()
    await page.getByText('Keyword', { exact: true }).click()
    await page.getByRole('note').waitFor({ state: 'detached' })
    expect(page.url()).toContain('mode=keyword')
    await page.getByText('Meaning', { exact: true }).click()
    await page.getByRole('note').filter({ hasText: /model/i }).waitFor()
  })

  it('offers a way on where nothing is found', async () => {
    const page = await open('/search?q=xyzzyqwertz&category=food')
    await page.getByRole('heading', { name: /Nothing found/ }).waitFor()
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await page.getByRole('button', { name: 'Show all photos' }).click()
    await tileOf(page, 'sheep.jpg').waitFor()
  })

  it('draws boxes of objects, text and faces over the picture, and takes them away', async () => {
    const page = await open('/search?q=sheep.jpg')
    await tileOf(page, 'sheep.jpg').click()
    await page.getByRole('button', { name: /^Objects/ }).click()
    const box = page.locator('[data-layer="objects"]').first()
    await box.waitFor({ state: 'attached' })
    const [frame, shape] = await Promise.all([page.locator('[data-overlay]').boundingBox(), box.boundingBox()])
    // the box lies on the picture, not beside it
    expect(shape!.x).toBeGreaterThanOrEqual(frame!.x - 8)
    expect(shape!.x + shape!.width).toBeLessThanOrEqual(frame!.x + frame!.width + 8)
    expect(shape!.width).toBeGreaterThan(frame!.width * 0.1)
    await page.keyboard.press('o')
    await box.waitFor({ state: 'detached' })
    await page.goto(`${program.url}/search?q=bookshop`)
    await tileOf(page, 'bookshop.jpg').click()
    await page.getByRole('button', { name: /^Text/ }).click()
    await page.locator('[data-layer="text"]').first().waitFor({ state: 'attached' })
    await page.getByRole('complementary').getByText('TAN WOON YANN').waitFor()
    await page.goto(`${program.url}/search?q=one.jpg`)
    await tileOf(page, 'one.jpg').click()
    await page.getByRole('button', { name: /^Faces/ }).click()
    await page.locator('[data-layer="faces"]').first().waitFor({ state: 'attached' })
  })

  it('tells everything known about a photo', async () => {
    const page = await open('/search?q=there.jpg')
    await tileOf(page, 'there.jpg').click()
    const panel = page.getByRole('complementary', { name: 'About this photo' })
    await panel.getByText('°').first().waitFor()
    await panel.getByRole('region', { name: 'Colours' }).waitFor()
    await panel.getByRole('region', { name: 'What was done' }).getByText('Fingerprint').waitFor()
    await panel
      .getByText(join(folder, 'there.jpg'))
      .or(panel.getByText('there.jpg', { exact: true }))
      .first()
      .waitFor()
    const download = page.waitForEvent('download')
    await panel.getByRole('link', { name: 'Download original' }).click()
    expect(await readFile((await (await download).path()) ?? '')).toEqual(await readFile(join(folder, 'there.jpg')))
  })

  it('shows the mirrored copy as a duplicate, and more pictures like this one', async () => {
    const page = await open('/search?q=sheep.jpg')
    await tileOf(page, 'sheep.jpg').click()
    const panel = page.getByRole('complementary', { name: 'About this photo' })
    await panel.getByRole('region', { name: 'Duplicates' }).getByText('turned or mirrored').waitFor()
    await panel.getByRole('link', { name: 'More like this' }).click()
    await page.waitForURL('**/search?like=*')
    await page.locator('[data-photo]').first().waitFor()
  })

  it('says why a broken file failed, and tries again on demand', async () => {
    const page = await open('/search?q=broken')
    await tileOf(page, 'broken.jpg').click()
    const panel = page.getByRole('complementary', { name: 'About this photo' })
    await panel.getByRole('alert').waitFor()
    const asked = page.waitForRequest((request) => request.url().endsWith('/retry') && request.method() === 'POST')
    await panel.getByRole('button', { name: 'Try again' }).click()
    await asked
  })

  it('can be used by keys alone', async () => {
    const page = await open('/')
    await loaded(page)
    await page.locator('[data-photo][tabindex="0"]').focus()
    const first = await focused(page)
    await page.keyboard.press('ArrowRight')
    const second = await focused(page)
    expect(second).not.toBe(first)
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/photo/${second}`)
    await page.getByRole('complementary', { name: 'About this photo' }).waitFor()
    await page.keyboard.press('i')
    await page.getByRole('complementary', { name: 'About this photo' }).waitFor({ state: 'detached' })
    await page.keyboard.press('i')
    await page.keyboard.press('ArrowLeft')
    await page.waitForURL(`**/photo/${first}`)
    await page.keyboard.press('Escape')
    await page.getByRole('grid', { name: /photos by day/ }).waitFor()
    await holds(page, `${FOCUSED} === '${first}'`)
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'detached' })
  })

  it('takes pictures from the file chooser and by drop, and says what came of each', async () => {
    const page = await open('/')
    await page.getByRole('grid', { name: /photos by day/ }).waitFor()
    const tray = page.getByRole('region', { name: 'Uploads' })
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Add pictures' }).click()
    await writeFile(join(other, 'note.jpg'), 'this is no picture at all')
    await (await chooser).setFiles([coco('229997'), join(folder, 'sheep.jpg'), join(other, 'note.jpg')])
    await tray.getByText('1 added, 1 already there, 1 refused').waitFor()
    expectRefusals(1)
    expect(await tray.getByRole('listitem').filter({ hasText: 'note.jpg' }).textContent()).toMatch(/note\.jpg.{10}/)
    const bytes = (await readFile(coco('022892'))).toString('base64')
    await page.evaluate(dropFile('dropped.jpg', bytes))
    await tray.getByText('2 added').waitFor()
    await tray.getByRole('link', { name: 'Show dropped.jpg' }).click()
    await page.getByRole('heading', { name: 'dropped.jpg' }).waitFor()
    // the tray survives navigation, and the photo is in the gallery without a reload
    expect(await tray.isVisible()).toBe(true)
    await page.keyboard.press('Escape')
    await tileOf(page, 'dropped.jpg').waitFor({ state: 'attached' })
  })

  it('shows how the library is', async () => {
    const page = await open('/')
    await page.getByRole('button', { name: /Library status|Working|Reading/ }).click()
    const panel = page.getByRole('region', { name: 'Library status' })
    await panel.getByText(folder).waitFor()
    await panel.getByRole('region', { name: 'Models' }).getByText('Faces').waitFor()
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
  })

  it('is dark where the system is, and remembers another choice', async () => {
    const page = await open('/')
    const theme = () => page.evaluate<string>('document.documentElement.dataset.theme')
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.reload()
    expect(await theme()).toBe('dark')
    await page.getByRole('button', { name: 'Light theme' }).click()
    expect(await theme()).toBe('light')
    await page.reload()
    expect(await theme()).toBe('light')
    await page.evaluate('localStorage.clear()')
  })

  it('fits a phone, with long names, on every page', async () => {
    const page = await open('/', PHONE)
    const fits = async () => expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width)
    await loaded(page)
    await fits()
    await page.getByLabel('Search photos').fill('gewitter')
    await page.keyboard.press('Enter')
    await tileOf(page, LONG).waitFor()
    await page.getByText('“gewitter” in').first().waitFor()
    await fits()
    await tileOf(page, LONG).click()
    await page.getByRole('complementary', { name: 'About this photo' }).waitFor()
    await fits()
  })

  it('answers unknown addresses in words', async () => {
    const page = await open('/photo/999999')
    await page.getByRole('heading', { name: 'There is no such photo' }).waitFor()
    expectRefusals(1)
  })

  it('offers one thing to do while the library is empty', async () => {
    await using empty = await startProgram()
    const page = await open('/')
    await page.goto(empty.url)
    await page.getByRole('button', { name: /Add your first pictures/ }).waitFor()
    await page.getByLabel(/name a folder/).fill('relative/path')
    await page.getByRole('button', { name: 'Add folder' }).click()
    await page
      .getByText(/folder/i)
      .nth(1)
      .waitFor()
    expectRefusals(1)
    await page.getByLabel(/name a folder/).fill(join(folder, 'people'))
    await page.getByRole('button', { name: 'Add folder' }).click()
    await tileOf(page, 'one.jpg').waitFor()
    // before the program ends: the page would rightly say that it is gone
    await page.close()
  })
})
