/** @file The folder a person names, as the one place it is; what can be no source is refused in words. */
import { realpath, stat } from 'node:fs/promises'
import { describeError, FototecaError } from '../domain/errors.ts'
import { isWithin } from '../storage/bounds.ts'
import { isPseudoFileSystem } from './pseudo-file-systems.ts'

/**
 * @returns the absolute path without links
 * @throws FototecaError `invalid` for what is no folder, is a file system of the kernel, lies in fototeca’s own data, or holds it
 */
export async function resolveFolder(path: string, dataDir: string): Promise<string> {
  let folder: string
  try {
    folder = await realpath(path)
    if (!(await stat(folder)).isDirectory()) throw new FototecaError('invalid', `${path} is a file, not a folder`)
  } catch (error) {
    if (error instanceof FototecaError) throw error
    const { code } = error as NodeJS.ErrnoException
    throw new FototecaError(
      'invalid',
      code === 'ENOENT' ? `there is no folder ${path}` : `the folder ${path} cannot be opened: ${describeError(error)}`,
      {
        cause: error,
      },
    )
  }
  if (await isPseudoFileSystem(folder))
    throw new FototecaError(
      'invalid',
      `${folder} belongs to a file system of the kernel, which holds no pictures; choose a folder of pictures`,
    )
  const data = await realpath(dataDir)
  if (isWithin(data, folder))
    throw new FototecaError('invalid', `${folder} lies in fototeca’s own data folder (${data}); choose a folder of pictures`)
  if (isWithin(folder, data))
    throw new FototecaError(
      'invalid',
      `fototeca’s own data folder (${data}) lies in ${folder}; keep the data elsewhere (FOTOTECA_DATA), or choose a folder beside it`,
    )
  return folder
}
