/** @file What the step `look` takes from a picture: its vector in the built-in space, and the outline crops are told by. */
import { drawOutline } from '../../../domain/likeness/find-part.ts'
import { describeLook, LOOK_SIDE } from '../../../domain/likeness/look.ts'
import type { Picture } from '../../../media/picture.ts'

export interface Look {
  readonly vector: Float32Array
  /** as `drawOutline` gives it */
  readonly outline: Uint8Array
}

export async function lookAt(picture: Picture): Promise<Look> {
  const { data } = await picture.exact(LOOK_SIDE, LOOK_SIDE, 'squash')
  return { vector: describeLook(data), outline: drawOutline(data, LOOK_SIDE) }
}
