/** @file Sums over windows, distances and connected parts on planes of numbers: what cutting out is made of. Rows from the top. */

/** Mean over a square window of 2r+1, cut at the edges. Runs in time independent of r. */
export function boxMean(plane: Float32Array, width: number, height: number, radius: number): Float32Array {
  const across = new Float32Array(plane.length)
  const out = new Float32Array(plane.length)
  for (let y = 0; y < height; y++) {
    const row = y * width
    let sum = 0
    for (let x = 0; x < Math.min(radius, width); x++) sum += plane[row + x] as number
    for (let x = 0; x < width; x++) {
      if (x + radius < width) sum += plane[row + x + radius] as number
      if (x - radius - 1 >= 0) sum -= plane[row + x - radius - 1] as number
      across[row + x] = sum / (Math.min(width - 1, x + radius) - Math.max(0, x - radius) + 1)
    }
  }
  // down the columns, a whole row at a time: the running sums stay in the cache
  const sums = new Float64Array(width)
  for (let y = 0; y < Math.min(radius, height); y++)
    for (let x = 0; x < width; x++) sums[x] = (sums[x] as number) + (across[y * width + x] as number)
  for (let y = 0; y < height; y++) {
    const enters = y + radius < height ? (y + radius) * width : -1
    const leaves = y - radius - 1 >= 0 ? (y - radius - 1) * width : -1
    const count = Math.min(height - 1, y + radius) - Math.max(0, y - radius) + 1
    for (let x = 0; x < width; x++) {
      let sum = sums[x] as number
      if (enters >= 0) sum += across[enters + x] as number
      if (leaves >= 0) sum -= across[leaves + x] as number
      sums[x] = sum
      out[y * width + x] = sum / count
    }
  }
  return out
}

/** Chessboard-and-diagonal (3–4 chamfer) distance in pixels to the nearest pixel of the mask; capped at `cap`. */
export function distanceTo(mask: Uint8Array, width: number, height: number, cap = 255): Float32Array {
  const out = new Float32Array(mask.length)
  const step = 1
  const diagonal = 4 / 3
  for (let i = 0; i < mask.length; i++) out[i] = mask[i] ? 0 : cap
  const relax = (at: number, from: number, cost: number) => {
    const through = (out[from] as number) + cost
    if (through < (out[at] as number)) out[at] = through
  }
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * width + x
      if (x > 0) relax(at, at - 1, step)
      if (y > 0) {
        relax(at, at - width, step)
        if (x > 0) relax(at, at - width - 1, diagonal)
        if (x < width - 1) relax(at, at - width + 1, diagonal)
      }
    }
  for (let y = height - 1; y >= 0; y--)
    for (let x = width - 1; x >= 0; x--) {
      const at = y * width + x
      if (x < width - 1) relax(at, at + 1, step)
      if (y < height - 1) {
        relax(at, at + width, step)
        if (x > 0) relax(at, at + width - 1, diagonal)
        if (x < width - 1) relax(at, at + width + 1, diagonal)
      }
    }
  return out
}

export interface Parts {
  /** [height × width]: 0 outside the mask, else the part's number from 1 */
  readonly labels: Int32Array
  /** pixels of each part; index 0 is unused */
  readonly areas: readonly number[]
}

/** Connected parts of a mask; neighbours share a side, or also a corner. */
export function findParts(mask: Uint8Array, width: number, height: number, corners: boolean): Parts {
  const labels = new Int32Array(mask.length)
  const areas = [0]
  const stack = new Int32Array(mask.length)
  for (let start = 0; start < mask.length; start++) {
    if (!mask[start] || labels[start]) continue
    const label = areas.length
    let area = 0
    let top = 0
    stack[top++] = start
    labels[start] = label
    while (top > 0) {
      const at = stack[--top] as number
      area++
      const x = at % width
      const fromX = x > 0 ? -1 : 0
      const toX = x < width - 1 ? 1 : 0
      for (let dy = at >= width ? -1 : 0; dy <= (at < width * (height - 1) ? 1 : 0); dy++)
        for (let dx = fromX; dx <= toX; dx++) {
          if (!corners && dx !== 0 && dy !== 0) continue
          const next = at + dy * width + dx
          if (mask[next] && !labels[next]) {
            labels[next] = label
            stack[top++] = next
          }
        }
    }
    areas.push(area)
  }
  return { labels, areas }
}
