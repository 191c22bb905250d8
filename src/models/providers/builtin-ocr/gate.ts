/** @file The cheap pass: is there any text? Most photos end here. */
import type { Pixels } from '../../../media/picture.ts'
import { findRegions } from './find-regions.ts'
import type { Networks } from './networks.ts'
import type { Tuning } from './tuning.ts'

/** The detector on a small picture: text too small for a box there still warms the map, so its threshold is lower. */
export async function hasText(networks: Pick<Networks, 'detect'>, pixels: Pixels, tuning: Tuning): Promise<boolean> {
  const map = await networks.detect(pixels)
  return findRegions(map, { ...tuning.gate, unclip: tuning.unclip }).length > 0
}
