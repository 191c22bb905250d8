/** @file Draws products with known outlines on known backgrounds: a hoop, a pendant on a chain, a pearl; with noise, light that falls off, a shadow. */

export interface DrawnProduct {
  readonly width: number
  readonly height: number
  /** [height × width × 3] */
  readonly data: Uint8Array
  /** [height × width] 0–255, what a perfect cut-out gives */
  readonly alpha: Uint8Array
}

export type Backdrop = 'white' | 'grey falling off' | 'coloured' | 'white with shadow'
export type Shape = 'hoop' | 'pendant' | 'pearl'
export const BACKDROPS: readonly Backdrop[] = ['white', 'grey falling off', 'coloured', 'white with shadow']
export const SHAPES: readonly Shape[] = ['hoop', 'pendant', 'pearl']

/** How much of a shape lies at a point; x, y in −1…1 of the shorter side. */
const INSIDE: Record<Shape, (x: number, y: number) => boolean> = {
  hoop: (x, y) => {
    const r = Math.sqrt(x * x + y * y)
    return r < 0.7 && r > 0.55
  },
  pendant: (x, y) => {
    const chain = Math.abs(Math.sqrt(x * x + (y + 0.35) ** 2) - 0.45) < 0.012 && y < -0.02
    return chain || (Math.abs(x) + Math.abs(y - 0.35) < 0.3 && Math.sqrt(x * x + (y - 0.35) ** 2) > 0.1)
  },
  pearl: (x, y) => Math.sqrt(x * x + (y - 0.1) ** 2) < 0.5 || (Math.abs(x) < 0.06 && y < -0.3 && y > -0.7),
}
const COLOUR: Record<Shape, (x: number, y: number) => readonly [number, number, number]> = {
  // metal: bright and dark bands
  hoop: (x, y) => shade([214, 168, 70], 0.75 + 0.3 * Math.sin(9 * Math.atan2(y, x))),
  pendant: (x, y) => shade([150, 152, 160], 0.8 + 0.35 * Math.sin(14 * (x + y))),
  pearl: (x, y) => shade([226, 218, 206], 0.8 + 0.2 * Math.exp(-8 * ((x + 0.15) ** 2 + (y + 0.05) ** 2)) - 0.25 * Math.hypot(x, y) ** 2),
}
const shade = ([r, g, b]: readonly [number, number, number], by: number): readonly [number, number, number] => [
  Math.min(255, r * by),
  Math.min(255, g * by),
  Math.min(255, b * by),
]

/** @param side of the square picture, pixels @param noise standard deviation of the camera’s noise, 0–255 */
export function drawProduct(shape: Shape, backdrop: Backdrop, side: number, noise = 1.5): DrawnProduct {
  const data = new Uint8Array(side * side * 3)
  const alpha = new Uint8Array(side * side)
  let seed = 12345
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return seed / 2 ** 32 - 0.5
  }
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      let covered = 0
      for (let sub = 0; sub < 16; sub++) {
        const x = ((column + ((sub % 4) + 0.5) / 4) / side) * 2 - 1
        const y = ((row + (Math.floor(sub / 4) + 0.5) / 4) / side) * 2 - 1
        if (INSIDE[shape](x, y)) covered++
      }
      const x = ((column + 0.5) / side) * 2 - 1
      const y = ((row + 0.5) / side) * 2 - 1
      const share = covered / 16
      const front = COLOUR[shape](x, y)
      const back = backdropAt(backdrop, x, y)
      const i = row * side + column
      alpha[i] = Math.round(share * 255)
      for (let c = 0; c < 3; c++) {
        const grain = noise * 3.46 * random()
        data[i * 3 + c] = Math.max(0, Math.min(255, Math.round((front[c] ?? 0) * share + (back[c] ?? 0) * (1 - share) + grain)))
      }
    }
  return { width: side, height: side, data, alpha }
}

function backdropAt(backdrop: Backdrop, x: number, y: number): readonly [number, number, number] {
  switch (backdrop) {
    case 'white':
      return [253, 253, 253]
    case 'grey falling off':
      return shade([205, 207, 212], 1 - 0.12 * (x * x + y * y) + 0.05 * y)
    case 'coloured':
      return shade([70, 120, 170], 1 + 0.08 * x)
    case 'white with shadow': {
      const depth = 0.22 * Math.exp(-(((x - 0.05) / 0.6) ** 2) - ((y - 0.72) / 0.12) ** 2)
      return shade([251, 251, 251], 1 - depth)
    }
  }
}
