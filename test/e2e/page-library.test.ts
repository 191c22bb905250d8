/** @file What a person does with a library in the page: looks, searches, collects, changes. One after another in one library. */
import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import { findChromium } from '../support/chromium.ts'
import { SLOW_MS } from '../support/page.ts'
import { testAlbums } from './page-library/albums.ts'
import { testEdits } from './page-library/edit.ts'
import { testFolders } from './page-library/folders.ts'
import { testGallery } from './page-library/gallery.ts'
import { closeLibrary, library, openLibrary } from './page-library/library.ts'
import { testSearch } from './page-library/search.ts'

describe.skipIf(!findChromium())('a library in the page', () => {
  beforeAll(openLibrary, SLOW_MS + 60_000)
  afterAll(closeLibrary)
  afterEach(() => library().expectQuiet())

  testSearch()
  testAlbums()
  testEdits()
  // these add pictures, and move the folder
  testGallery()
  testFolders()
})
