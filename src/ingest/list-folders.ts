/** @file The folders of this machine, one level at a time, for whoever chooses one to index: no hidden ones, no links, none of the system. */
import { access, constants, readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { FolderList } from '../contract/folders.ts'
import { FototecaError } from '../domain/errors.ts'
import { isPseudoFileSystem } from './pseudo-file-systems.ts'
import { resolveFolder } from './resolve-folder.ts'
import { isSystemName } from './walk.ts'

/** more are not looked through by hand */
const MAX_FOLDERS = 1000
/** as files of pictures are usually called; what they are is found out when they are read */
const PICTURE_NAME = /\.(?:jpe?g|png|webp|avif|gif|tiff?|bmp|hei[cf]|cr[23]|nef|arw|dng|raf|orf|rw2)$/i

/** @param path default: the home of who runs fototeca. @throws FototecaError `invalid` for what is no folder or may not be looked into */
export async function listFolders(path: string | undefined, dataDir: string): Promise<FolderList> {
  const start = path ?? homedir()
  const names = await readdir(start, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (path === undefined) return null
    throw new FototecaError('invalid', `the folder ${path} cannot be opened`, { cause: error })
  })
  // a service may have no home
  if (names === null) return listFolders('/', dataDir)
  const folders = names.filter((entry) => entry.isDirectory() && !isSystemName(entry.name)).sort((a, b) => a.name.localeCompare(b.name))
  const listed = await Promise.all(
    folders.slice(0, MAX_FOLDERS).map(async ({ name }) => {
      const own = join(start, name)
      if (await isPseudoFileSystem(own)) return []
      const isReadable = await access(own, constants.R_OK | constants.X_OK).then(
        () => true,
        () => false,
      )
      return [{ name, path: own, is_readable: isReadable }]
    }),
  )
  const refused = await resolveFolder(start, dataDir).then(
    () => null,
    (error: unknown) => {
      if (error instanceof FototecaError) return error.message
      throw error
    },
  )
  return {
    path: start,
    parent: dirname(start) === start ? null : dirname(start),
    folders: listed.flat(),
    more: Math.max(0, folders.length - MAX_FOLDERS),
    pictures: names.filter((entry) => entry.isFile() && PICTURE_NAME.test(entry.name) && !isSystemName(entry.name)).length,
    refused,
  }
}
