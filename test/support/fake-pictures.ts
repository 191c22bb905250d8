/** @file The project’s own pictures with invented facts, for the fake library of the page. */
import sharp from 'sharp'
import { rgbaToThumbHash } from 'thumbhash'
import type { PhotoDetail } from '../../src/contract/photo.ts'
import { RECEIPTS } from '../pictures/receipts.ts'
import { drawnPath, groupPath, photoPath } from './pictures.ts'

export interface Picture {
  readonly path: string
  readonly filename: string
  readonly width: number
  readonly height: number
  readonly thumbhash: string
  readonly tags: readonly string[]
  readonly objects: PhotoDetail['objects']
  readonly lines: { text: string; polygon: { x: number; y: number }[] }[]
}

/** what each shows, the first of it as an object with a box */
const SHOWN: readonly (readonly [path: string, tags: readonly string[]])[] = [
  [photoPath('astronaut'), ['person', 'face']],
  [photoPath('boats'), ['boat', 'sky']],
  [photoPath('cat'), ['cat']],
  [photoPath('coffee'), ['cup', 'spoon', 'dining table']],
  [photoPath('cups'), ['cup']],
  [photoPath('dandelions'), ['flower']],
  [photoPath('dogs'), ['dog', 'window']],
  [photoPath('fig'), ['bowl', 'fruit']],
  [photoPath('forest'), ['forest', 'path']],
  [photoPath('kite'), ['kite', 'sky']],
  [photoPath('mountains'), ['mountain']],
  [photoPath('nuthatch'), ['bird', 'tree']],
  [photoPath('rocket'), ['rocket']],
  [photoPath('sunset'), ['sunset']],
  [photoPath('wine'), ['wine glass', 'bottle', 'dining table']],
  [groupPath(1), ['person', 'face', 'group']],
  [drawnPath('product-hoop'), ['earring']],
  [drawnPath('product-pendant'), ['necklace']],
]

/** Reads the pictures once. */
export async function loadPictures(): Promise<Picture[]> {
  const plain = SHOWN.map(([path, tags]) => read(path, tags))
  const receipts = RECEIPTS.map(({ name, lines }) => read(drawnPath(name), ['receipt'], lines))
  return await Promise.all([...plain, ...receipts])
}

async function read(path: string, tags: readonly string[], lines: readonly string[] = []): Promise<Picture> {
  const { width, height } = await sharp(path).metadata()
  const { data, info } = await sharp(path).resize(64, 64, { fit: 'inside' }).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  return {
    path,
    filename: path.split('/').at(-1) ?? path,
    width,
    height,
    thumbhash: Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64'),
    tags,
    objects: tags
      .slice(0, 1)
      .map((label) => ({ label, confidence: 0.81, box: { x: 0.25, y: 0.3, width: 0.4, height: 0.5 }, said_by: 'centernet' })),
    lines: lines.map((text, index) => ({ text, polygon: outline(index / lines.length, 0.8 / lines.length) })),
  }
}

/** of a line across the middle of the picture */
const outline = (top: number, height: number) => [
  { x: 0.25, y: top },
  { x: 0.75, y: top },
  { x: 0.75, y: top + height },
  { x: 0.25, y: top + height },
]
