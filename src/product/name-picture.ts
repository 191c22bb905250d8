/** @file What an uploaded picture is called: for people, and in its store. */
import { randomBytes } from 'node:crypto'
import type { PhotoFormat } from '../contract/words.ts'

const ENDING = /\.[A-Za-z0-9]{1,5}$/
const ENDINGS: Partial<Record<PhotoFormat, string>> = { jpeg: 'jpg', tiff: 'tif' }

/** `20261122_101112_3f9c_gold-ring.jpg`: when it came (UTC), so that names sort; four signs, so that two of a second differ. */
export function nameInStore(filename: string, format: PhotoFormat, now: Date): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '_').slice(0, 15)
  const stem = filename
    .replace(/\.[^.]{1,10}$/, '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80)
  return `${stamp}_${randomBytes(2).toString('hex')}${stem === '' ? '' : `_${stem}`}.${ENDINGS[format] ?? format}`
}

/** `gold_ring-02.JPG` → `gold ring 02.JPG`: nothing is added to what its file says, and its ending stays. */
export function displayName(filename: string): string {
  const ending = ENDING.exec(filename)?.[0] ?? ''
  const words = filename
    .slice(0, filename.length - ending.length)
    .replace(/[_\-.+]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return words === '' ? filename : `${words}${ending}`
}
