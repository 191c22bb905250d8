/** @file From pixels to lines of text: detect, straighten, turn, recognise, order. Runs in the model's thread. */
import type { Point } from '../../../domain/geometry.ts'
import type { Pixels } from '../../../media/picture.ts'
import type { ReadLine, ReadText } from '../../capability.ts'
import { type Crop, cutCrop } from './crop.ts'
import { findInTiles } from './find-in-tiles.ts'
import { findRegions } from './find-regions.ts'
import type { Networks } from './networks.ts'
import { isHan, readTimeline, type TimelineText } from './read-timeline.ts'
import { sortByReading } from './reading-order.ts'
import { cutAlong, listCorners, type Rectangle, turnReading } from './rectangle.ts'
import type { Tuning } from './tuning.ts'

const HEIGHT = 48
const FULL_TURN = 2 * Math.PI

interface Line {
  readonly rectangle: Rectangle
  readonly read: TimelineText
  /** time steps over the whole width */
  readonly steps: number
}

/** Recognition never ran. */
const NOTHING: ReadText = { text: '', lines: [], language: null, rotation: null, gated: true }

export interface Reader {
  readonly networks: Networks
  readonly alphabet: readonly string[]
  readonly tuning: Tuning
}

/** @param small the picture for the detector, null for a long page; @param base the sharpest pixels there are, for the crops */
export async function readPage(reader: Reader, small: Pixels | null, base: Pixels): Promise<ReadText> {
  const { networks, tuning } = reader
  const seen = small ? findRegions(await networks.detect(small), tuning) : await findInTiles(networks, base, tuning)
  const scaleX = small ? base.width / small.width : 1
  const scaleY = small ? base.height / small.height : 1
  const found = seen
    .toSorted((a, b) => b.score - a.score)
    .slice(0, tuning.maxRegions)
    .map((region) => scaleRectangle(region.rectangle, scaleX, scaleY))
  if (found.length === 0) return NOTHING
  const upright = await turnUpright(reader, found.map(layAlong), base)
  const lines = (await recogniseAll(reader, upright, base)).filter((line) => isBelievable(line.read, tuning))
  return describeLines(lines, base)
}

function scaleRectangle(r: Rectangle, scaleX: number, scaleY: number): Rectangle {
  const scale = Math.sqrt(scaleX * scaleY)
  return { x: r.x * scaleX, y: r.y * scaleY, width: r.width * scale, height: r.height * scale, angle: r.angle }
}

/** Text runs along the long side. */
function layAlong(r: Rectangle): Rectangle {
  return r.height > 1.5 * r.width ? turnReading(r, 1) : r
}

/** Turns what stands on its head: single lines hardly tell, so the page votes by width and decides how sure a line must be. */
async function turnUpright({ networks, tuning }: Reader, rectangles: readonly Rectangle[], base: Pixels): Promise<Rectangle[]> {
  const flipped: number[] = []
  for (let i = 0; i < rectangles.length; i += 32) {
    const crops = rectangles.slice(i, i + 32).map((r) => {
      const width = Math.min(192, Math.max(16, Math.round((HEIGHT * r.width) / r.height)))
      return cutCrop(base, r, width, HEIGHT)
    })
    flipped.push(...(await networks.findFlipped(crops)))
  }
  let vote = 0
  for (const [i, r] of rectangles.entries()) vote += r.width * ((flipped[i] as number) - 0.5)
  const needed = vote > 0 ? tuning.flipWithPage : tuning.flipAgainstPage
  return rectangles.map((r, i) => ((flipped[i] as number) > needed ? turnReading(r, 2) : r))
}

async function recogniseAll(reader: Reader, rectangles: readonly Rectangle[], base: Pixels): Promise<Line[]> {
  const { networks, alphabet, tuning } = reader
  const widthOf = (r: Rectangle) => Math.min(1600, Math.max(16, Math.round((HEIGHT * r.width) / r.height)))
  const sorted = rectangles.toSorted((a, b) => widthOf(a) - widthOf(b))
  const lines: Line[] = []
  let batch: { rectangle: Rectangle; crop: Crop }[] = []
  const flush = async () => {
    if (batch.length === 0) return
    const widest = Math.max(...batch.map((b) => b.crop.width))
    const width = Math.ceil(widest / 8) * 8
    const timelines = await networks.recognise(
      batch.map((b) => b.crop),
      width,
    )
    for (const [i, { rectangle }] of batch.entries()) {
      const timeline = timelines[i]
      if (timeline) lines.push({ rectangle, read: readTimeline(timeline, alphabet, tuning), steps: timeline.steps })
    }
    batch = []
  }
  for (const rectangle of sorted) {
    const width = widthOf(rectangle) // the widest so far: every line of the batch is padded to it
    if (batch.length === tuning.batch || (batch.length + 1) * width > tuning.batchWidth) await flush()
    batch.push({ rectangle, crop: cutCrop(base, rectangle, width, HEIGHT) })
  }
  await flush()
  return lines
}

/** One or two characters are easily seen in leaves and fences; a longer line is evidence of itself. */
function isBelievable({ text, confidence }: TimelineText, tuning: Tuning): boolean {
  const [one, two, more] = tuning.confidence
  const characters = [...text].length
  return confidence >= (characters > 2 ? more : characters === 2 ? two : one)
}

function describeLines(lines: readonly Line[], base: Pixels): ReadText {
  const read = lines.filter((line) => line.read.text !== '')
  if (read.length === 0) return { text: '', lines: [], language: null, rotation: null, gated: false }
  const angle = findPageAngle(read)
  const ordered = sortByReading(read, (line) => line.rectangle, angle)
  const toPolygon = (r: Rectangle): Point[] => listCorners(r).map((p) => ({ x: within(p.x / base.width), y: within(p.y / base.height) }))
  const described: ReadLine[] = ordered.map(({ rectangle, read, steps }) => ({
    text: read.text,
    confidence: read.confidence,
    polygon: toPolygon(rectangle),
    words: read.words.map((word) => ({ text: word.text, polygon: toPolygon(cutAlong(rectangle, word.from / steps, word.to / steps)) })),
  }))
  const text = described.map((line) => line.text).join('\n')
  const quarters = Math.round(angle / (FULL_TURN / 4))
  return { text, lines: described, language: findLanguage(text), rotation: ((((4 - quarters) % 4) + 4) % 4) * 90, gated: false }
}

/** The direction that most text runs in, weighted by length. */
function findPageAngle(lines: readonly Line[]): number {
  let x = 0
  let y = 0
  const byQuarter = [0, 0, 0, 0]
  const quarterOf = (r: Rectangle) => ((Math.round(r.angle / (FULL_TURN / 4)) % 4) + 4) % 4
  for (const { rectangle: r } of lines) byQuarter[quarterOf(r)] = (byQuarter[quarterOf(r)] ?? 0) + r.width
  const main = byQuarter.indexOf(Math.max(...byQuarter))
  for (const { rectangle: r } of lines) {
    if (quarterOf(r) !== main) continue
    x += Math.cos(r.angle) * r.width
    y += Math.sin(r.angle) * r.width
  }
  return Math.atan2(y, x)
}

function findLanguage(text: string): 'latin' | 'chinese' | null {
  let han = 0
  let other = 0
  for (const character of text) {
    if (isHan(character)) han++
    else if (/\p{L}|\p{N}/u.test(character)) other++
  }
  if (han + other === 0) return null
  return han > other ? 'chinese' : 'latin'
}

function within(value: number): number {
  return Math.min(1, Math.max(0, value))
}
