/** @file Reads a backup back and compares every sum. */
import { FototecaError } from '../domain/errors.ts'
import { hashStream, type Packed } from './packed.ts'
import type { BackupPlace } from './place.ts'
import { fileKey, filesKey, listStored, type Manifest, readFiles, tableKey } from './snapshot.ts'

export interface CheckProgress {
  readonly files: number
  readonly filesTotal: number
}

/** @returns what is missing or other than it was, in words; empty: all is well */
export async function checkBackup(
  place: BackupPlace,
  manifest: Manifest,
  onProgress: (progress: CheckProgress) => void,
  signal: AbortSignal,
): Promise<string[]> {
  const wrong = await checkTables(place, manifest, signal)
  if (manifest.files === null || wrong.includes(filesKey(manifest.name))) return wrong
  const filesTotal = manifest.files.count
  let files = 0
  const checked = new Set<string>()
  for await (const file of readFiles(place, manifest.name)) {
    if (!file.is_copied) continue
    files += 1
    if (!checked.has(file.sha256) && !(await isWhole(place, fileKey(file.sha256), file, signal))) wrong.push(file.path)
    checked.add(file.sha256)
    onProgress({ files, filesTotal })
  }
  return wrong
}

/** The tables and the list of files. @returns keys of what is wrong */
export async function checkTables(place: BackupPlace, manifest: Manifest, signal: AbortSignal): Promise<string[]> {
  const parts = listStored(manifest.tables).map((table): [string, Packed] => [tableKey(manifest.name, table.name), table])
  if (manifest.files !== null) parts.push([filesKey(manifest.name), manifest.files])
  const wrong: string[] = []
  for (const [key, expected] of parts) if (!(await isWhole(place, key, expected, signal))) wrong.push(key)
  return wrong
}

async function isWhole({ blobs }: BackupPlace, key: string, { sha256, bytes }: Packed, signal: AbortSignal): Promise<boolean> {
  try {
    const found = await hashStream((await blobs.get(key, { signal })).stream, signal)
    return found.sha256 === sha256 && found.bytes === bytes
  } catch (error) {
    if (error instanceof FototecaError && error.code === 'not_found') return false
    signal.throwIfAborted()
    // a sector that cannot be read is what the check is for
    if ((error as NodeJS.ErrnoException).code === 'EIO') return false
    throw error
  }
}
