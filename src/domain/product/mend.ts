/** @file Mends of pixels that make nothing up: a near-white background becomes white, a product gets the place in the frame that it should have. */

interface Frame {
  readonly width: number
  readonly height: number
  readonly channels: 3
  /** interleaved sRGB */
  readonly data: Uint8Array
}

/** Each channel at least this, and reached from the border: background. Between here and PURE_FROM it fades, so that no edge shows. */
const NEAR_FROM = 225
const PURE_FROM = 240
/** White highlights of the product that no path joins to the border stay as they are. Colour at all is no background. */
const MAX_CHROMA = 14

/** A copy whose border-connected near-white is 255, 255, 255. */
export function whitenBackground(frame: Frame): Frame {
  const { width, height } = frame
  const data = Uint8Array.from(frame.data)
  const seen = new Uint8Array(width * height)
  const waiting = new Int32Array(width * height)
  let count = 0
  const visit = (i: number) => {
    if (seen[i] === 1) return
    const at = i * 3
    const [red, green, blue] = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0]
    const least = Math.min(red, green, blue)
    if (least < NEAR_FROM || Math.max(red, green, blue) - least > MAX_CHROMA) return
    seen[i] = 1
    waiting[count++] = i
  }
  for (let x = 0; x < width; x++) {
    visit(x)
    visit((height - 1) * width + x)
  }
  for (let y = 0; y < height; y++) {
    visit(y * width)
    visit(y * width + width - 1)
  }
  for (let next = 0; next < count; next++) {
    const i = waiting[next] ?? 0
    const x = i % width
    if (x > 0) visit(i - 1)
    if (x < width - 1) visit(i + 1)
    if (i >= width) visit(i - width)
    if (i < width * (height - 1)) visit(i + width)
  }
  for (let next = 0; next < count; next++) {
    const at = (waiting[next] ?? 0) * 3
    for (let channel = 0; channel < 3; channel++) {
      const value = data[at + channel] ?? 0
      data[at + channel] =
        value >= PURE_FROM ? 255 : Math.min(255, Math.round(value + ((255 - PURE_FROM) * (value - NEAR_FROM)) / (PURE_FROM - NEAR_FROM)))
    }
  }
  return { ...frame, data }
}

/** What of the picture goes where on a square canvas, in pixels of the picture; outside the picture the canvas is white. */
export interface Placing {
  readonly side: number
  /** top left corner of the canvas in the picture; may lie outside it */
  readonly left: number
  readonly top: number
}

/** The product, by its frame, in the centre of a square of which its longer side takes `fill`. */
export function placeProduct(
  frame: { readonly width: number; readonly height: number },
  product: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  fill: number,
): Placing {
  const side = Math.max(1, Math.ceil(Math.max(product.width * frame.width, product.height * frame.height) / fill))
  return {
    side,
    left: Math.round((product.x + product.width / 2) * frame.width - side / 2),
    top: Math.round((product.y + product.height / 2) * frame.height - side / 2),
  }
}

/** The whole picture in the centre of a square. */
export function placeWhole({ width, height }: { readonly width: number; readonly height: number }): Placing {
  const side = Math.max(width, height)
  return { side, left: -Math.floor((side - width) / 2), top: -Math.floor((side - height) / 2) }
}

/** The canvas, white where the picture does not reach. */
export function cutSquare(frame: Frame, { side, left, top }: Placing): Frame {
  const data = new Uint8Array(side * side * 3).fill(255)
  for (let y = 0; y < side; y++) {
    const fromY = y + top
    if (fromY < 0 || fromY >= frame.height) continue
    const fromX = Math.max(0, left)
    const toX = Math.min(frame.width, left + side)
    if (toX <= fromX) continue
    data.set(frame.data.subarray((fromY * frame.width + fromX) * 3, (fromY * frame.width + toX) * 3), (y * side + fromX - left) * 3)
  }
  return { width: side, height: side, channels: 3, data }
}
