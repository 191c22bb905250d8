/** @file Keeps saved searches filled: each is asked again in the background after the library changed, a few seconds apart. */
import type { FacetsQuery } from '../../contract/search.ts'
import type { Db } from '../../db/client.ts'
import { describeError, FototecaError } from '../../domain/errors.ts'
import type { Log } from '../../domain/log.ts'
import { fillAlbum, listSavedSearches, type SavedSearch } from './store-albums.ts'

/** While photos are analysed something changes every second; a search over 100,000 photos takes 0.1 s. */
const PAUSE_MS = 5000

export interface SavedSearchesDeps {
  readonly db: Db
  readonly log: Log
  /** ids of all photos a search finds, best first where it ranks */
  readonly findPhotos: (query: FacetsQuery) => Promise<readonly number[]>
  readonly pauseMs?: number
}

export class SavedSearches implements AsyncDisposable {
  readonly #deps: SavedSearchesDeps
  #timer: ReturnType<typeof setTimeout> | null = null
  #running: Promise<void> | null = null
  #isDue = false
  #isClosed = false

  constructor(deps: SavedSearchesDeps) {
    this.#deps = deps
  }

  /** Something changed that a search looks at. */
  readonly wake = (): void => {
    this.#isDue = true
    if (this.#isClosed || this.#timer !== null || this.#running !== null) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#running = this.#fillAll().finally(() => {
        this.#running = null
        if (this.#isDue) this.wake()
      })
    }, this.#deps.pauseMs ?? PAUSE_MS)
  }

  /** Asks one saved search now. */
  readonly fill = async (albumId: number): Promise<void> => {
    const album = (await listSavedSearches(this.#deps.db)).find(({ id }) => id === albumId)
    if (album) await this.#fillOne(album)
  }

  async #fillAll(): Promise<void> {
    this.#isDue = false
    try {
      for (const album of await listSavedSearches(this.#deps.db)) {
        if (this.#isClosed) return
        await this.#fillOne(album)
      }
    } catch (error) {
      this.#deps.log.error({ err: describeError(error) }, 'saved searches could not be asked')
    }
  }

  async #fillOne({ id, search }: SavedSearch): Promise<void> {
    const query = search as unknown as FacetsQuery
    const isRanked = query.q !== '' || query.like !== undefined
    const found = await this.#ask(query)
    await this.#deps.db.transaction().execute((trx) => fillAlbum(trx, id, found.ids, isRanked, found.problem))
  }

  /** The photo it is like may be gone: then it finds nothing and says why. */
  async #ask(query: FacetsQuery): Promise<{ ids: readonly number[]; problem: string | null }> {
    try {
      return { ids: await this.#deps.findPhotos(query), problem: null }
    } catch (error) {
      if (error instanceof FototecaError && error.status < 500) return { ids: [], problem: error.message }
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.#running
  }
}
