/** @file Holds the renditions of one photo against their hashes. One that is wrong is taken away, so that it is not shown until it was made anew. */
import { rm, stat } from 'node:fs/promises'
import { RENDITION_KINDS, type RenditionKind } from '../contract/words.ts'
import { hashFile } from '../ingest/hash-file.ts'
import { isWholeRendition } from '../media/check-rendition.ts'
import type { WrittenRendition } from '../media/renditions.ts'

export interface RenditionFacts {
  readonly bytes: number
  readonly sha256: string
}

export interface RenditionsToCheck {
  readonly pathOf: (kind: RenditionKind) => string
  readonly known: Partial<Readonly<Record<RenditionKind, RenditionFacts>>>
  /** of the photo, upright */
  readonly shape: { readonly width: number; readonly height: number }
  readonly signal: AbortSignal
  readonly pace: (bytes: number) => Promise<void> | undefined
}

export interface CheckedRenditions {
  readonly read: number
  /** to be made anew */
  readonly wrong: readonly RenditionKind[]
  /** of an earlier version: whole, and held against this hash from now on */
  readonly adopted: readonly WrittenRendition[]
}

export async function checkRenditions(photo: RenditionsToCheck): Promise<CheckedRenditions> {
  const wrong: RenditionKind[] = []
  const adopted: WrittenRendition[] = []
  let read = 0
  for (const kind of RENDITION_KINDS) {
    const path = photo.pathOf(kind)
    const known = photo.known[kind]
    const found = await stat(path).catch(() => undefined)
    if (!found?.isFile() || (known && found.size !== known.bytes)) {
      wrong.push(kind)
      continue
    }
    const hashed = await hashFile(path, photo.signal, photo.pace)
    read += 1
    if (hashed === null) continue // it is being made anew right now
    if (known ? hashed.sha256 !== known.sha256 : !(await isWholeRendition(path, photo.shape))) wrong.push(kind)
    else if (!known) adopted.push({ kind, bytes: hashed.bytes, sha256: hashed.sha256 })
  }
  return { read, wrong, adopted }
}

export async function removeRenditions(pathOf: (kind: RenditionKind) => string, kinds: readonly RenditionKind[]): Promise<void> {
  for (const kind of kinds) await rm(pathOf(kind), { force: true })
}
