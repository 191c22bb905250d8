/** @file The frame of the page: places, tabs, addresses old and new, by mouse, keys, and touch; every view clean in axe at three widths in both themes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PeopleAnswer } from '../../src/contract/people.ts'
import { findViolations } from '../support/axe.ts'
import { findChromium } from '../support/chromium.ts'
import { DESK, LONG, loaded, openPageLibrary, openPages, type PageLibrary, PHONE, SLOW_MS, settledBox, tileOf } from '../support/page.ts'
import { askJson } from '../support/program.ts'

/** Addresses of earlier versions; other people have linked to them. */
const MOVED = [
  ['/photos', '/'],
  // there are photos: nobody is welcomed any more
  ['/welcome', '/'],
  ['/people', '/explore/people'],
  ['/people/questions', '/clean-up/faces'],
  ['/clusters', '/explore/topics'],
  ['/categories', '/explore/things'],
  ['/surprise', '/albums/surprise'],
  ['/products/generate', '/products/create'],
  ['/clean-up', '/clean-up/duplicates'],
  ['/duplicates', '/clean-up/duplicates'],
  ['/failures', '/clean-up/failures'],
  ['/settings', '/settings/library'],
  ['/models', '/settings/models'],
  ['/describe', '/settings/descriptions'],
  ['/compare', '/settings/descriptions/compare'],
  ['/vocabulary', '/settings/vocabulary'],
  ['/changes', '/settings/changes'],
] as const
const PAGES = [
  '/recent',
  '/on-this-day',
  '/on-this-day/2023',
  '/explore',
  '/explore/people',
  '/explore/places',
  '/explore/places/in/United Kingdom',
  '/explore/places/in/United Kingdom/Whitby',
  '/explore/places/near/54.48,-0.61,5',
  '/explore/things',
  '/explore/topics',
  '/explore/trips',
  '/albums',
  '/albums/smart',
  '/albums/favourites',
  '/albums/surprise',
  '/products',
  '/products/create',
  '/products/ungrouped',
  '/products/review',
  '/products/trash',
  '/clean-up/duplicates',
  '/clean-up/faces',
  '/clean-up/failures',
  '/trash',
  '/settings/library',
  '/settings/models',
  '/settings/descriptions',
  '/settings/descriptions/compare',
  '/settings/vocabulary',
  '/settings/accounts',
  '/settings/changes',
  '/settings/queue',
  '/settings/statistics',
  '/settings/appearance',
  '/settings/shortcuts',
  '/settings/about',
]
const TABLET = { width: 820, height: 1180 }
let library: PageLibrary

