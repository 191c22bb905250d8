/** @file Walks a folder of pictures: every ordinary file below it, once, in a stable order; what is left out is counted and said. */
import type { Dirent, Stats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Folders and files that systems and devices leave behind. Names that begin with a dot are left out too. */
const SYSTEM_NAMES = new Set([
  '@eadir',
  '@recycle',
  '@recently-snapshot',
  '#recycle',
  '#snapshot',
  '$recycle.bin',
  'system volume information',
  'lost+found',
  '__macosx',
  'thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
])

export function isSystemName(name: string): boolean {
  return name.startsWith('.') || SYSTEM_NAMES.has(name.toLowerCase())
}

export interface WalkedFile {
  /** relative to the root, `/` between parts */
  readonly path: string
  readonly filename: string
  readonly bytes: number
  readonly modifiedMs: number
}

/** Filled while the walk goes on. Paths are relative to the root; `''` is the root itself. */
export interface WalkNotes {
  /** hidden and system files and folders, links that lead nowhere, things that are no files */
  ignored: number
  readonly unreadable: string[]
  /** names that are not UTF-8: no text can name such a file */
  readonly unnameable: string[]
}

export interface WalkOptions {
  readonly root: string
  /** start here instead of the root */
  readonly below: string
  /** `device:inode` of folders never entered */
  readonly excluded: ReadonlySet<string>
  readonly notes: WalkNotes
  readonly signal: AbortSignal
  /** called before a folder is listed, so that a watcher misses nothing */
  readonly onFolder?: ((path: string) => void) | undefined
}

export function folderIdentity(stats: Pick<Stats, 'dev' | 'ino'>): string {
  return `${stats.dev}:${stats.ino}`
}

/** How many files are looked at together: enough to hide a network drive’s latency, few enough to leave the thread pool free. */
const STAT_TOGETHER = 8

/** A folder is entered once, however many links lead to it: loops end. */
export async function* walkFolder(options: WalkOptions): AsyncGenerator<WalkedFile> {
  const { root, notes, signal } = options
  const visited = new Set<string>()
  const open = [options.below]
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    signal.throwIfAborted()
    const entries = await enterFolder(options, folder, visited)
    const folders: string[] = []
    const files: string[] = []
    const links: string[] = []
    for (const entry of entries) {
      if (isSystemName(entry.name)) notes.ignored += 1
      else if (entry.isDirectory()) folders.push(entry.name)
      else if (entry.isFile()) files.push(entry.name)
      else if (entry.isSymbolicLink()) links.push(entry.name)
      else notes.ignored += 1 // a pipe or device: opening it could wait for ever
    }
    const prefix = folder === '' ? '' : `${folder}/`
    for (const name of links) {
      const target = await stat(join(root, folder, name)).catch(() => undefined)
      if (target?.isDirectory()) folders.push(name)
      else if (target?.isFile()) files.push(name)
      else notes.ignored += 1
    }
    files.sort()
    for (let from = 0; from < files.length; from += STAT_TOGETHER) {
      signal.throwIfAborted()
      const names = files.slice(from, from + STAT_TOGETHER)
      const found = await Promise.all(names.map((name) => stat(join(root, folder, name)).catch(() => undefined)))
      for (const [index, filename] of names.entries()) {
        const stats = found[index]
        // gone since the listing, or not readable: the next look will tell
        if (stats?.isFile()) yield { path: prefix + filename, filename, bytes: stats.size, modifiedMs: Math.floor(stats.mtimeMs) }
        else if (stats === undefined) notes.unreadable.push(prefix + filename)
      }
    }
    for (const name of folders.sort().reverse()) open.push(prefix + name)
  }
}

async function enterFolder(options: WalkOptions, folder: string, visited: Set<string>): Promise<Dirent[]> {
  const { root, notes } = options
  const absolute = join(root, folder)
  try {
    const identity = folderIdentity(await stat(absolute))
    if (options.excluded.has(identity)) return []
    if (visited.has(identity)) {
      notes.ignored += 1
      return []
    }
    visited.add(identity)
    options.onFolder?.(folder)
    return decodeNames(await readdir(absolute, { withFileTypes: true, encoding: 'buffer' }), folder, notes)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') notes.unreadable.push(folder)
    return []
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decodeNames(entries: Dirent<NonSharedBuffer>[], folder: string, notes: WalkNotes): Dirent[] {
  const named: Dirent[] = []
  for (const entry of entries) {
    try {
      const name = decoder.decode(entry.name)
      named.push(Object.assign(Object.create(entry) as object, { name }) as Dirent)
    } catch {
      notes.unnameable.push(`${folder === '' ? '' : `${folder}/`}${entry.name.toString('utf8')}`)
    }
  }
  return named
}
