/** @file Walks a folder of pictures: every ordinary file below it, once, in a stable order; what is left out is counted and said. */
import type { Dirent, Stats } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Bounds, isInBounds } from '../storage/bounds.ts'
import { isPseudoFileSystem, isPseudoPlace } from './pseudo-file-systems.ts'

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

/** How many there were, and the first few: what leads there, and where it really is. */
export interface Skipped {
  count: number
  readonly examples: { readonly path: string; readonly target: string }[]
}

/** Filled while the walk goes on. Paths are relative to the root; `''` is the root itself. */
export interface WalkNotes {
  /** hidden and system files and folders, links that lead nowhere, things that are no files */
  ignored: number
  readonly unreadable: string[]
  /** names that are not UTF-8: no text can name such a file */
  readonly unnameable: string[]
  /** links that lead out of the bounds */
  readonly outside: Skipped
  /** what leads into a pseudo file system, or is one */
  readonly pseudo: Skipped
}

const MAX_EXAMPLES = 5

export function createNotes(): WalkNotes {
  return { ignored: 0, unreadable: [], unnameable: [], outside: { count: 0, examples: [] }, pseudo: { count: 0, examples: [] } }
}

export function noteSkipped(skipped: Skipped, path: string, target: string): void {
  skipped.count += 1
  if (skipped.examples.length < MAX_EXAMPLES) skipped.examples.push({ path, target })
}

export interface WalkOptions {
  readonly bounds: Bounds
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

/** A folder is entered once, however many links lead to it: loops end. What lies outside of the bounds is never looked into. */
export async function* walkFolder(options: WalkOptions): AsyncGenerator<WalkedFile> {
  const { notes, signal } = options
  const { root } = options.bounds
  const walked: Walked = { identities: new Set(), devices: new Map() }
  const open = [options.below]
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    signal.throwIfAborted()
    const entries = await enterFolder(options, folder, walked)
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
      const real = await realpath(join(root, folder, name)).catch(() => undefined)
      if (real === undefined) notes.ignored += 1
      else if (isAllowed(options, prefix + name, real)) {
        const target = await stat(real).catch(() => undefined)
        if (target?.isDirectory()) folders.push(name)
        else if (target?.isFile()) files.push(name)
        else notes.ignored += 1
      }
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

interface Walked {
  /** `device:inode` of folders that were entered */
  readonly identities: Set<string>
  /** whether a device is a pseudo file system */
  readonly devices: Map<number, boolean>
}

/** Says what is not. @param real where `path` leads to */
function isAllowed({ bounds, notes }: WalkOptions, path: string, real: string): boolean {
  if (isPseudoPlace(real)) noteSkipped(notes.pseudo, path, real)
  else if (!isInBounds(bounds, real)) noteSkipped(notes.outside, path, real)
  else return true
  return false
}

async function enterFolder(options: WalkOptions, folder: string, walked: Walked): Promise<Dirent[]> {
  const { notes } = options
  const absolute = join(options.bounds.root, folder)
  try {
    // asked here and not at the listing: what was a folder then may be a link now
    const real = await realpath(absolute)
    if (!isAllowed(options, folder, real)) return []
    const stats = await stat(real)
    const identity = folderIdentity(stats)
    if (options.excluded.has(identity)) return []
    if (walked.identities.has(identity)) {
      notes.ignored += 1
      return []
    }
    if (await isPseudoDevice(walked, stats.dev, real)) {
      noteSkipped(notes.pseudo, folder, real)
      return []
    }
    walked.identities.add(identity)
    options.onFolder?.(folder)
    return decodeNames(await readdir(real, { withFileTypes: true, encoding: 'buffer' }), folder, notes)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') notes.unreadable.push(folder)
    return []
  }
}

/** One question for each file system: the folders of one share its device. */
async function isPseudoDevice({ devices }: Walked, device: number, real: string): Promise<boolean> {
  const known = devices.get(device)
  if (known !== undefined) return known
  const isPseudo = await isPseudoFileSystem(real)
  devices.set(device, isPseudo)
  return isPseudo
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
