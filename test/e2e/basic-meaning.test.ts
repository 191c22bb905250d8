/**
 * @file Search by meaning on a bare machine: nothing is installed or downloaded, and photos are found by what they show, in a real browser
 * against the real program. A model that is imported takes over by itself.
 */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SpaceReport } from '../../src/contract/library.ts'
import type { SearchAnswer } from '../../src/contract/search.ts'
import { findChromium } from '../support/chromium.ts'
import { openPageLibrary, type PageLibrary, SLOW_MS, tileOf, untilAnalysed } from '../support/page.ts'
import { photoPath } from '../support/pictures.ts'
import { askJson, until } from '../support/program.ts'
import { writeTinyMeaningModel } from '../support/tiny-meaning-model.ts'

const PHOTOS = {
  'b1.jpg': photoPath('dogs'),
  'b2.jpg': photoPath('cat'),
  'b3.jpg': photoPath('boats'),
  'b4.jpg': photoPath('coffee'),
  'b5.jpg': photoPath('forest'),
} as const
const COUNT = Object.keys(PHOTOS).length
let library: PageLibrary

describe.skipIf(!findChromium())('search by meaning with what is built in', () => {
  beforeAll(async () => {
    library = await openPageLibrary(PHOTOS, { FOTOTECA_MEANING: 'auto' })
    await untilAnalysed(library.program, COUNT)
  }, SLOW_MS)
  afterAll(() => library?.[Symbol.asyncDispose]())

  const search = (q: string, mode = 'semantic') =>
    askJson<SearchAnswer>(`${library.program.url}/api/search?${new URLSearchParams({ q, mode })}`)

  it('finds photos by sentences, and says which words it does not know', async () => {
    for (const [words, name] of [
      ['a dog', 'b1.jpg'],
      ['boats on the water', 'b3.jpg'],
      ['trees in the woods', 'b5.jpg'],
    ] as const) {
      const answer = await search(words)
      expect(answer.hits[0], words).toMatchObject({ photo: { filename: name }, why: [{ list: 'semantic', rank: 1 }] })
      expect(answer.notice, words).toBeNull()
    }
    const half = await search('a dog and a quokka')
    expect(half.hits[0]?.photo.filename).toBe('b1.jpg')
    expect(half.notice).toContain('does not know “quokka”')
    const none = await search('quokka', 'hybrid')
    expect(none.ran).not.toContain('semantic')
    expect(none.notice).toContain('knows no word of “quokka”')

    const page = await library.open('/search?mode=semantic&q=a+dog+and+a+quokka')
    await tileOf(page, 'b1.jpg').waitFor()
    await page.getByRole('note').filter({ hasText: 'does not know “quokka”' }).waitFor()
    await page.goto(`${library.program.url}/settings/models`)
    await page
      .getByRole('list', { name: 'Spaces' })
      .getByRole('listitem', { name: 'Basic (English, everyday scenes)' })
      .getByText(`Answers searches, ${COUNT} photos`)
      .waitFor()
    await page
      .getByText(/non-commercial research and education/)
      .first()
      .waitFor()
    await library.expectQuiet()
  })

  it('tags nothing in words, and gives way to a model that is imported once its space is full', async () => {
    const path = await writeTinyMeaningModel(join(library.folder, '.models', 'tiny'))
    await askJson(`${library.program.url}/api/models/import`, { path })
    const { spaces } = await until<{ spaces: SpaceReport[] }>(
      `${library.program.url}/api/spaces`,
      (answer) => answer.spaces.some(({ model, state, owed }) => model === 'tiny' && state === 'serving' && owed === 0),
      SLOW_MS,
    )
    expect(spaces.find(({ model }) => model === 'basic-meaning')).toMatchObject({ state: 'kept', is_previous: true, vectors: COUNT })
    const answer = await search('a path among tall trees')
    expect(answer.hits[0]?.photo.filename).toBe('b5.jpg')
    expect(answer.space).toContain('tiny')
  })
})
