/** @file Draws how high and how wide a product is beside it on white: lines from edge to edge to the pixel, arrows, text that fits. */
import type { Region } from '../../domain/product/cut-out/region.ts'
import type { Length } from '../../domain/product/length.ts'
import { type Canvas, drawText, layOver, type Rgba } from '../../media/canvas.ts'

export interface Dimensions {
  readonly height: Length | null
  readonly width: Length | null
}

/** A drawn line: both ends are the outermost pixels of the product, `at` is its middle across. */
export interface Mark {
  readonly from: number
  readonly to: number
  readonly at: number
  readonly text: string
  /** box of the text's ink */
  readonly label: Region
}
export interface Marks {
  readonly width: Mark | null
  readonly height: Mark | null
}

const INK = [51, 51, 51] as const
/** In shares of the canvas' side: room kept for marks, line to product, thickness, arrow, text. */
const LEFT_ROOM = 0.2
const BOTTOM_ROOM = 0.16
const OTHER_ROOM = 0.05
const GAP = 0.028
const STROKE = 0.002
const ARROW = 0.014
const TEXT = 0.034
const SMALLEST_TEXT = 0.014

/** Where the product may lie so that the asked marks have room; the product stays in the middle of it. */
export function areaBesideMarks(side: number, { height, width }: Dimensions): Region {
  const left = Math.round(side * (height ? LEFT_ROOM : OTHER_ROOM))
  const bottom = Math.round(side * (width ? BOTTOM_ROOM : OTHER_ROOM))
  const other = Math.round(side * OTHER_ROOM)
  return { left, top: other, width: side - left - other, height: side - bottom - other }
}

/** @param box of the product on the canvas */
export async function drawMarks(canvas: Canvas, box: Region, dimensions: Dimensions): Promise<Marks> {
  const side = Math.min(canvas.width, canvas.height)
  const stroke = Math.max(2, Math.round(side * STROKE))
  const gap = Math.round(side * GAP)
  const arrow = Math.round(side * ARROW)
  const right = box.left + box.width - 1
  const bottom = box.top + box.height - 1
  let width: Mark | null = null
  let height: Mark | null = null
  if (dimensions.width) {
    const at = bottom + gap
    fill(canvas, box.left, at - (stroke >> 1), box.width, stroke)
    // the rims stand on the outermost pixels, so that what is measured is what is marked
    fill(canvas, box.left, at - arrow, stroke, 2 * arrow)
    fill(canvas, right - stroke + 1, at - arrow, stroke, 2 * arrow)
    arrowHead(canvas, box.left, at, arrow, 1, 0)
    arrowHead(canvas, right, at, arrow, -1, 0)
    const text = await fitText(dimensions.width.text, side, canvas.width - 2 * gap, canvas.height - at - 2 * arrow)
    const middle = Math.round((box.left + right) / 2)
    const label = {
      left: clamp(middle - (text.width >> 1), gap, canvas.width - gap - text.width),
      top: at + arrow + (arrow >> 1),
      width: text.width,
      height: text.height,
    }
    layOver(canvas, text, label.left, label.top)
    width = { from: box.left, to: right, at, text: dimensions.width.text, label }
  }
  if (dimensions.height) {
    const at = box.left - gap
    fill(canvas, at - (stroke >> 1), box.top, stroke, box.height)
    fill(canvas, at - arrow, box.top, 2 * arrow, stroke)
    fill(canvas, at - arrow, bottom - stroke + 1, 2 * arrow, stroke)
    arrowHead(canvas, at, box.top, arrow, 0, 1)
    arrowHead(canvas, at, bottom, arrow, 0, -1)
    const room = at - arrow - gap
    let text = await fitText(dimensions.height.text, side, room, canvas.height)
    // long text reads along the line, as on a drawing
    if (text.height < side * TEXT * 0.5 && text.width > 0.9 * room)
      text = turn(await fitText(dimensions.height.text, side, canvas.height - 2 * gap, room))
    const middle = Math.round((box.top + bottom) / 2)
    const label = {
      left: at - arrow - (arrow >> 1) - text.width,
      top: clamp(middle - (text.height >> 1), gap, canvas.height - gap - text.height),
      width: text.width,
      height: text.height,
    }
    layOver(canvas, text, label.left, label.top)
    height = { from: box.top, to: bottom, at, text: dimensions.height.text, label }
  }
  return { width, height }
}

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value))

/** The largest text up to the usual size that fits. */
async function fitText(text: string, side: number, width: number, height: number): Promise<Rgba> {
  let pixels = Math.round(side * TEXT)
  for (;;) {
    const drawn = await drawText(text, pixels)
    if ((drawn.width <= width && drawn.height <= height) || pixels <= side * SMALLEST_TEXT) return drawn
    pixels = Math.max(Math.floor(side * SMALLEST_TEXT), Math.floor(pixels * 0.85))
  }
}

function fill(canvas: Canvas, left: number, top: number, width: number, height: number): void {
  for (let y = Math.max(0, top); y < Math.min(canvas.height, top + height); y++)
    for (let x = Math.max(0, left); x < Math.min(canvas.width, left + width); x++) canvas.data.set(INK, (y * canvas.width + x) * 3)
}

/** A filled triangle whose point is exactly at (x, y), opening along (dx, dy). */
function arrowHead(canvas: Canvas, x: number, y: number, length: number, dx: number, dy: number): void {
  for (let along = 0; along < length; along++) {
    const half = Math.round((along * 0.36 * 10) / 10)
    for (let across = -half; across <= half; across++) fill(canvas, x + dx * along + dy * across, y + dy * along + dx * across, 1, 1)
  }
}

/** A quarter turn against the clock. */
function turn({ width, height, data }: Rgba): Rgba {
  const out = new Uint8Array(data.length)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) out.set(data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4), ((width - 1 - x) * height + y) * 4)
  return { width: height, height: width, data: out }
}
