/** @file What the XMP sidecars beside a picture say of it. A sidecar is a stranger’s file: one that is no XMP, or too much, says nothing, and why. */
import { type FileHandle, mkdtempDisposable, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { describeError, FototecaError } from '../domain/errors.ts'
import { listSidecarPaths, markSidecars, type SidecarState } from '../domain/metadata/sidecar-paths.ts'
import { readTags, readThroughLink } from './exiftool.ts'
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

/** A sidecar that is open; `path` leads to this very file. */
interface HeldSidecar extends AsyncDisposable {
  readonly handle: FileHandle
  readonly path: string
}

/** Opens a file that belongs to the folder of the picture; null for one that must not be read: a link that leads elsewhere. */
export type OpenSidecar = (path: string) => Promise<HeldSidecar | null>

/** Of both ways of naming, those that are there. @param orientation EXIF 1–8 of the picture, for face regions */
export async function readSidecars(picturePath: string, orientation: number, open: OpenSidecar): Promise<FoundSidecar[]> {
  const found: FoundSidecar[] = []
  for (const paths of listSidecarPaths(picturePath)) {
    for (const path of paths) {
      const sidecar = await readSidecar(path, orientation, open)
      if (sidecar === null) continue
      found.push(sidecar)
      break
    }
  }
  return found
}

/** The state of the sidecars on the disk, as a scan notes it. @param isInside whether a path belongs to the folder of the picture */
export async function readSidecarMark(picturePath: string, isInside: (path: string) => Promise<boolean>): Promise<string | null> {
  const findState = async (paths: readonly string[]): Promise<SidecarState | undefined> => {
    for (const path of paths) {
      const stats = await stat(path).catch(() => undefined)
      if (stats?.isFile() && (await isInside(path))) return { bytes: stats.size, modifiedMs: Math.floor(stats.mtimeMs) }
    }
    return undefined
  }
  return markSidecars(await Promise.all(listSidecarPaths(picturePath).map(findState)))
}

/** @returns null when there is none */
export async function readSidecar(path: string, orientation: number, open: OpenSidecar): Promise<FoundSidecar | null> {
  const refuse = (why: string): FoundSidecar => ({ path, says: null, problem: `${basename(path)} ${why}` })
  try {
    await using file = await open(path)
    if (file === null) return null
    if ((await file.handle.stat()).size > MAX_BYTES) return refuse('is larger than a sidecar can be; it is not read')
    const { head, encoding } = await readHead(file.handle)
    if (!/<(x:xmpmeta|rdf:RDF)\b/.test(head)) return refuse('is no XMP; it is not read')
    if (/<!(DOCTYPE|ENTITY)\b/i.test(head)) return refuse('declares entities, which no sidecar needs; it is not read')
    const read = (xmp: string) => readTags(xmp, ['-G1', '-struct', '-Rating#', '-all'])
    const tags = encoding === 'utf-8' ? await readThroughLink(file.path, 'sidecar.xmp', read) : await withUtf8(file.handle, encoding, read)
    const excess = tags['ExifTool:Error']
    if (typeof excess === 'string') return refuse(`is not read: ${excess}`)
    return { path, says: findSayings(tags, orientation), problem: null }
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
    if (error instanceof FototecaError && error.code === 'unavailable') return refuse('cannot be read: perl is not installed')
    return refuse(`could not be read: ${describeError(error).slice(0, 200)}`)
  }
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

async function readHead(file: FileHandle): Promise<{ readonly head: string; readonly encoding: Encoding }> {
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
async function withUtf8<T>(file: FileHandle, encoding: Encoding, read: (copy: string) => Promise<T>): Promise<T> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'fototeca-sidecar-'))
  const copy = join(folder.path, 'copy.xmp')
  await writeFile(copy, new TextDecoder(encoding).decode(await file.readFile()))
  return await read(copy)
}
