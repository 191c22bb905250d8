/**
 * @file PGlite made durable: an fsync that really syncs, renames that are atomic, and an end at the first error a database cannot survive.
 * Used where it lives (`pglite-worker.ts`) and where a new one is made (`make-database.ts`).
 */
import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, fdatasyncSync, fsyncSync, mkdtempSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { PGlite, type PGliteOptions, types } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { NodeFS } from '@electric-sql/pglite/nodefs'
import { vector } from '@electric-sql/pglite-pgvector'

/** Exit status of a longjmp out of Postgres’ main loop: how an ordinary SQL error leaves it. Anything else is a crash. */
const LONGJMP_STATUS = 100
/** ENOSPC and EDQUOT as Emscripten numbers them. */
const NO_ROOM = new Set([51, 19])
const FILE_KIND = 0o170000
const REGULAR_FILE = 0o100000

/** What the place where PGlite runs is told. */
export interface DurableEvents {
  /** data was forced to the disk */
  readonly onSync: () => void
  /** The disk is full: gives up what was kept for that. @returns false when there is nothing more to give up */
  readonly makeRoom: () => boolean
  /** Ends the process or thread at once. PGlite swallows what its hooks throw and would go on with data that may not be on the disk. */
  readonly stopForGood: (reason: unknown) => never
}

interface NodeFsNode {
  name: string
  readonly mode: number
  /** written, made or resized by this process */
  isTouched?: boolean
}
interface NodeFsStream {
  readonly nfd: number
  readonly node: NodeFsNode
}
/** The part of Emscripten’s NODEFS that is mended here. */
interface NodeFsType {
  realPath(node: NodeFsNode): string
  tryFSOperation(run: () => void): void
  readonly stream_ops: {
    fsync?: (stream: NodeFsStream) => void
    write(stream: NodeFsStream, buffer: Int8Array, offset: number, length: number, position: number): number
    setattr(stream: NodeFsStream, ...rest: unknown[]): void
  }
  readonly node_ops: {
    rename(node: NodeFsNode, toFolder: NodeFsNode, name: string): void
    mknod(...args: unknown[]): NodeFsNode
    setattr(node: NodeFsNode, ...rest: unknown[]): void
  }
}

/** PGlite’s NodeFS has no fsync, and its rename tries to unlink the target first. This one really syncs and renames atomically. */
class DurableNodeFs extends NodeFS {
  readonly #isSynced: boolean
  readonly #events: DurableEvents
  /** @param isSynced the whole folder was forced to the disk just now: files nobody has touched since need no sync */
  constructor(folder: string, isSynced: boolean, events: DurableEvents) {
    super(folder)
    this.#events = events
    this.#isSynced = isSynced
  }

