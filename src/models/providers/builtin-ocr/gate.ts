/** @file The cheap pass: where might text be? Most photos end here. */
import type { Pixels } from '../../../media/picture.ts'
import { findRegions, type Region } from './find-regions.ts'
import type { Networks } from './networks.ts'
import type { Tuning } from './tuning.ts'

/** What a look at a small picture found. */
export interface Glimpse {
  readonly regions: readonly Region[]
  /** of the small picture, px */
  readonly width: number
  readonly height: number
}

/** The detector on a small picture: text too small for a box there still warms the map, so its threshold is lower. */
export async function glimpse(networks: Pick<Networks, 'detect'>, pixels: Pixels, tuning: Tuning): Promise<Glimpse> {
  const map = await networks.detect(pixels)
  return { regions: findRegions(map, { ...tuning.gate, unclip: tuning.unclip }), width: pixels.width, height: pixels.height }
}
