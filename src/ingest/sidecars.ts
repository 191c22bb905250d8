/** @file What a scan sees of sidecars: noted per file, and where they came, changed or went since the last scan, the photo is told of. */
import type { Db } from '../db/client.ts'
import { listSidecarPaths, markSidecars, type SidecarState } from '../domain/metadata/sidecar-paths.ts'
import { type KnownFile, readKnownFiles, saveSidecarMarks } from './store.ts'
import type { WalkedFile } from './walk.ts'

const PAGE_ROWS = 5000
/** Photos told of at once. */
const BATCH = 500

interface Following {
  readonly db: Db
  readonly sourceId: number
  /** the part of the source that was walked */
  readonly below: string
  /** could not be looked into: what lies there is as it was */
  readonly isClosed: (path: string) => boolean
  readonly onSidecars: (photoIds: readonly number[]) => Promise<void>
  readonly signal: AbortSignal
}

export class SidecarWatch {
  readonly #seen = new Map<string, SidecarState>()
  #wereThere = false

  /** A file with a sidecar’s name was walked. */
  see({ path, bytes, modifiedMs }: WalkedFile): void {
    this.#seen.set(path, { bytes, modifiedMs })
  }

  know({ sidecar }: KnownFile): void {
    this.#wereThere ||= sidecar !== null
  }

  /** Photos are told of first and their marks saved then: a crash between tells of them once more. */
  async follow({ db, sourceId, below, isClosed, onSidecars, signal }: Following): Promise<void> {
    if (this.#seen.size === 0 && !this.#wereThere) return
    for (let after = 0; ; ) {
      const page = await readKnownFiles(db, sourceId, below, after, PAGE_ROWS)
      const changed = page
        .filter((file) => !file.isMissing && !isClosed(file.path))
        .map((file) => ({ ...file, now: this.#mark(file.path) }))
        .filter(({ sidecar, now }) => sidecar !== now)
      for (let from = 0; from < changed.length; from += BATCH) {
        signal.throwIfAborted()
        const some = changed.slice(from, from + BATCH)
        await onSidecars(some.map(({ photoId }) => photoId))
        await saveSidecarMarks(
          db,
          some.map(({ id, now }) => ({ id, sidecar: now })),
        )
      }
      const last = page.at(-1)
      if (!last || page.length < PAGE_ROWS) return
      after = last.id
    }
  }

  #mark(path: string): string | null {
    return markSidecars(listSidecarPaths(path).map((paths) => paths.map((one) => this.#seen.get(one)).find((state) => state !== undefined)))
  }
}
