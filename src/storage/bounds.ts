/**
 * @file A source is its folder: its files lie below its root, or below a folder its links may lead to, wherever their names say they are.
 * What a name leads to can change at any moment, so it is asked for when the file is opened, not when it was found.
 */
import { constants } from 'node:fs'
import { type FileHandle, open, readlink, realpath, stat } from 'node:fs/promises'
import { sep } from 'node:path'
import { FototecaError } from '../domain/errors.ts'

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
  /** leads to this very file for as long as it is held, in programs that this process calls too */
  readonly path: string
}

/**
 * @param bounds null: anywhere, for a file of our own
 * @returns null for what lies elsewhere, or is no plain file
 * @throws the file system’s own error when it cannot be opened
 */
export async function openInside(path: string, bounds: Bounds | null): Promise<HeldFile | null> {
  // a pipe that was put in its place would wait for its other end
  const held = await holdInside(path, bounds, constants.O_RDONLY | constants.O_NONBLOCK)
  if (held === null || (await held.handle.stat()).isFile()) return held
  await held[Symbol.asyncDispose]()
  return null
}

async function holdInside(path: string, bounds: Bounds | null, flags: number): Promise<HeldFile | null> {
  const handle = await open(path, flags)
  try {
    const held = await locateHandle(handle, path)
    if (held !== null && (bounds === null || isInBounds(bounds, held.real)))
      return { handle, path: held.path, [Symbol.asyncDispose]: () => handle.close() }
  } catch (error) {
    await handle.close()
    throw error
  }
  await handle.close()
  return null
}

/** @throws FototecaError `unavailable` when something else was put in its place; the file system’s own error */
export async function holdOriginal(path: string, bounds: Bounds | null): Promise<HeldFile> {
  const held = await openInside(path, bounds)
  if (held) return held
  throw new FototecaError('unavailable', `${path} does not lie in its folder any more: a link was put in its place`)
}

/** Where a file was found, and within what it must lie when it is opened; bounds null: a file of our own. */
export interface FoundFile {
  readonly path: string
  readonly bounds: Bounds | null
}

/** The bytes of a file that was found earlier: it may have become a link out of its folder since. @throws as `holdOriginal` */
export async function* readOriginal({ path, bounds }: FoundFile): AsyncGenerator<Buffer> {
  await using held = await holdOriginal(path, bounds)
  yield* held.handle.createReadStream({ highWaterMark: 256 * 1024, autoClose: false })
}

/**
 * The folder of a file, as long as it is held: what is made or renamed at `path` lies there, whatever is put in its place.
 * @returns null when it lies outside of the bounds
 */
export async function openFolderInside(path: string, bounds: Bounds): Promise<HeldFile | null> {
  return holdInside(path, bounds, constants.O_RDONLY | constants.O_DIRECTORY)
}

/** Linux says where an open file lies. Elsewhere its name is followed once more, and must lead to the same file. */
async function locateHandle(handle: FileHandle, path: string): Promise<{ real: string; path: string } | null> {
  const link = `/proc/${process.pid}/fd/${handle.fd}`
  const named = process.platform === 'linux' ? await readlink(link).catch(() => undefined) : undefined
  if (named !== undefined) return { real: named, path: link }
  const real = await realpath(path)
  const [opened, found] = await Promise.all([handle.stat(), stat(real)])
  return opened.dev === found.dev && opened.ino === found.ino ? { real, path: real } : null
}