  override async init(...[pg, options]: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const initialised = await super.init(pg, options)
    initialised.emscriptenOpts.preRun?.push((module) => {
      const nodeFs = module.FS.filesystems.NODEFS as unknown as NodeFsType
      nodeFs.stream_ops.fsync = (stream) => {
        if (this.#isSynced && stream.node.isTouched !== true && (stream.node.mode & FILE_KIND) === REGULAR_FILE) return
        try {
          fdatasyncSync(stream.nfd)
          this.#events.onSync()
        } catch (error) {
          this.#events.stopForGood(error) // a failed fsync may have dropped the pages: no retry can be trusted
        }
      }
      nodeFs.node_ops.rename = (node, toFolder, name) => {
        const [from, to] = [nodeFs.realPath(node), join(nodeFs.realPath(toFolder), name)]
        nodeFs.tryFSOperation(() => renameSync(from, to))
        node.name = name
      }
      makeRoomWhenFull(nodeFs, this.#events.makeRoom)
      if (this.#isSynced) markTouched(nodeFs)
    })
    initialised.emscriptenOpts.onAbort = this.#events.stopForGood
    return initialised
  }
}

/** A log that cannot be written ends the database; a write that found no room wrote nothing, so it can be done again where room was made. */
function makeRoomWhenFull({ stream_ops }: NodeFsType, makeRoom: () => boolean): void {
  const { write } = stream_ops
  stream_ops.write = (stream, buffer, offset, length, position) => {
    let written = 0
    for (;;) {
      try {
        written += write(stream, buffer, offset + written, length - written, position + written)
        // the last piece of room may take a part
        if (written === length || !makeRoom()) return written
      } catch (error) {
        if (!NO_ROOM.has((error as { errno?: number }).errno ?? 0) || !makeRoom()) {
          if (written > 0) return written
          throw error
        }
      }
    }
  }
}

/** After a crash Postgres syncs every file it finds (1,100 flushes, .7 s idle, 8 s on a busy disk); one sync of the file system did that already. */
function markTouched({ stream_ops, node_ops }: NodeFsType): void {
  const { write, setattr } = stream_ops
  stream_ops.write = (stream, ...rest) => {
    stream.node.isTouched = true
    return write(stream, ...rest)
  }
  stream_ops.setattr = (stream, ...rest) => {
    stream.node.isTouched = true
    setattr(stream, ...rest)
  }
  const { mknod, setattr: setNode } = node_ops
  node_ops.mknod = (...args) => {
    const node = mknod(...args)
    node.isTouched = true
    return node
  }
  node_ops.setattr = (node, ...rest) => {
    node.isTouched = true
    setNode(node, ...rest)
  }
}

const text = (value: string): string => value
const PARSERS: NonNullable<PGliteOptions['parsers']> = {
  [types.INT8]: Number, // sizes and counts stay far below 2^53
  [types.DATE]: text,
  [types.TIMESTAMP]: text,
  [types.INTERVAL]: text,
  [types.BYTEA]: (value) => new Uint8Array(Buffer.from(value.slice(2), 'hex')),
}

async function createPglite(folder: string, isSynced: boolean, events: DurableEvents): Promise<PGlite> {
  const { stopForGood } = events
  const pglite = await PGlite.create({
    fs: new DurableNodeFs(folder, isSynced, events),
    extensions: { vector, pg_trgm },
    startParams: [
      ...PGlite.defaultStartParams.filter((param) => param !== '-F'), // -F: fsync off
      ...['-c', 'fsync=on', '-c', 'wal_sync_method=fsync', '-c', 'full_page_writes=on'],
      // one user, an index in memory: with the default of 4 the planner reads whole tables where an index is 5 times faster
      ...['-c', 'random_page_cost=1.1'],
    ],
    parsers: PARSERS,
    serializers: {
      [types.BYTEA]: (value: Uint8Array) => `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`,
    },
    onStderr: (line) => {
      if (line.includes('PANIC:')) stopForGood(line)
      return true
    },
  })
  const module = pglite.Module
  const runOnce = module._PostgresMainLoopOnce
  module._PostgresMainLoopOnce = () => {
    try {
      runOnce()
    } catch (error) {
      if ((error as { status?: number }).status !== LONGJMP_STATUS) stopForGood(error)
      throw error
    }
  }
  return pglite
}

/** Forces everything on the folder’s file system to the disk by one call; false where the system cannot. */
function syncFileSystem(folder: string): boolean {
  try {
    execFileSync('sync', ['-f', folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function syncTree(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile() || entry.isDirectory()) syncPath(join(entry.parentPath, entry.name))
  }
  syncPath(folder)
}

function syncPath(path: string): void {
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** Opens the database of an existing folder. */
export async function openDurable(folder: string, events: DurableEvents): Promise<PGlite> {
  const [parent, prefix] = halfMade(folder)
  for (const name of readdirSync(parent)) if (name.startsWith(prefix)) removeLeftover(join(parent, name))
  const pidFile = join(folder, 'postmaster.pid')
  const hasCrashed = existsSync(pidFile)
  const isSynced = hasCrashed && syncFileSystem(folder)
  // its process is gone (the data folder is locked), and Postgres never starts again where one ended between making this file and writing it
  rmSync(pidFile, { force: true })
  return createPglite(folder, isSynced, events)
}

export function isDatabase(folder: string): boolean {
  return existsSync(join(folder, 'PG_VERSION'))
}

/**
 * Makes the database beside its place and moves it there when it is whole: a first start that is interrupted leaves a folder `pg.new-…`, never
 * half a database under the real name. Each maker has a folder of its own, because one whose parent was killed may still be writing in its.
 * @param mayFinish false when nobody waits for the database any more
 */
export async function makeDatabase(folder: string, events: DurableEvents, mayFinish: () => boolean): Promise<void> {
  const [parent, prefix] = halfMade(folder)
  const fresh = mkdtempSync(join(parent, prefix))
  await (await createPglite(fresh, true, events)).close()
  if (!syncFileSystem(fresh)) syncTree(fresh)
  if (!mayFinish()) return removeLeftover(fresh)
  renameSync(fresh, folder)
  syncPath(parent)
}

/** Where databases are made: [folder they lie in, what their names begin with]. */
const halfMade = (folder: string) => [dirname(folder), `${basename(folder)}.new-`] as const

function removeLeftover(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    // its maker still writes in it; the next start takes it away
  }
}
