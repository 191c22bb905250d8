/** @file What the XMP sidecars beside a picture say of it. A sidecar is a stranger’s file: one that is no XMP, or too much, says nothing, and why. */
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { describeError, FototecaError } from '../domain/errors.ts'
import { listSidecarPaths, markSidecars, type SidecarState } from '../domain/sidecar-paths.ts'
import { readTags } from './exiftool.ts'
import { findSayings, type Sayings } from './metadata.ts'

/** Lightroom’s with thousands of brush strokes take some megabytes. */
const MAX_BYTES = 16 * 1024 * 1024
/** Where the beginning of the XMP must lie. */
const HEAD_BYTES = 64 * 1024

export interface FoundSidecar {
  /** absolute */
  readonly path: string
  /** null: it says nothing, for this reason */
  readonly says: Sayings | null
  readonly problem: string | null
}

/** Of both ways of naming, those that are there. @param orientation EXIF 1–8 of the picture, for face regions */
export async function readSidecars(picturePath: string, orientation: number): Promise<FoundSidecar[]> {
  const found: FoundSidecar[] = []
  for (const { path, bytes } of await listSidecars(picturePath)) found.push(await readSidecar(path, bytes, orientation))
  return found
}

/** The state of the sidecars on the disk, as a scan notes it. */
export async function readSidecarMark(picturePath: string): Promise<string | null> {
  const found = await listSidecars(picturePath)
  return markSidecars([0, 1].map((way) => found.find((sidecar) => sidecar.way === way)))
}

async function listSidecars(picturePath: string): Promise<(SidecarState & { path: string; way: number })[]> {
  const found = []
  for (const [way, paths] of listSidecarPaths(picturePath).entries()) {
    for (const path of paths) {
      const stats = await stat(path).catch(() => undefined)
      if (!stats?.isFile()) continue
      found.push({ path, way, bytes: stats.size, modifiedMs: Math.floor(stats.mtimeMs) })
      break
    }
  }
  return found
}

async function readSidecar(path: string, bytes: number, orientation: number): Promise<FoundSidecar> {
  const refuse = (why: string): FoundSidecar => ({ path, says: null, problem: `${basename(path)} ${why}` })
  if (bytes > MAX_BYTES) return refuse('is larger than a sidecar can be; it is not read')
  try {
    const head = await readHead(path)
    if (!/<(x:xmpmeta|rdf:RDF)\b/.test(head)) return refuse('is no XMP; it is not read')
    if (/<!(DOCTYPE|ENTITY)\b/i.test(head)) return refuse('declares entities, which no sidecar needs; it is not read')
    return { path, says: findSayings(await readTags(path, ['-G1', '-struct', '-Rating#', '-all']), orientation), problem: null }
  } catch (error) {
    if (error instanceof FototecaError && error.code === 'unavailable') return refuse('cannot be read: perl is not installed')
    return refuse(`could not be read: ${describeError(error).slice(0, 200)}`)
  }
}

async function readHead(path: string): Promise<string> {
  await using file = await open(path, 'r')
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
  return buffer.toString('utf8', 0, bytesRead)
}
