/**
 * @file The one way a file of ours comes to be: temporary file → fsync → rename → fsync of its folders. A reader sees the file of before or the
 * new one, after a power cut too. A temporary file bears the mark of its process, so that only what a dead one left is cleared away.
 */
import { createHash, randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { chmod, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'

/** Temporary files lie in it beside what they become, so that the rename stays on one file system; keys cannot begin with a dot. */
export const INCOMING = '.incoming'
/** No upload takes so long: what nobody wrote to since was left, whoever wrote it. */
const LEFT_MS = 24 * 60 * 60 * 1000
/** Folders whose own entry is known to be on the disk, and the most that are remembered. */
const MAX_DURABLE = 100_000
const durable = new Set<string>()

/** Where process ids mean the same: one start of one machine, and there one container. */
const SPACE = createHash('sha256').update(readSpace()).digest('hex').slice(0, 12)
/** Another process may get our id after us. */
const LIFE = randomUUID().slice(0, 8)

function readSpace(): string {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname() // no Linux
  }
}

/** A name that nothing else has, with the mark of this process. */
export function temporaryName(): string {
  return `${SPACE}.${process.pid}.${LIFE}.${randomUUID()}`
}

/** Clears a folder of temporary files of those whose process is gone, or that nobody wrote to for a day. Those in flight stay. */
export async function removeLeft(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(orNothing([]))) {
    const path = join(folder, name)
    const found = await stat(path).catch(orNothing(null))
    if (found && (isOfDeadProcess(name) || Date.now() - found.mtimeMs > LEFT_MS)) await rm(path, { recursive: true, force: true })
  }
}

function isOfDeadProcess(name: string): boolean {
  const [space, id, life] = name.split('.')
  if (space !== SPACE) return false
  if (Number(id) === process.pid) return life !== LIFE
  try {
    process.kill(Number(id), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/**
 * Makes folders below one that must be there: a data folder that was moved away or unmounted must not appear anew, empty, in its place.
 * @returns the folders that were made, outermost first
 * @throws the system’s error (ENOENT where `base` is not there)
 */
export async function makeFolderBelow(base: string, path: string): Promise<string[]> {
  const made: string[] = []
  let at = base
  for (const part of relative(base, path)
    .split(sep)
    .filter((name) => name !== '')) {
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

/** The folders from below `base` to `path`, outermost first. */
function listBetween(base: string, path: string): string[] {
  const names = relative(base, path).split(sep)
  return names[0] === '' ? [] : names.map((_, at) => join(base, ...names.slice(0, at + 1)))
}

export interface WriteOptions {
  /** of the file, whatever umask the program has; default: its owner’s alone */
  readonly mode?: number | undefined
  /** false: its bytes need not outlast a power cut */
  readonly isDurable?: boolean | undefined
}

/**
 * Writes a file that is not there yet; its bytes are on the disk when this returns.
 * @throws the system’s or the content’s error; nothing is left behind then
 */
export async function writeTemporary(
  path: string,
  content: string | Uint8Array | AsyncIterable<Uint8Array>,
  { mode, isDurable = true }: WriteOptions = {},
): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      if (mode !== undefined) await file.chmod(mode)
      if (typeof content === 'string' || content instanceof Uint8Array) await file.writeFile(content)
      else for await (const chunk of content) await file.writeFile(chunk)
      if (isDurable) await file.sync()
    } finally {
      await file.close()
    }
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
}

export interface PublishOptions {
  /** of folders that are made, whatever umask the program has */
  readonly folderMode?: number | undefined
  /** false: its name need not outlast a power cut */
  readonly isDurable?: boolean | undefined
}

/**
 * Gives a temporary file its name, for ever when it returns. What had the name is replaced.
 * @param base a folder that is there and lasts; those between it and the file are made
 * @throws the system’s error; the temporary file is gone then
 */
export async function publish(
  temporary: string,
  target: string,
  base: string,
  { folderMode, isDurable = true }: PublishOptions = {},
): Promise<void> {
  try {
    const made = await makeFolderBelow(base, dirname(target))
    if (folderMode !== undefined) for (const folder of made) await chmod(folder, folderMode)
    await rename(temporary, target)
    if (!isDurable) return
    await syncFolder(dirname(target))
    for (const folder of listBetween(base, dirname(target))) {
      if (durable.has(folder) && !made.includes(folder)) continue
      await syncFolder(dirname(folder))
      if (durable.size >= MAX_DURABLE) durable.clear()
      durable.add(folder)
    }
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/**
 * Replaces a file, or makes it, whole and for ever.
 * @param base as of `publish`
 */
export async function replaceFile(target: string, content: string | Uint8Array, base = dirname(target)): Promise<void> {
  await makeFolderBelow(base, dirname(target))
  const temporary = join(dirname(target), `.${temporaryName()}`)
  await writeTemporary(temporary, content)
  await publish(temporary, target, base)
}

/** Makes the names in a folder last. @throws the system’s error: not every file system can */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function orNothing<T>(nothing: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return nothing
    throw error
  }
}
