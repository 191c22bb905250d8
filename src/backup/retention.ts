/** @file Lets old backups go, and then the files that no backup names any more. */
import type { BackupPlace } from './place.ts'
import { FILES, fileKey, listSnapshots, manifestKey, readFiles, readSnapshot, SNAPSHOTS } from './snapshot.ts'

/**
 * After a finished backup. A snapshot loses its manifest first: interrupted, it counts as one that was never finished, and goes at the next one.
 * @returns names of the finished ones that went
 */
export async function removeOld(place: BackupPlace, keep: number, signal: AbortSignal): Promise<string[]> {
  const { finished, unfinished } = await listSnapshots(place)
  const old = finished.slice(0, Math.max(0, finished.length - keep))
  for (const name of old) await place.blobs.delete(manifestKey(name))
  for (const name of [...old, ...unfinished]) {
    signal.throwIfAborted()
    await place.blobs.deleteBelow(`${SNAPSHOTS}${name}`)
  }
  if (old.length + unfinished.length > 0) await removeUnnamed(place, finished.slice(old.length), signal)
  return old
}

/** @throws where a list cannot be read: nothing is removed then */
async function removeUnnamed(place: BackupPlace, names: readonly string[], signal: AbortSignal): Promise<void> {
  const named = new Set<string>()
  for (const name of names) {
    if ((await readSnapshot(place, name)).files === null) continue
    for await (const file of readFiles(place, name)) if (file.is_copied) named.add(fileKey(file.sha256))
  }
  for await (const { key } of place.blobs.list(FILES)) {
    signal.throwIfAborted()
    if (!named.has(key)) await place.blobs.delete(key)
  }
}
