/** @file Real test pictures with the facts their known answers give, for the fake library of the page. */
import { readdirSync, readFileSync } from 'node:fs'
import sharp from 'sharp'
import { rgbaToThumbHash } from 'thumbhash'
import type { PhotoDetail } from '../../src/contract/photo.ts'
import { dataPath } from './shared.ts'

export interface Picture {
  readonly path: string
  readonly filename: string
  readonly width: number
  readonly height: number
  readonly thumbhash: string
  readonly tags: string[]
  readonly objects: PhotoDetail['objects']
  readonly lines: { text: string; polygon: { x: number; y: number }[] }[]
}

const FOLDERS = ['labelled-photos', 'faces', 'receipts', 'products', 'classified-photos', 'captioned-photos']
/** Reads the test pictures once; 400 at most. */
export async function loadPictures(limit = 400): Promise<Picture[]> {
  const boxes = readCocoBoxes()
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(dataPath(folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.jpe?g$/i.test(name))
      .sort()
      .map((name) => ({ folder, name, path: dataPath(folder, name) })),
  ).slice(0, limit)
  const pictures: Picture[] = []
  for (const { folder, name, path } of files) {
    const base = name.split('/').at(-1) ?? name
    const { width = 1, height = 1 } = await sharp(path).metadata()
    const { data, info } = await sharp(path).resize(64, 64, { fit: 'inside' }).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
    const found = boxes.get(base) ?? []
    const kind = folder === 'products' ? (name.split('/')[0] ?? 'ring').replace(/s$/, '') : null
    const named = folder === 'classified-photos' ? base.replace(/^n\d+_|\.JPEG$/g, '').replaceAll('_', ' ') : null
    pictures.push({
      path,
      filename: base,
      width,
      height,
      thumbhash: Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64'),
      tags: [
        ...new Set([
          ...found.map((object) => object.label),
          kind,
          named,
          folder === 'receipts' ? 'receipt' : null,
          folder === 'faces' ? 'face' : null,
        ]),
      ].filter((tag) => tag !== null),
      objects: found.map((object) => ({
        ...object,
        box: { x: object.box.x / width, y: object.box.y / height, width: object.box.width / width, height: object.box.height / height },
      })),
      lines: folder === 'receipts' ? readReceipt(path, width, height) : [],
    })
  }
  return pictures
}

function readCocoBoxes(): Map<string, PhotoDetail['objects']> {
  interface Coco {
    images: { id: number; file_name: string }[]
    categories: { id: number; name: string }[]
    annotations: { image_id: number; category_id: number; bbox: [number, number, number, number] }[]
  }
  const coco = JSON.parse(readFileSync(dataPath('labelled-photos', 'instances_val2017.json'), 'utf8')) as Coco
  const names = new Map(coco.categories.map((category) => [category.id, category.name]))
  const files = new Map(coco.images.map((image) => [image.id, image.file_name]))
  const found = new Map<string, PhotoDetail['objects']>()
  for (const { image_id, category_id, bbox } of coco.annotations) {
    const file = files.get(image_id) ?? ''
    const [x, y, width, height] = bbox
    const confidence = 0.55 + ((x * 7 + y * 3) % 44) / 100
    found.set(file, [
      ...(found.get(file) ?? []),
      { label: names.get(category_id) ?? '?', confidence, box: { x, y, width, height }, said_by: 'centernet' },
    ])
  }
  return found
}

function readReceipt(path: string, width: number, height: number): Picture['lines'] {
  return readFileSync(path.replace(/\.jpg$/, '.boxes.csv'), 'utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => {
      const parts = line.split(',')
      const at = parts.slice(0, 8).map(Number)
      const polygon = [0, 2, 4, 6].map((index) => ({ x: (at[index] ?? 0) / width, y: (at[index + 1] ?? 0) / height }))
      return { text: parts.slice(8).join(','), polygon }
    })
}
