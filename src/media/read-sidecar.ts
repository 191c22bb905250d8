/** @file What the XMP sidecars beside a picture say of it. A sidecar is a stranger’s file: one that is no XMP, or too much, says nothing, and why. */
import { mkdtempDisposable, open, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { describeError, FototecaError } from '../domain/errors.ts'
import { listSidecarPaths, markSidecars, type SidecarState } from '../domain/metadata/sidecar-paths.ts'
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
    const { head, encoding } = await readHead(path)
    if (!/<(x:xmpmeta|rdf:RDF)\b/.test(head)) return refuse('is no XMP; it is not read')
    if (/<!(DOCTYPE|ENTITY)\b/i.test(head)) return refuse('declares entities, which no sidecar needs; it is not read')
    const read = (xmp: string) => readTags(xmp, ['-G1', '-struct', '-Rating#', '-all'])
    const tags = encoding === 'utf-8' ? await read(path) : await withUtf8(path, encoding, read)
    const excess = tags['ExifTool:Error']
    if (typeof excess === 'string') return refuse(`is not read: ${excess}`)
    return { path, says: findSayings(tags, orientation), problem: null }
  } catch (error) {
    if (error instanceof FototecaError && error.code === 'unavailable') return refuse('cannot be read: perl is not installed')
    return refuse(`could not be read: ${describeError(error).slice(0, 200)}`)
  }
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

async function readHead(path: string): Promise<{ readonly head: string; readonly encoding: Encoding }> {
  await using file = await open(path, 'r')
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
  const bytes = buffer.subarray(0, bytesRead)
  const encoding = tellEncoding(bytes)
  return { head: new TextDecoder(encoding).decode(bytes), encoding }
}

/** XMP may be UTF-16, known by its mark or by the zero beside its first `<`. */
function tellEncoding([first, second]: Uint8Array): Encoding {
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return 'utf-16le'
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return 'utf-16be'
  return 'utf-8'
}

/** exiftool knows UTF-16 only with an xpacket or a declaration around it, so it gets a copy in UTF-8. */
async function withUtf8<T>(path: string, encoding: Encoding, read: (copy: string) => Promise<T>): Promise<T> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'fototeca-sidecar-'))
  const copy = join(folder.path, 'copy.xmp')
  await writeFile(copy, new TextDecoder(encoding).decode(await readFile(path)))
  return await read(copy)
}
