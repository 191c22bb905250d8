/** @file Where tests keep what lives as long as they do. */
import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'

/** In memory where there is room (a database is 42 MB): its syncs then cost nothing. Containers often have 64 MB there: too little. */
export function testFolder(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    if (bavail * bsize > 2 ** 30) return '/dev/shm'
  } catch {
    // no such file system here
  }
  return tmpdir()
}
