/** @file Keeps saved searches filled: each is asked again in the background after the library changed, a few seconds apart. */
import { Task } from '../../background/task.ts'
import type { Message } from '../../contract/messages/message.ts'
import type { FacetsQuery } from '../../contract/search.ts'
import type { Db } from '../../db/client.ts'
import { SYSTEM } from '../../domain/actor.ts'
import { FototecaError } from '../../domain/errors.ts'
import type { Log } from '../../domain/log.ts'
import type { Visibility } from '../../domain/visibility.ts'
import { fillAlbum, listSavedSearches, type SavedSearch } from './store-albums.ts'

/** While photos are analysed something changes every second; a search over 100,000 photos takes 0.1 s. */
const PAUSE_MS = 5000

export interface SavedSearchesDeps {
  readonly db: Db
  readonly log: Log
  /** ids of all photos a search finds, best first where it ranks */
  readonly findPhotos: (sees: Visibility, query: FacetsQuery) => Promise<readonly number[]>
  readonly pauseMs?: number
}

export class SavedSearches implements AsyncDisposable {
  readonly #deps: SavedSearchesDeps
  readonly task: Task

  constructor(deps: SavedSearchesDeps) {
    this.#deps = deps
    this.task = new Task({
      name: 'saved searches',
      work: (signal) => this.#fillAll(signal),
      log: deps.log,
      failureMessage: 'saved searches could not be asked',
      settleMs: deps.pauseMs ?? PAUSE_MS,
    })
  }

  /** Something changed that a search looks at. */
  readonly wake = (): void => this.task.wake()

  /** Asks one saved search now. */
  readonly fill = async (albumId: number): Promise<void> => {
    const album = (await listSavedSearches(this.#deps.db)).find(({ id }) => id === albumId)
    if (album) await this.#fillOne(album)
  }

  async #fillAll(signal: AbortSignal): Promise<void> {
    for (const album of await listSavedSearches(this.#deps.db)) {
      if (signal.aborted) return
      await this.#fillOne(album)
    }
  }

  async #fillOne({ id, search }: SavedSearch): Promise<void> {
    const query = search as unknown as FacetsQuery
    const isRanked = query.q !== '' || query.like !== undefined
    const found = await this.#ask(query)
    await this.#deps.db.transaction().execute((trx) => fillAlbum(trx, id, found.ids, isRanked, found.problem))
  }

  /** The photo it is like may be gone: then it finds nothing and says why. */
  async #ask(query: FacetsQuery): Promise<{ ids: readonly number[]; problem: Message | null }> {
    try {
      return { ids: await this.#deps.findPhotos(SYSTEM.sees, query), problem: null }
    } catch (error) {
      if (error instanceof FototecaError && error.status < 500) return { ids: [], problem: error.said }
      throw error
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.task[Symbol.asyncDispose]()
  }
}
