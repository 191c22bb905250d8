/**
 * @file Whether a data folder holds a library. An empty one is made a new library at the first start, and looks the same where a disk is
 * not mounted: so a service can be told that there must be one, and everybody is told that one was made.
 */
import { readdir } from 'node:fs/promises'
import { FototecaError } from '../domain/errors.ts'

/** Whatever a library leaves there, also one whose database is on a server or was lost. */
const TRACES = new Set(['pg', 'originals', 'records', 'renditions', 'lock'])

/** true, too, where the folder cannot be read: whoever opens it says why. */
export async function holdsLibrary(dataDir: string): Promise<boolean> {
  const names = await readdir(dataDir).catch((error: NodeJS.ErrnoException) => {
    return error.code === 'ENOENT' ? [] : null
  })
  return names === null || names.some((name) => TRACES.has(name))
}

/** @throws FototecaError `config`; nothing was made */
export function refuseNewLibrary(dataDir: string): never {
  throw new FototecaError(
    'config',
    `there is no library in the data folder ${dataDir}, and FOTOTECA_DATA_MUST_EXIST is set: ` +
      'mount its disk, or correct FOTOTECA_DATA; to make a new library there, start once without FOTOTECA_DATA_MUST_EXIST',
  )
}

export const sayNewLibrary = (dataDir: string): string =>
  `A new library was made in ${dataDir}. If your photos should be there already, stop fototeca, mount the disk of that folder or correct FOTOTECA_DATA, and start again.`
