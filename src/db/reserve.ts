/**
 * @file Room kept for the embedded database on a disk that others may fill: a file that is given up when one of its writes finds no room.
 * A database that cannot write its log has to end; with this it goes on until the library has stopped working by itself.
 */
import { randomFillSync } from 'node:crypto'
import { rmSync } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Two segments of the log. */
export const RESERVE_BYTES = 32 * 1024 * 1024
const PIECE_BYTES = 1024 * 1024

const reservePath = (dataDir: string): string => join(dataDir, 'reserve')

export async function hasReserve(dataDir: string): Promise<boolean> {
  return stat(reservePath(dataDir)).then(
    () => true,
    () => false,
  )
}

/** Random bytes: some file systems keep no room for zeros, and compress others. */
export async function makeReserve(dataDir: string): Promise<void> {
  const fresh = `${reservePath(dataDir)}.new`
  try {
    const file = await open(fresh, 'w', 0o600)
    try {
      for (let bytes = 0; bytes < RESERVE_BYTES; bytes += PIECE_BYTES) await file.writeFile(randomFillSync(Buffer.alloc(PIECE_BYTES)))
    } finally {
      await file.close()
    }
    await rename(fresh, reservePath(dataDir))
  } catch (error) {
    await rm(fresh, { force: true })
    throw error
  }
}

/** At once, within a write of the database. @returns false when there is none */
export function giveUpReserve(dataDir: string): boolean {
  try {
    rmSync(reservePath(dataDir))
    return true
  } catch {
    return false
  }
}
