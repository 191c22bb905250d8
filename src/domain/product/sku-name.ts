/** @file A product and a slot from the name of a file, as sellers and marketplaces write it. */
import type { Slot } from '../../contract/product-words.ts'

/** Amazon’s variants, and what people write. */
const SLOT_WORDS: Readonly<Record<string, Slot>> = {
  main: 'main', hero: 'main', front: 'main', frnt: 'main',
  back: 'angle', side: 'angle', left: 'angle', rght: 'angle', right: 'angle', top: 'angle', topp: 'angle', bottom: 'angle', bott: 'angle', angle: 'angle', pair: 'angle',
  detail: 'detail', closeup: 'detail', zoom: 'detail', macro: 'detail', swch: 'detail',
  model: 'on-model', worn: 'on-model', wearing: 'on-model', hand: 'on-model',
  size: 'dimension', dimension: 'dimension', dimensions: 'dimension', fact: 'dimension',
  lifestyle: 'lifestyle', scene: 'lifestyle', ambient: 'lifestyle',
} // biome-ignore format: a table

export interface SkuName {
  readonly sku: string
  readonly slot: Slot | null
}

/**
 * `AB12_1.jpg`, `AB12-front.jpg`, `AB12.PT01.jpg`, `AB12.MAIN.jpg` → AB12. A number alone says which picture, 1 being the main one.
 * @returns null where the name ends with nothing of the kind: it would be a guess
 */
export function readSkuName(filename: string): SkuName | null {
  const stem = filename.replace(/\.[A-Za-z0-9]{2,5}$/, '')
  const match = /^(?<sku>.+?)[ ._-]+(?<end>[A-Za-z]+\d{0,2}|\d{1,2}|\(\d{1,2}\))$/.exec(stem)
  const sku = match?.groups?.sku?.trim()
  const end = match?.groups?.end?.toLowerCase() ?? ''
  if (!sku || sku.length > 80) return null
  const word = SLOT_WORDS[end.replace(/\d+$/, '')]
  if (word) return { sku, slot: word }
  if (/^pt\d\d$/.test(end)) return { sku, slot: 'angle' }
  const number = /^\(?(\d{1,2})\)?$/.exec(end)?.[1]
  if (number === undefined) return null
  return { sku, slot: Number(number) <= 1 ? 'main' : 'angle' }
}
