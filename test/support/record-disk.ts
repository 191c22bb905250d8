/**
 * @file Records what a test program does to the disk, in all its threads: `node --import <this file> program.ts`, with RECORD_ROOT and
 * RECORD_FILE set. An operation is recorded when it has ended, so one that waited for another always stands after it.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { dirname, resolve, sep } from 'node:path'
import { type DiskOperation, RECORD_FILE, RECORD_ROOT } from './disk-operations.ts'

const root = process.env[RECORD_ROOT]
const target = process.env[RECORD_FILE]
const original = { ...fs }
const originalAsync = { ...fs.promises }
// one short append per line: lines of several threads do not mix
const log = target === undefined ? undefined : original.openSync(target, 'a')

/** set while a call of Node's own runs that makes others of those below */
let isWithin = false

function record(operation: DiskOperation): void {
  if (log !== undefined && !isWithin) original.writeSync(log, `${JSON.stringify(operation)}\n`)
}
/** The test program tells what it has answered. */
export const recordNote = (note: unknown): void => record({ kind: 'note', note })

type Path = Parameters<typeof fs.openSync>[0]
/** undefined: not watched */
function watched(path: Path): string | undefined {
  const absolute = resolve(String(path))
  return root !== undefined && (absolute === root || absolute.startsWith(root + sep)) ? absolute : undefined
}
const exists = (path: Path): boolean => original.lstatSync(path, { throwIfNoEntry: false }) !== undefined

/** What opening with these flags does to the file. */
function recordOpen(path: string, flags: string | number | undefined, hasExisted: boolean): void {
  const { O_CREAT, O_TRUNC } = fs.constants
  const [creates, empties] =
    typeof flags === 'number' ? [flags & O_CREAT, flags & O_TRUNC] : [/^[wa]/.test(flags ?? 'r'), (flags ?? 'r').startsWith('w')]
  if (!hasExisted && creates) record({ kind: 'create', path })
  else if (hasExisted && empties) record({ kind: 'truncate', path, size: 0 })
}
function recordWrite(path: string, at: number, data: string | NodeJS.ArrayBufferView): void {
  const bytes = typeof data === 'string' ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  if (bytes.length > 0) record({ kind: 'write', path, at, data: bytes.toString('base64') })
}

/** files open by descriptor, in this thread */
const open = new Map<number, string>()
function recordRename(from: Path, to: Path): void {
  const [path, target] = [watched(from), watched(to)]
  if (path === undefined || target === undefined) return
  for (const [fd, name] of open) if (name === path) open.set(fd, target)
  record({ kind: 'rename', path, to: target })
}
function recordRemove(path: Path): void {
  const name = watched(path)
  if (name !== undefined) record({ kind: 'remove', path: name })
}
/** @param first the first folder that was missing */
function recordFolders(first: string | undefined, last: Path): void {
  const made: string[] = []
  for (let path = resolve(String(last)); first !== undefined && path.length >= first.length; path = dirname(path)) made.unshift(path)
  for (const path of made) if (watched(path) !== undefined) record({ kind: 'make-folder', path })
}

if (root !== undefined) {
  patchSync()
  patchAsync()
  syncBuiltinESMExports()
}

/** The calls the embedded database makes. */
function patchSync(): void {
  fs.openSync = (path, flags, mode) => {
    const hasExisted = exists(path)
    const fd = original.openSync(path, flags, mode)
    const name = watched(path)
    if (name !== undefined) {
      open.set(fd, name)
      recordOpen(name, flags, hasExisted)
    }
    return fd
  }
  fs.closeSync = (fd) => {
    open.delete(fd)
    original.closeSync(fd)
  }
  fs.writeSync = ((fd: number, buffer: NodeJS.ArrayBufferView, offset: number, length: number, position: number) => {
    const written = original.writeSync(fd, buffer, offset, length, position)
    const path = open.get(fd)
    if (path !== undefined) recordWrite(path, position, new Uint8Array(buffer.buffer, buffer.byteOffset + offset, written))
    return written
  }) as typeof fs.writeSync
  fs.writeFileSync = (path, data, options) => {
    const hasExisted = typeof path === 'number' || exists(path)
    isWithin = true
    try {
      original.writeFileSync(path, data, options)
    } finally {
      isWithin = false
    }
    const name = typeof path === 'number' ? undefined : watched(path)
    if (name === undefined) return
    recordOpen(name, 'w', hasExisted)
    recordWrite(name, 0, data)
  }
  for (const name of ['fsyncSync', 'fdatasyncSync'] as const)
    fs[name] = (fd) => {
      original[name](fd)
      const path = open.get(fd)
      if (path !== undefined) record({ kind: 'sync', path })
    }
  fs.ftruncateSync = (fd, size) => {
    original.ftruncateSync(fd, size)
    const path = open.get(fd)
    if (path !== undefined) record({ kind: 'truncate', path, size: size ?? 0 })
  }
  fs.truncateSync = (path, size) => {
    original.truncateSync(path, size)
    const name = watched(path)
    if (name !== undefined) record({ kind: 'truncate', path: name, size: size ?? 0 })
  }
  fs.renameSync = (from, to) => {
    original.renameSync(from, to)
    recordRename(from, to)
  }
  for (const name of ['unlinkSync', 'rmdirSync'] as const)
    fs[name] = (path: Path) => {
      original[name](path)
      recordRemove(path)
    }
  fs.mkdirSync = ((path: Path, options?: fs.MakeDirectoryOptions) => {
    const first = original.mkdirSync(path, options)
    recordFolders(options?.recursive ? first : resolve(String(path)), path)
    return first
  }) as typeof fs.mkdirSync
}

/** The calls ingest makes. */
function patchAsync(): void {
  const { promises } = fs
  promises.open = async (path, flags, mode) => {
    const hasExisted = exists(path)
    const handle = await originalAsync.open(path, flags, mode)
    const name = watched(path)
    if (name === undefined) return handle
    recordOpen(name, flags, hasExisted)
    let at = 0
    const { writeFile, sync } = handle
    handle.writeFile = async (data, options) => {
      await writeFile.call(handle, data, options)
      const bytes = data as Buffer
      recordWrite(name, at, bytes)
      at += bytes.length
    }
    handle.sync = async () => {
      await sync.call(handle)
      record({ kind: 'sync', path: name })
    }
    return handle
  }
  promises.rename = async (from, to) => {
    await originalAsync.rename(from, to)
    recordRename(from, to)
  }
  promises.mkdir = (async (path: Path, options?: fs.MakeDirectoryOptions) => {
    const first = await originalAsync.mkdir(path, options)
    recordFolders(options?.recursive ? first : resolve(String(path)), path)
    return first
  }) as typeof promises.mkdir
  promises.rm = async (path, options) => {
    const hasExisted = exists(path)
    await originalAsync.rm(path, options)
    if (hasExisted) recordRemove(path)
  }
}
