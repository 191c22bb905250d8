/** @file A picture that needs no file, to try models with: colour ramps of any size, so a network that ignores its input shows by its zeros. */
import type { Picture, Pixels } from '../../media/picture.ts'

const SIDE = 256

export const TEST_PICTURE: Picture = {
  width: SIDE,
  height: SIDE,
  base: drawRamps(SIDE, SIDE),
  fit: async (maxSide) => drawRamps(Math.min(SIDE, maxSide), Math.min(SIDE, maxSide)),
  exact: async (width, height) => drawRamps(width, height),
}

function drawRamps(width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data[at++] = (x * 255) / width
      data[at++] = (y * 255) / height
      data[at++] = ((x + y) * 127) % 256
    }
  }
  return { width, height, channels: 3, data }
}
