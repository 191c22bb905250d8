/** @file The project’s own pictures, there on every machine: where each lies (test/pictures/README.md says what it shows and its terms). */
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'

const FOLDER = resolve(import.meta.dirname, '../pictures')
const FACE_API = dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json'))

/** Free photos, 960 pixels at most. */
export type PhotoName =
  | 'astronaut'
  | 'autumn'
  | 'boats'
  | 'bridge'
  | 'brushes'
  | 'cat'
  | 'clock'
  | 'coffee'
  | 'cups'
  | 'dandelions'
  | 'dogs'
  | 'fig'
  | 'forest'
  | 'kite'
  | 'leaf'
  | 'mountains'
  | 'nuthatch'
  | 'pier'
  | 'rocket'
  | 'stream'
  | 'sunset'
  | 'wine'
/** Drawn by test/pictures/draw.ts; what the receipts say stands in test/pictures/receipts.ts. */
export type DrawnName =
  | `receipt-${'bakery' | 'bookshop' | 'garden' | 'hardware' | 'pharmacy' | 'toys'}`
  | `page-${'letter' | 'notice'}`
  | `product-${'hoop' | 'pendant' | 'pearl'}${'' | '-grey'}`
  | `product-${'hoop-blue' | 'pearl-shadow' | 'pendant-busy' | 'hoop-busy'}`
  | `scene-${'beach' | 'meadow' | 'night'}`

/** Absolute path of a photo. */
export const photoPath = (name: PhotoName): string => join(FOLDER, 'photos', `${name}.jpg`)
/** Absolute path of a drawn picture. */
export const drawnPath = (name: DrawnName): string => join(FOLDER, 'drawn', `${name}.jpg`)
/** Absolute path of a HEIC: a photo of 640 × 427, or quarters of 128 × 128 (nothing, red / half-transparent black, blue). */
export const heicPath = (name: 'coffee' | 'quarters'): string => join(FOLDER, 'heic', `${name}.heic`)
/** Absolute path of one of six photos of groups of three to five people, 1,920 pixels wide, that a package of the project brings. */
export const groupPath = (number: 1 | 2 | 3 | 4 | 5 | 6): string => join(FACE_API, 'demo', `sample${number}.jpg`)
/** Absolute path of either; a drawn picture is called `kind-name`. */
export const picturePath = (name: PhotoName | DrawnName): string => join(FOLDER, name.includes('-') ? 'drawn' : 'photos', `${name}.jpg`)
