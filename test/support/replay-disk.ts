/**
 * @file The disk as it would be found after a process was killed or the power went at any moment of a recorded run.
 *
 * Assumed of the file system, as of ext4, XFS and Btrfs: what was not synced may be there or not, in any order, written in part;
 * a name (new, moved, removed) is there for good once its folder, or the file itself, was synced.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { DiskOperation } from './disk-operations.ts'

/** What happens to operations that were not synced. `none`: they stay (only the process died). */
export type Loss = 'none' | 'all' | 'some'

const PAGE = 4096

interface FileNode {
  /** where its bytes of before the run are; undefined for a new file */
  readonly from: string | undefined
  /** index of the last sync */
  syncedAt: number
  readonly changes: { readonly index: number; readonly operation: DiskOperation & { kind: 'write' | 'truncate' } }[]
}
interface NameChange {
  readonly index: number
  readonly operation: DiskOperation & { kind: 'create' | 'make-folder' | 'remove' | 'rename' }
  readonly node: FileNode
}

/** What differs from before the run; names relative to its root. */
export interface DiskState {
  /** null: removed; else reads its bytes */
  readonly files: ReadonlyMap<string, (() => Promise<Buffer>) | null>
  readonly folders: readonly string[]
  /** of all of it: equal states need to be looked at only once */
  readonly key: string
}

/** @param root the recorded folder; @param before a copy of it from before the run; @param operations those that had ended at that moment */
export function replayDisk(root: string, before: string, operations: readonly DiskOperation[], loss: Loss): DiskState {
  const { homes, names, syncs } = follow(root, before, operations)
  const survives = (index: number, syncedAt: number) =>
    loss === 'none' || syncedAt > index || (loss === 'some' && toss(index, operations.length))

  // what is found under each name, beginning with the files of before
  const found = new Map<string, FileNode | null>(homes)
  const folders = new Set<string>()
  const lostFolders = new Set<string>()
  for (const { index, operation, node } of names) {
    const path = operation.kind === 'rename' ? operation.to : operation.path
    const folderSyncedAt = syncs.get(dirname(path)) ?? -1
    const isThere = survives(index, operation.kind === 'remove' ? folderSyncedAt : Math.max(folderSyncedAt, node.syncedAt))
    if (operation.kind === 'make-folder') (isThere ? folders : lostFolders).add(path)
    else if (isThere) {
      if (operation.kind === 'rename') found.set(operation.path, null)
      found.set(path, operation.kind === 'remove' ? null : node)
    }
  }
  const isReachable = (path: string): boolean => {
    for (let folder = dirname(path); folder.length >= root.length; folder = dirname(folder)) if (lostFolders.has(folder)) return false
    return true
  }

  const files = new Map<string, (() => Promise<Buffer>) | null>()
  const key: string[] = []
  for (const [path, node] of found) {
    if (!isReachable(path)) continue
    if (node === null) {
      files.set(relative(root, path), null)
      key.push(`${path} gone`)
      continue
    }
    const changes = node.changes.filter(({ index }) => survives(index, node.syncedAt)).map((change) => tear(change, node, loss))
    if (homes.get(path) === node && changes.length === 0) continue
    files.set(relative(root, path), () => contentOf(node, changes))
    key.push(`${path} ${node.from ?? 'new'} ${changes.map(({ index, bytes }) => `${index}:${bytes}`)}`)
  }
  const reachable = [...folders].filter(isReachable).map((folder) => relative(root, folder))
  return { files, folders: reachable, key: [...key.sort(), ...reachable].join('\n') }
}

/** Which operation was about which file, whatever it was called then. */
function follow(root: string, before: string, operations: readonly DiskOperation[]) {
  /** files of before the run that were touched, by the name they had */
  const homes = new Map<string, FileNode>()
  const nodes = new Map<string, FileNode>()
  const names: NameChange[] = []
  /** index of the last sync of a folder (or file) by its name */
  const syncs = new Map<string, number>()
  const nodeAt = (path: string): FileNode => {
    let node = nodes.get(path)
    if (!node) {
      node = { from: join(before, relative(root, path)), syncedAt: -1, changes: [] }
      nodes.set(path, node)
      homes.set(path, node)
    }
    return node
  }
  for (const [index, operation] of operations.entries()) {
    switch (operation.kind) {
      case 'note':
        break
      case 'write':
      case 'truncate':
        nodeAt(operation.path).changes.push({ index, operation })
        break
      case 'sync': {
        syncs.set(operation.path, index)
        const node = nodes.get(operation.path)
        if (node) node.syncedAt = index
        break
      }
      case 'create':
      case 'make-folder': {
        const node: FileNode = { from: undefined, syncedAt: -1, changes: [] }
        nodes.set(operation.path, node)
        names.push({ index, operation, node })
        break
      }
      case 'rename':
      case 'remove': {
        const node = nodeAt(operation.path)
        names.push({ index, operation, node })
        nodes.delete(operation.path)
        if (operation.kind === 'rename') nodes.set(operation.to, node)
      }
    }
  }
  return { homes, names, syncs }
}

interface FoundChange {
  readonly index: number
  readonly operation: DiskOperation & { kind: 'write' | 'truncate' }
  /** how many bytes of a write arrived */
  readonly bytes: number
}

/** Of a write that nobody waited for, sometimes only the first page arrives. */
function tear({ index, operation }: FileNode['changes'][number], node: FileNode, loss: Loss): FoundChange {
  const isTorn = loss === 'some' && node.syncedAt < index && toss(index, -1)
  return { index, operation, bytes: isTorn ? PAGE : Number.POSITIVE_INFINITY }
}

async function contentOf(node: FileNode, changes: readonly FoundChange[]): Promise<Buffer> {
  let content: Buffer = node.from === undefined ? Buffer.alloc(0) : await readFile(node.from)
  for (const { operation, bytes } of changes) {
    const data = operation.kind === 'write' ? Buffer.from(operation.data, 'base64').subarray(0, bytes) : Buffer.alloc(0)
    const size = operation.kind === 'truncate' ? operation.size : Math.max(content.length, operation.at + data.length)
    if (size !== content.length) content = Buffer.concat([content.subarray(0, size), Buffer.alloc(Math.max(0, size - content.length))])
    if (operation.kind === 'write') data.copy(content, operation.at)
  }
  return content
}

/** The same for the same numbers, half of the time true. */
function toss(index: number, moment: number): boolean {
  return ((createHash('md5').update(`${index} ${moment}`).digest()[0] ?? 0) & 1) === 1
}

/** Makes the folder (a fresh copy of `before`) look like the state. */
export async function writeState(folder: string, state: DiskState): Promise<void> {
  for (const path of state.folders) await mkdir(join(folder, path), { recursive: true })
  for (const [path, read] of state.files) {
    if (read === null) await rm(join(folder, path), { recursive: true, force: true })
    else await writeFile(join(folder, path), await read())
  }
}
