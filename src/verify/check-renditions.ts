/** @file Holds the renditions of one photo against their hashes. One that is wrong is taken away, so that it is not shown until it was made anew. */
import { createHash } from 'node:crypto'
import { RENDITION_KINDS, type RenditionKind } from '../contract/words.ts'
import { isWholeRendition } from '../media/check-rendition.ts'
import type { RenditionFacts } from '../media/renditions.ts'
import { type BlobStore, readBlobIfThere } from '../storage/blob-store.ts'
import { renditionKey } from '../storage/keys.ts'

export interface RenditionsToCheck {
  readonly store: BlobStore
  readonly sha256: string
  readonly known: Partial<Readonly<Record<RenditionKind, Pick<RenditionFacts, 'bytes' | 'sha256'>>>>
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
  readonly adopted: readonly RenditionFacts[]
}

export async function checkRenditions(photo: RenditionsToCheck): Promise<CheckedRenditions> {
  const wrong: RenditionKind[] = []
  const adopted: RenditionFacts[] = []
  let read = 0
  for (const kind of RENDITION_KINDS) {
    photo.signal.throwIfAborted()
    const key = renditionKey(photo.sha256, kind)
    const known = photo.known[kind]
    const found = await photo.store.stat(key)
    const content = found && (!known || found.bytes === known.bytes) ? await readBlobIfThere(photo.store, key) : null
    if (content === null) {
      wrong.push(kind)
      continue
    }
    read += 1
    await photo.pace(content.length)
    const sha256 = createHash('sha256').update(content).digest('hex')
    if (known ? sha256 !== known.sha256 : !(await isWholeRendition(content, photo.shape))) wrong.push(kind)
    else if (!known) adopted.push({ kind, bytes: content.length, sha256 })
  }
  return { read, wrong, adopted }
}
