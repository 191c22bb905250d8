/** @file Which photos an export holds, as a blob: a fetch that broke off goes on after the program was started again. */
import type { ExportColumn, ExportFormat } from '../../contract/exports.ts'
import { type BlobStore, bytesSource, readBlobIfThere, type StoredBlob } from '../../storage/blob-store.ts'
import { exportListKey } from '../../storage/keys.ts'

export const KEPT_MS = 24 * 3_600_000
/** about 7 bytes a photo each */
const MAX_LISTS = 50

export interface KeptList {
  readonly filename: string
  readonly madeAt: number
  readonly format: ExportFormat
  readonly columns: readonly ExportColumn[]
  readonly ids: readonly number[]
  /** where the facts or the files stood when it was begun; null: it was not */
  readonly mark: string | null
}

export interface KeptLists {
  /** Whole or not at all; those too old or too many go. */
  save(key: string, list: KeptList): Promise<void>
  /** null: unknown or too old */
  read(key: string): Promise<KeptList | null>
}

export function createKeptLists(store: BlobStore, now: () => number): KeptLists {
  async function dropOld(): Promise<void> {
    const found: StoredBlob[] = []
    for await (const blob of store.list()) found.push(blob)
    const newest = found.toSorted((a, b) => b.modifiedMs - a.modifiedMs)
    for (const [place, { key, modifiedMs }] of newest.entries())
      if (place >= MAX_LISTS || now() - modifiedMs > KEPT_MS) await store.delete(key)
  }

  return {
    async save(key, list) {
      await store.put(exportListKey(key), bytesSource(JSON.stringify(list), 'application/json'))
      await dropOld()
    },
    async read(key) {
      const text = await readBlobIfThere(store, exportListKey(key)).catch(() => null)
      const list = text === null ? null : parseList(String(text))
      return list === null || now() - list.madeAt > KEPT_MS ? null : list
    },
  }
}

/** After a power cut a file may be there and its bytes not: the export is made again then. */
function parseList(text: string): KeptList | null {
  try {
    return JSON.parse(text) as KeptList
  } catch {
    return null
  }
}
