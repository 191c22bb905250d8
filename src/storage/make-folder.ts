/** @file Makes folders below one that must be there: a data folder that was moved away or unmounted must not appear anew, empty, in its place. */
import { mkdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

/**
 * @returns the folders that were made, outermost first
 * @throws the system’s error (ENOENT where `base` is not there)
 */
export async function makeFolderBelow(base: string, path: string): Promise<string[]> {
  const made: string[] = []
  let at = base
  for (const part of relative(base, path).split(sep)) {
    at = join(at, part)
    try {
      await mkdir(at)
      made.push(at)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
  return made
}