describe.skipIf(!findChromium())('places', () => {
  beforeAll(async () => {
    library = await openPageLibrary([
      'cat.jpg',
      'cat mirrored.jpg',
      'there.jpg',
      'sands.jpg',
      'people/astronaut.jpg',
      `trip/${LONG}`,
      'broken.jpg',
    ])
    const { url } = library.program
    const { photos } = await askJson<{ photos: { id: number }[] }>(`${url}/api/photos?limit=10`)
    const ids = photos.map(({ id }) => id)
    await askJson(`${url}/api/albums`, { name: LONG, photos: { ids } })
    await askJson(`${url}/api/edits`, { photos: { ids: ids.slice(0, 2) }, operations: [{ do: 'set_favourite', favourite: true }] })
  }, SLOW_MS)
  afterAll(() => library?.[Symbol.asyncDispose]())

  it('are reached by mouse, each with its tabs, and Back returns', async () => {
    const page = await library.open('/')
    const rail = page.getByRole('navigation', { name: 'Places' }).first()
    await rail.getByRole('link', { name: 'Photos', exact: true }).waitFor()
    for (const [name, path, tabs] of [
      ['Explore', '/explore', ['Overview', 'People', 'Places', 'Things', 'Topics', 'Trips']],
      ['Albums', '/albums', ['Albums', 'Smart', 'Favourites']],
      ['Products', '/products', ['Products', 'Create', 'Ungrouped', 'Needs review', 'Trash']],
      ['Clean up', '/clean-up/duplicates', ['Duplicates', 'Faces', 'Failures']],
      [
        'Settings',
        '/settings/library',
        [
          'Library',
          'Models',
          'Descriptions',
          'Vocabulary',
          'Accounts',
          'Changes',
          'Queue',
          'Statistics',
          'Appearance',
          'Shortcuts',
          'About',
        ],
      ],
    ] as const) {
      await rail.getByRole('link', { name }).click()
      await page.waitForURL(`**${path}`)
      await page.getByRole('heading', { level: 1, name }).waitFor()
      const bar = page.getByRole('navigation', { name: `${name} pages` })
      await expect.poll(() => bar.getByRole('link').allTextContents()).toEqual(tabs)
      await bar.getByRole('link', { name: tabs[1], exact: true }).click()
      await expect.poll(() => bar.getByRole('link', { name: tabs[1], exact: true }).getAttribute('aria-current')).toBe('page')
      await page.goBack()
      await page.waitForURL(`**${path}`)
    }
    // what waits in Clean up: the mirrored pair and the file that cannot be read
    await rail.getByRole('link', { name: /^Clean up.*decisions waiting$/ }).waitFor()
    await library.expectQuiet()
  })

  it('begin at the same left edge', async () => {
    const page = await library.open('/')
    await loaded(page)
    const edge = async () => Math.round((await page.getByRole('heading', { level: 1 }).boundingBox())?.x ?? -1)
    const first = await edge()
    for (const path of ['/explore/things', '/albums', '/products', '/clean-up/failures', '/trash', '/settings/models']) {
      await page.goto(library.program.url + path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      expect(await edge(), path).toBe(first)
    }
    await library.expectQuiet()
  })

  it('are reached by keys; the rail is folded and stays so; Products can be switched off', async () => {
    const page = await library.open('/')
    await loaded(page)
    for (const [key, path] of [
      ['e', '/explore'],
      ['a', '/albums'],
      ['c', '/clean-up/duplicates'],
      ['m', '/settings/models'],
      ['t', '/trash'],
      ['p', '/'],
    ] as const) {
      await page.keyboard.press('g')
      await page.keyboard.press(key)
      await expect.poll(() => new URL(page.url()).pathname).toBe(path)
    }
    await page.getByRole('button', { name: 'Collapse' }).press('Enter')
    const rail = page.getByRole('navigation', { name: 'Places' }).first()
    await expect.poll(async () => (await rail.boundingBox())?.width).toBe(64)
    await page.goto(`${library.program.url}/settings/appearance`)
    await page.getByLabel('Words in the rail').press('Space')
    await expect.poll(async () => (await rail.boundingBox())?.width).toBe(200)
    await rail.getByRole('link', { name: 'Products' }).waitFor()
    await page.getByLabel('Products').press('Space')
    await rail.getByRole('link', { name: 'Products' }).waitFor({ state: 'detached' })
    await page.reload()
    await rail.getByRole('link', { name: 'Settings' }).waitFor()
    expect(await rail.getByRole('link', { name: 'Products' }).count()).toBe(0)
    await page.evaluate('localStorage.clear()')
    await library.expectQuiet()
  })

  it('are under the thumb on a phone: four tabs, the others in a sheet', async () => {
    await using pages = await openPages(library.program, { hasTouch: true, isMobile: true })
    const page = await pages.open('/', PHONE)
    await tileOf(page, 'cat.jpg').waitFor()
    const bar = page.getByRole('navigation', { name: 'Places' }).last()
    await bar.getByRole('link', { name: 'Albums' }).tap()
    await page.waitForURL('**/albums')
    await bar.getByRole('link', { name: 'Search' }).tap()
    await page.waitForURL('**/search')
    const more = bar.getByRole('button', { name: 'More' })
    await more.tap()
    const sheet = page.getByRole('dialog', { name: 'More' })
    for (const link of await sheet.getByRole('link').all()) expect((await link.boundingBox())?.height).toBeGreaterThanOrEqual(44)
    await sheet.getByRole('button', { name: 'Close', exact: true }).tap()
    await sheet.waitFor({ state: 'detached' })
    await expect.poll(() => page.evaluate('document.activeElement?.textContent')).toBe('More')
    await more.tap()
    await sheet.getByRole('link', { name: /^Clean up/ }).tap()
    await page.waitForURL('**/clean-up/duplicates')
    await sheet.waitFor({ state: 'detached' })
    await page.getByRole('navigation', { name: 'Clean up pages' }).getByRole('link', { name: 'Failures' }).tap()
    await page.getByRole('link', { name: 'broken.jpg' }).waitFor()
    await page.goBack()
    await page.waitForURL('**/clean-up/duplicates')
    await pages.expectQuiet()
  })

  it('a photo and a selection have their actions at the bottom of a phone; the others are in a sheet', async () => {
    await using pages = await openPages(library.program, { hasTouch: true, isMobile: true })
    const page = await pages.open('/search?q=there.jpg', PHONE)
    await tileOf(page, 'there.jpg').tap()
    const bar = page.getByRole('toolbar', { name: 'Photo' })
    for (const button of await bar.getByRole('button').all()) expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44)
    await bar.getByRole('button', { name: /^Add to favourites/ }).tap()
    await bar.getByRole('button', { name: /^Remove from favourites/ }).waitFor()
    await bar.getByRole('button', { name: /^Information/ }).tap()
    const sheet = page.getByRole('dialog', { name: 'About this photo' })
    await sheet
      .getByText(/Whitby/)
      .first()
      .waitFor()
    await sheet.getByRole('button', { name: 'Close', exact: true }).tap()
    await sheet.waitFor({ state: 'detached' })
    await bar.getByRole('button', { name: /^Download/ }).tap()
    const preview = page.waitForEvent('download')
    await page.getByRole('dialog', { name: 'Download' }).getByRole('link', { name: 'Preview' }).tap()
    expect((await preview).suggestedFilename()).toMatch(/^there preview/)
    // a tap leaves nothing but the picture, another brings the bars back
    await page.getByRole('img', { name: /./ }).first().tap()
    await bar.waitFor({ state: 'detached' })
    await page.getByRole('img', { name: /./ }).first().tap()
    await bar.getByRole('button', { name: /^Move to trash/ }).tap()
    await page.getByText(/^Moved .*to the trash/).waitFor()
    await page.getByRole('button', { name: 'Undo' }).last().tap()
    await page.getByText('Undone.').waitFor()

    await page.goto(library.program.url)
    await tileOf(page, 'there.jpg').waitFor()
    await page.keyboard.press('Control+a')
    const selection = page.getByRole('region', { name: 'Selection' })
    const box = await selection.boundingBox()
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBe(PHONE.height)
    await selection.getByRole('button', { name: 'Favourite' }).waitFor()
    await selection.getByRole('button', { name: 'More actions' }).tap()
    await page
      .getByRole('dialog', { name: /photos selected$/ })
      .getByRole('button', { name: 'Export' })
      .tap()
    await page.getByRole('dialog', { name: /^Export \d photos/ }).waitFor()
    await pages.expectQuiet()
  })

  it('show photos on a map that needs nothing from outside: by mouse, keys, and touch, each view and area with its address', async () => {
    const page = await library.open('/')
    await loaded(page)
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.keyboard.press('g')
    await page.keyboard.press('n')
    const map = page.getByRole('region', { name: 'Map' })
    const both = map.getByRole('link', { name: '2 photos here' })
    const each = map.getByRole('link', { name: '1 photo here' })
    await both.waitFor()
    // further in they are two
    await map.getByRole('button', { name: /^Zoom in/ }).click()
    await map.press('+')
    await map.press('+')
    await expect.poll(() => each.count()).toBe(2)
    await expect.poll(() => new URL(page.url()).searchParams.get('at')).toMatch(/^54\.4\d+,-0\.6\d+,1[34]/)
    const at = page.url()
    await page.reload()
    await expect.poll(() => each.count()).toBe(2)
    // an arrow moves what is shown by its step, a drag by its way; what was dragged by is not opened
    const before = await settledBox(each.first())
    await map.press('ArrowRight')
    await expect.poll(async () => Math.round(((await each.first().boundingBox())?.x ?? 0) - before.x)).toBe(-90)
    await page.mouse.move(before.x - 80, before.y + 20)
    await page.mouse.down()
    await page.mouse.move(before.x - 30, before.y + 20, { steps: 5 })
    await page.mouse.up()
    await expect.poll(async () => Math.abs(((await each.first().boundingBox())?.x ?? 0) - (before.x - 40))).toBeLessThan(2)
    expect(new URL(page.url()).pathname).toBe('/explore/places')
    await expect.poll(() => page.url()).not.toBe(at)
    await each.last().click()
    await page.waitForURL('**/photo/*')
    await page.goBack()
    await map.press('0')
    await both.waitFor()
    // the wheel goes in where the mouse is
    const middle = await settledBox(both)
    await page.mouse.move(middle.x + middle.width / 2, middle.y + middle.height / 2)
    await page.mouse.wheel(0, -1000)
    await expect.poll(() => each.count()).toBe(2)
    await map.getByRole('button', { name: /^Show all/ }).click()
    await both.click()
    await page.waitForURL('**/explore/places/area/*')
    await page.getByRole('heading', { level: 1, name: 'Around Whitby' }).waitFor()
    await tileOf(page, 'there.jpg').waitFor()
    await tileOf(page, 'sands.jpg').waitFor()
    expect(await page.locator('[data-photo]').count()).toBe(2)
    await page.goBack()
    await page.getByRole('link', { name: /^Whitby/ }).click()
    await page.getByRole('heading', { level: 1, name: 'Whitby' }).waitFor()
    await tileOf(page, 'sands.jpg').click()
    await page.getByRole('link', { name: 'Near here' }).click()
    await page.waitForURL('**/explore/places/near/*')
    await page.getByText('Within 5 km.').waitFor()
    await tileOf(page, 'there.jpg').waitFor()
    await page.goto(`${library.program.url}/explore/places/near/no,where`)
    await page.getByRole('alert').waitFor()
    await library.expectRefusals(2)
    expect(asked.filter((url) => !url.startsWith(library.program.url))).toEqual([])
    await library.expectQuiet()

    await using pages = await openPages(library.program, { hasTouch: true, isMobile: true })
    const phone = await pages.open('/explore/places', PHONE)
    const small = phone.getByRole('region', { name: 'Map' })
    await small.getByRole('link', { name: '2 photos here' }).waitFor()
    // two fingers that go apart by eight times
    const { x, y, width, height } = await settledBox(small)
    const touch = await phone.context().newCDPSession(phone)
    const fingers = (apart: number) => [-apart, apart].map((by, id) => ({ x: x + width / 2 + by, y: y + height / 2, id }))
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: fingers(16) })
    for (const apart of [32, 64, 96, 128]) await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: fingers(apart) })
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    await expect.poll(() => small.getByRole('link', { name: '1 photo here' }).count()).toBe(2)
    await small.getByRole('button', { name: /^Show all/ }).tap()
    await small.getByRole('link', { name: '2 photos here' }).tap()
    await phone.getByRole('heading', { level: 1, name: 'Around Whitby' }).waitFor()
    await pages.expectQuiet()
  })

  it('show what was photographed on this day in earlier years, above the timeline and on pages of its own', async () => {
    const page = await library.open('/')
    await loaded(page)
    const strip = page.getByRole('region', { name: 'On this day' })
    expect(await strip.count()).toBe(0)
    await page.clock.setFixedTime(new Date('2026-08-14T12:00:00'))
    await page.reload()
    await loaded(page)
    const card = strip.getByRole('link', { name: '3 years ago, 1 photo' })
    await card.waitFor()
    expect(await findViolations(page)).toEqual([])
    // the timeline begins below it, and takes it along
    const [above, first] = [await settledBox(strip), await settledBox(page.locator('[data-photo]').first())]
    expect(first.y).toBeGreaterThanOrEqual(above.y + above.height)
    await card.click()
    await page.getByRole('heading', { level: 1, name: '3 years ago' }).waitFor()
    await page.getByText('Monday, 14 August 2023').waitFor()
    await tileOf(page, 'there.jpg').waitFor()
    expect(await page.locator('[data-photo]').count()).toBe(1)
    await page.getByRole('link', { name: 'On this day' }).click()
    await page.getByRole('heading', { level: 1, name: 'On this day' }).waitFor()
    await page.getByText('14 August', { exact: true }).waitFor()
    await tileOf(page, 'there.jpg').click()
    await page.waitForURL('**/photo/*')
    await page.goBack()
    await page.waitForURL('**/on-this-day')
    await library.expectQuiet()
  })

  it('give an overview of what there is to explore', async () => {
    const page = await library.open('/explore')
    for (const [title, card, to] of [
      ['Places', /^Whitby/, '/explore/places/in/United%20Kingdom/Whitby'],
      ['Things', /^Animals/, '/search'],
    ] as const) {
      await page.getByRole('region', { name: title }).getByRole('link', { name: card }).click()
      await expect.poll(() => new URL(page.url()).pathname).toBe(to)
      await page.goBack()
      await page.getByRole('link', { name: `${title}: show all` }).click()
      await page.waitForURL(`**/explore/${title.toLowerCase()}`)
      await page.goBack()
    }
    // what is not there yet says what brings it about
    await page.getByText('Topics appear when a dozen photos have been analysed.').waitFor()
    await library.expectQuiet()
  })

  it('begin with 170 kB, and the map with 500 kB more, when it is opened', async () => {
    const page = await library.open('/no/such/page')
    const files = new Map<string, number>()
    page.on('response', (response) => {
      if (/\/(assets\/.*|theme\.js)?$/.test(new URL(response.url()).pathname))
        files.set(response.url(), Number(response.headers()['content-length'] ?? 0))
    })
    const bytes = () => [...files.values()].reduce((sum, size) => sum + size, 0)
    await page.goto(library.program.url)
    await loaded(page)
    const first = bytes()
    expect(first).toBeGreaterThan(100_000)
    expect(first).toBeLessThan(170_000)
    await page.getByRole('link', { name: 'Explore' }).first().click()
    const tabs = page.getByRole('navigation', { name: 'Explore pages' })
    await tabs.getByRole('link', { name: 'Things' }).click()
    await page.waitForURL('**/explore/things')
    expect([...files.keys()].filter((url) => /countries|cluster-worker|place-routes/.test(url))).toEqual([])
    const before = bytes()
    await tabs.getByRole('link', { name: 'Places' }).click()
    await page.getByRole('region', { name: 'Map' }).getByRole('link', { name: '2 photos here' }).waitFor()
    await expect.poll(() => bytes() - before).toBeGreaterThan(200_000)
    expect(bytes() - before).toBeLessThan(500_000)
  })

  it('keep addresses of earlier versions, and answer unknown ones with the page', async () => {
    const page = await library.open('/')
    for (const [from, to] of MOVED) {
      await page.goto(library.program.url + from)
      await expect.poll(() => new URL(page.url()).pathname, { message: from }).toBe(to)
    }
    await page.goto(`${library.program.url}/people/4711`)
    await expect.poll(() => new URL(page.url()).pathname).toBe('/explore/people/4711')
    await page.getByRole('alert').waitFor()
    // the route and the page may both have asked
    await page.waitForLoadState('networkidle')
    await library.expectRefusals(1)
    await page.goto(`${library.program.url}/products/generate?photos=1`)
    await expect.poll(() => new URL(page.url()).search).toBe('?photos=1')
    await page.goto(`${library.program.url}/no/such/page`)
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
    await page.getByRole('link', { name: 'All photos', exact: true }).click()
    await tileOf(page, 'cat.jpg').waitFor()
    await library.expectQuiet()
  })

  it('are clean in axe and no wider than the window, at three widths in both themes', async () => {
    const { url } = library.program
    const { people } = await askJson<PeopleAnswer>(`${url}/api/people?show=unnamed`)
    const { photos } = await askJson<{ photos: { id: number }[] }>(`${url}/api/photos?limit=1`)
    const paths = [
      ...['/', '/search', '/search?q=cat', '/search?q=xyzzyqwertz', `/photo/${photos[0]?.id}`, '/no/such/page'],
      ...[...PAGES, '/albums/1', '/clean-up/duplicates/mirrored'],
      ...people.slice(0, 1).map(({ id }) => `/explore/people/${id}`),
    ]
    const page = await library.open('/')
    const found: string[] = []
    for (const path of paths) {
      await page.goto(url + path)
      await page.getByRole('heading').first().waitFor({ state: 'attached' })
      await expect.poll(() => page.evaluate('document.querySelector("[aria-busy=true]") === null')).toBe(true)
      for (const size of [DESK, TABLET, PHONE])
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.setViewportSize(size)
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
          await expect.poll(() => page.evaluate('document.documentElement.dataset.theme')).toBe(colorScheme)
          // colours that are inherited change one level a frame
          await expect.poll(() => page.evaluate('document.getAnimations().some((each) => each instanceof CSSTransition)')).toBe(false)
          const where = `${path} ${size.width} ${colorScheme}`
          if ((await page.evaluate<number>('document.documentElement.scrollWidth')) > size.width) found.push(`${where}: too wide`)
          for (const violation of await findViolations(page)) found.push(`${where}: ${violation}`)
        }
    }
    expect(found).toEqual([])
  }, 900_000)
})
