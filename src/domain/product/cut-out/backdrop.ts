/** @file The background as it lies around and behind the product, its shadows included, on a coarse grid: what edges are mixed with. */

/** Background colour at the middles of cells; read between them by `colourAt`. */
export interface Backdrop {
  readonly columns: number
  readonly rows: number
  /** [rows × columns × 3] sRGB 0–255 */
  readonly colours: Float32Array
}

const LONG_SIDE_CELLS = 160

/**
 * Mean colour of the background in each cell; where the product hides it, spread inwards from around.
 * @param rgb [height × width × 3] @param isBackground pixels that surely are
 */
export function makeBackdrop(rgb: Uint8Array, width: number, height: number, isBackground: Uint8Array): Backdrop {
  const cell = Math.max(1, Math.max(width, height) / LONG_SIDE_CELLS)
  const columns = Math.max(1, Math.round(width / cell))
  const rows = Math.max(1, Math.round(height / cell))
  const sums = new Float64Array(columns * rows * 4)
  for (let y = 0; y < height; y++) {
    const row = Math.min(rows - 1, Math.floor((y * rows) / height)) * columns
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      if (!isBackground[i]) continue
      const at = (row + Math.min(columns - 1, Math.floor((x * columns) / width))) * 4
      for (let channel = 0; channel < 3; channel++) sums[at + channel] = (sums[at + channel] as number) + (rgb[i * 3 + channel] as number)
      sums[at + 3] = (sums[at + 3] as number) + 1
    }
  }
  const colours = new Float32Array(columns * rows * 3)
  const known = new Uint8Array(columns * rows)
  for (let i = 0; i < known.length; i++) {
    const count = sums[i * 4 + 3] as number
    if (count === 0) continue
    known[i] = 1
    for (let channel = 0; channel < 3; channel++) colours[i * 3 + channel] = (sums[i * 4 + channel] as number) / count
  }
  spreadInwards(colours, known, columns, rows)
  return { columns, rows, colours }
}

/** Unknown cells become the mean of their known neighbours, ring after ring. */
function spreadInwards(colours: Float32Array, known: Uint8Array, columns: number, rows: number): void {
  if (!known.includes(1)) return void colours.fill(255)
  for (;;) {
    const ring: { at: number; colour: [number, number, number] }[] = []
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++) {
        const at = y * columns + x
        if (known[at]) continue
        const sum: [number, number, number] = [0, 0, 0]
        let count = 0
        for (let dy = -1; dy <= 1; dy++)
          for (let dx = -1; dx <= 1; dx++) {
            const near = at + dy * columns + dx
            if (y + dy < 0 || y + dy >= rows || x + dx < 0 || x + dx >= columns || !known[near]) continue
            count++
            for (const channel of [0, 1, 2] as const) sum[channel] += colours[near * 3 + channel] as number
          }
        if (count > 0) ring.push({ at, colour: [sum[0] / count, sum[1] / count, sum[2] / count] })
      }
    if (ring.length === 0) return
    for (const { at, colour } of ring) {
      known[at] = 1
      colours.set(colour, at * 3)
    }
  }
}

/** Colour at a place in fractions of the picture, bilinear; written into `out`. */
export function colourAt({ columns, rows, colours }: Backdrop, fx: number, fy: number, out: Float32Array): void {
  const x = Math.min(columns - 1, Math.max(0, fx * columns - 0.5))
  const y = Math.min(rows - 1, Math.max(0, fy * rows - 0.5))
  const left = Math.floor(x)
  const top = Math.floor(y)
  const right = Math.min(columns - 1, left + 1)
  const bottom = Math.min(rows - 1, top + 1)
  const wx = x - left
  const wy = y - top
  const a = (top * columns + left) * 3
  const b = (top * columns + right) * 3
  const c = (bottom * columns + left) * 3
  const d = (bottom * columns + right) * 3
  for (let channel = 0; channel < 3; channel++) {
    const upper = (colours[a + channel] as number) * (1 - wx) + (colours[b + channel] as number) * wx
    const lower = (colours[c + channel] as number) * (1 - wx) + (colours[d + channel] as number) * wx
    out[channel] = upper * (1 - wy) + lower * wy
  }
}
