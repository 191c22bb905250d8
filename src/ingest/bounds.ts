/**
 * @file A source is its folder: its files lie below its root, or below a folder its links may lead to, wherever their names say they are.
 * What a name leads to can change at any moment, so it is asked for when the file is opened, not when it was found.
 */
import { constants } from 'node:fs'
import { type FileHandle, open, readlink, realpath, stat } from 'node:fs/promises'
import { sep } from 'node:path'

/** Where the files of a source may really lie. */
export interface Bounds {
  /** absolute, without links */
  readonly root: string
  /** folders outside that links may lead to; absolute, without links */
  readonly targets: readonly string[]
}

/** What a source says of itself; the root may be named through links. */
export interface Place {
  readonly root: string
  readonly followLinks: readonly string[]
}

/** @throws the file system’s own error when the root is not there */
export async function readBounds({ root, followLinks }: Place): Promise<Bounds> {
  return { root: await realpath(root), targets: followLinks }
}

/** @param path absolute, without links, like `folder` */
export function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}

/** @param real a path without links */
export function isInBounds({ root, targets }: Bounds, real: string): boolean {
  return isWithin(root, real) || targets.some((target) => isWithin(target, real))
}

/** Whether the path leads to something within the bounds now. For what is opened by others; what we open ourselves goes by `openInside`. */
export async function leadsInside(path: string, bounds: Bounds): Promise<boolean> {
  const real = await realpath(path).catch(() => undefined)
  return real !== undefined && isInBounds(bounds, real)
}

/** A file that was found to lie within the bounds after it was opened: what is put in its place since changes nothing. */
export interface HeldFile extends AsyncDisposable {
  readonly handle: FileHandle
  /** leads to this very file for as long as it is held */
  readonly path: string
}

/**
 * @returns null for what lies elsewhere, or is no plain file
 * @throws the file system’s own error when it cannot be opened
 */
export async function openInside(path: string, bounds: Bounds): Promise<HeldFile | null> {
  // a pipe that was put in its place would wait for its other end
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const held = await locateHandle(handle, path)
    if (held !== null && isInBounds(bounds, held.real) && (await handle.stat()).isFile())
      return { handle, path: held.path, [Symbol.asyncDispose]: () => handle.close() }
  } catch (error) {
    await handle.close()
    throw error
  }
  await handle.close()
  return null
}

/** Linux says where an open file lies. Elsewhere its name is followed once more, and must lead to the same file. */
async function locateHandle(handle: FileHandle, path: string): Promise<{ real: string; path: string } | null> {
  const link = `/proc/self/fd/${handle.fd}`
  const named = process.platform === 'linux' ? await readlink(link).catch(() => undefined) : undefined
  if (named !== undefined) return { real: named, path: link }
  const real = await realpath(path)
  const [opened, found] = await Promise.all([handle.stat(), stat(real)])
  return opened.dev === found.dev && opened.ino === found.ino ? { real, path: real } : null
}
