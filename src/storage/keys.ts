/** @file The keys of the blobs of the library. In a data folder they are paths below the folder of their part, in a bucket they follow its name. */
import type { RenditionKind } from '../contract/words.ts'
import type { Box } from '../domain/geometry.ts'

/** What the library owns, by part: in the data folder each may be a disk of its own. */
export const BLOB_PARTS = ['originals', 'renditions', 'held', 'exports'] as const
export type BlobPart = (typeof BLOB_PARTS)[number]

/** Two levels keep each folder small at a million photos. */
function below(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError(`not a SHA-256 in lower-case hexadecimal: ${JSON.stringify(sha256)}`)
  return `${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`
}

/** An uploaded file, by its content. */
export const originalKey = below

/** All that is shown of a photo lies in it. */
export const renditionFolder = below

export const renditionKey = (sha256: string, kind: RenditionKind): string => `${renditionFolder(sha256)}/${kind}.webp`

/** Its name says which part of the preview it shows: another box is another picture. */
export function faceKey(sha256: string, { x, y, width, height }: Box): string {
  return `${renditionFolder(sha256)}/face-${[x, y, width, height].map((value) => Math.round(value * 10_000)).join('-')}.webp`
}

interface Try {
  readonly id: number
  readonly seed: number
}

/** A made picture that waits for approval. The name says which try it is: a redo never meets the file of an earlier one. */
export const heldKey = ({ id, seed }: Try, ending: string): string => `${id}-${seed}.${ending}`

/** A maker’s answer for a try, until the picture is made of it. */
export const sceneKey = ({ id, seed }: Try): string => `${id}-${seed}${SCENE_ENDING}`
export const SCENE_ENDING = '.scene'

/** Which photos an export holds. */
export const exportListKey = (key: string): string => `${key}.json`
