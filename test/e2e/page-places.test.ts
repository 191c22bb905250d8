/** @file The frame of the page: places, tabs, addresses old and new, by mouse, keys, and touch; every view clean in axe at three widths in both themes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PeopleAnswer } from '../../src/contract/people.ts'
import { findViolations } from '../support/axe.ts'
import { findChromium } from '../support/chromium.ts'
import { DESK, LONG, loaded, openPageLibrary, openPages, type PageLibrary, PHONE, SLOW_MS, tileOf } from '../support/page.ts'
import { askJson } from '../support/program.ts'

/** Addresses of earlier versions; other people have linked to them. */
const MOVED = [
  ['/photos', '/'],
  ['/explore', '/explore/people'],
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
  '/explore/people',
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
  '/settings/changes',
  '/settings/appearance',
  '/settings/shortcuts',
  '/settings/about',
]
const TABLET = { width: 820, height: 1180 }
let library: PageLibrary

describe.skipIf(!findChromium())('places', () => {
  beforeAll(async () => {
    library = await openPageLibrary(['cat.jpg', 'cat mirrored.jpg', 'there.jpg', 'people/astronaut.jpg', `trip/${LONG}`, 'broken.jpg'])
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
      ['Explore', '/explore/people', ['People', 'Things', 'Topics', 'Trips']],
      ['Albums', '/albums', ['Albums', 'Smart', 'Favourites']],
      ['Products', '/products', ['Products', 'Create', 'Ungrouped', 'Needs review', 'Trash']],
      ['Clean up', '/clean-up/duplicates', ['Duplicates', 'Faces', 'Failures']],
      [
        'Settings',
        '/settings/library',
        ['Library', 'Models', 'Descriptions', 'Vocabulary', 'Changes', 'Queue', 'Statistics', 'Appearance', 'Shortcuts', 'About'],
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
    for (const [key, path] of [['e', '/explore/people'], ['a', '/albums'], ['c', '/clean-up/duplicates'], ['m', '/settings/models'], ['t', '/trash'], ['p', '/']] as const) {
      await page.keyboard.press('g')
      await page.keyboard.press(key)
      await expect.poll(() => new URL(page.url()).pathname).toBe(path)
    } // biome-ignore format: a table
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
    await page.getByRole('button', { name: 'Undo' }).last().tap()
    await page.getByText('Undone.').waitFor()

    await page.goto(library.program.url)
    await tileOf(page, 'cat.jpg').waitFor()
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

  it('keep addresses of earlier versions, and answer unknown ones with the page', async () => {
    const page = await library.open('/')
    for (const [from, to] of MOVED) {
      await page.goto(library.program.url + from)
      await expect.poll(() => new URL(page.url()).pathname, { message: from }).toBe(to)
    }
    await page.goto(`${library.program.url}/people/4711`)
    await expect.poll(() => new URL(page.url()).pathname).toBe('/explore/people/4711')
    await page.getByRole('alert').waitFor()
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
          const where = `${path} ${size.width} ${colorScheme}`
          if ((await page.evaluate<number>('document.documentElement.scrollWidth')) > size.width) found.push(`${where}: too wide`)
          for (const violation of await findViolations(page)) found.push(`${where}: ${violation}`)
        }
    }
    expect(found).toEqual([])
  }, 900_000)
})
