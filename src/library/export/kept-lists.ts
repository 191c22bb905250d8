/** @file Which photos an export holds, on the disk: a fetch that broke off goes on after the program was started again. */
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ExportColumn, ExportFormat } from '../../contract/exports.ts'
import { replaceFile } from '../../storage/durable-write.ts'

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

export function createKeptLists(folder: string, now: () => number): KeptLists {
  const pathOf = (key: string) => join(folder, `${key}.json`)

  async function dropOld(): Promise<void> {
    const found = await Promise.all(
      (await readdir(folder)).map(async (name) => {
        const path = join(folder, name)
        return { path, at: (await stat(path).catch(() => null))?.mtimeMs ?? 0 }
      }),
    )
    const newest = found.toSorted((a, b) => b.at - a.at)
    for (const [place, { path, at }] of newest.entries()) if (place >= MAX_LISTS || now() - at > KEPT_MS) await rm(path, { force: true })
  }

  return {
    async save(key, list) {
      await replaceFile(pathOf(key), JSON.stringify(list), dirname(folder))
      await dropOld()
    },
    async read(key) {
      const text = await readFile(pathOf(key), 'utf8').catch(() => null)
      const list = text === null ? null : parseList(text)
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
