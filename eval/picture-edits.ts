/** @file What happens to pictures on their way through the world, done to real ones here: copies with a known original and a known kind. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { makePicture } from '../src/media/derived-sizes.ts'
import type { Picture } from '../src/media/picture.ts'
import { openPicture } from '../test/support/media.ts'
import { dataPath } from '../test/support/shared.ts'

type Edit = (image: Sharp, w: number, h: number) => Sharp

const cut = (image: Sharp, w: number, h: number, left: number, top: number, width: number, height: number) =>
  image.extract({ left: Math.floor(w * left), top: Math.floor(h * top), width: Math.floor(w * width), height: Math.floor(h * height) })

/** Saved again or resized. */
export const SAME: Readonly<Record<string, Edit>> = {
  'jpeg q30': (image) => image.jpeg({ quality: 30 }),
  'webp q60': (image) => image.webp({ quality: 60 }),
  'half size': (image, w) => image.resize(Math.round(w / 2)).jpeg(),
  'quarter size': (image, w) => image.resize(Math.round(w / 4)).jpeg(),
}
export const EDITED: Readonly<Record<string, Edit>> = {
  'crop 5 %': (image, w, h) => cut(image, w, h, 0.025, 0.025, 0.95, 0.95).jpeg(),
  'crop 10 %': (image, w, h) => cut(image, w, h, 0.1, 0, 0.9, 0.9).jpeg(),
  'crop 20 %': (image, w, h) => cut(image, w, h, 0, 0.1, 0.8, 0.9).jpeg(),
  brighter: (image) => image.modulate({ brightness: 1.25 }).jpeg(),
  darker: (image) => image.modulate({ brightness: 0.75 }).jpeg(),
  contrast: (image) => image.linear(1.3, -38).jpeg(),
  grey: (image) => image.greyscale().jpeg(),
  vivid: (image) => image.modulate({ saturation: 1.5 }).jpeg(),
  warm: (image) =>
    image
      .recomb([
        [1.1, 0, 0],
        [0, 1, 0],
        [0, 0, 0.88],
      ])
      .jpeg(),
  blur: (image) => image.blur(2).jpeg(),
  border: (image) => image.extend({ top: 12, bottom: 12, left: 12, right: 12, background: '#fff' }).jpeg(),
  'turned 2°': (image) => image.rotate(2, { background: '#000' }).jpeg(),
}
/** Found by the dihedral hashes. */
export const TURNED: Readonly<Record<string, Edit>> = {
  mirrored: (image) => image.flop().jpeg(),
  'turned 90°': (image) => image.rotate(90).jpeg(),
}
/** Reworked so far that only an embedding can tell. */
export const REWORKED: Readonly<Record<string, Edit>> = {
  'half of it': (image, w, h) => cut(image, w, h, 0.2, 0.1, 0.7, 0.7).jpeg(),
  'mirrored crop': (image, w, h) => cut(image, w, h, 0.05, 0.05, 0.9, 0.9).flop().jpeg(),
  'turned 8°': (image) => image.rotate(8, { background: '#fff' }).jpeg(),
  'warm crop': (image, w, h) =>
    cut(image, w, h, 0.1, 0.05, 0.85, 0.85)
      .recomb([
        [1.12, 0, 0],
        [0, 1, 0],
        [0, 0, 0.8],
      ])
      .jpeg(),
}
/** The hand moved and the light changed: shots of one moment, with the picture itself as the first. */
export const SHOTS: Readonly<Record<string, Edit>> = {
  'shot 2': (image, w, h) => cut(image, w, h, 0.04, 0.01, 0.94, 0.94).modulate({ brightness: 1.05 }).jpeg(),
  'shot 3': (image, w, h) => cut(image, w, h, 0.01, 0.07, 0.91, 0.91).modulate({ brightness: 0.95 }).jpeg({ quality: 70 }),
}

export const listPictures = (...parts: string[]): string[] =>
  readdirSync(dataPath(...parts), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(jpe?g|png|webp)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()

/** The pictures after each edit, encoded and decoded again, from 720 px. */
export async function* makeCopies(file: string, edits: Readonly<Record<string, Edit>>): AsyncGenerator<{ edit: string; picture: Picture }> {
  const { data, width, height } = await (await openPicture(file)).fit(720)
  for (const [edit, apply] of Object.entries(edits)) {
    const bytes = await apply(sharp(data, { raw: { width, height, channels: 3 } }), width, height).toBuffer()
    const { data: pixels, info } = await sharp(bytes).toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true })
    yield { edit, picture: makePicture({ data: pixels, width: info.width, height: info.height, channels: 3 }, info.width, info.height) }
  }
}
