/** @file From pixels to lines of text: detect, straighten, turn, recognise, order. Runs in the model's thread. */
import type { Point } from '../../../domain/geometry.ts'
import type { Pixels } from '../../../media/picture.ts'
import type { ReadLine, ReadText } from '../../ports/capability.ts'
import { type Crop, cutCrop } from './crop.ts'
import { findInTiles } from './find-in-tiles.ts'
import { findRegions } from './find-regions.ts'
import type { Glimpse } from './gate.ts'
import type { Networks } from './networks.ts'
import { isHan, readTimeline, type Timeline, type TimelineText } from './read-timeline.ts'
import { sortByReading } from './reading-order.ts'
import { cutAlong, listCorners, type Rectangle, turnReading } from './rectangle.ts'
import { type Chances, countUnknown, type IsWord, keepChances, settleLine, shareKnown } from './settle-words.ts'
import type { Tuning } from './tuning.ts'

const HEIGHT = 48
const FULL_TURN = 2 * Math.PI

interface Line {
  readonly rectangle: Rectangle
  readonly read: TimelineText
  /** time steps over the whole width */
  readonly steps: number
  /** where a word of it may be settled */
  readonly chances: Chances | null
}

/** How much higher than its rectangle a line is cut out, and how far its letters are stretched along it. */
interface Cut {
  readonly height: number
  readonly stretch: number
}
const USUAL_CUT: Cut = { height: 1, stretch: 1 }
/** For doubtful lines, in turn. Receipts, words as search cuts them, recall: +.005 and +.004 alone, +.007 together; the line cut lower (.88) +.003. */
const OTHER_CUTS: readonly Cut[] = [
  { height: 1.15, stretch: 1 },
  { height: 1, stretch: 1.2 },
]

/** Recognition never ran. */
const NOTHING: ReadText = { text: '', lines: [], script: null, rotation: null, gated: true }

export interface Reader {
  readonly networks: Networks
  readonly alphabet: readonly string[]
  readonly tuning: Tuning
  readonly isWord: IsWord
}

/**
 * @param small the picture for the detector, null for a long page
 * @param base the sharpest pixels there are, for the crops
 * @param seenBefore what the cheap pass saw, if there was one
 */
export async function readPage(reader: Reader, small: Pixels | null, base: Pixels, seenBefore: Glimpse | null): Promise<ReadText> {
  const { networks, tuning } = reader
  if (seenBefore && !(await isWorthReading(reader, seenBefore, base))) return { ...NOTHING, gated: false }
  const seen = small ? findRegions(await networks.detect(small), tuning) : await findInTiles(networks, base, tuning)
  const scaleX = small ? base.width / small.width : 1
  const scaleY = small ? base.height / small.height : 1
  const found = seen
    .toSorted((a, b) => b.score - a.score)
    .slice(0, tuning.maxRegions)
    .map((region) => scaleRectangle(region.rectangle, scaleX, scaleY))
  if (found.length === 0) return NOTHING
  const upright = await turnUpright(reader, found.map(layAlong), base)
  const read = await recogniseAll(reader, upright, base, USUAL_CUT)
  const lines = (await settleLines(reader, read, base)).filter((line) => isBelievable(line.read, tuning))
  return describeLines(lines, base)
}

/** A leaf or a fence that the cheap pass took for text reads as nothing; the whole pass costs ten times as much as to see that. */
async function isWorthReading(reader: Reader, { regions, width, height }: Glimpse, base: Pixels): Promise<boolean> {
  const { maxRegions, confidence, characters } = reader.tuning.glimpse
  if (regions.length > maxRegions) return true
  const found = regions.map(({ rectangle }) => layAlong(scaleRectangle(rectangle, base.width / width, base.height / height)))
  const lines = await recogniseAll(reader, await turnUpright(reader, found, base), base, USUAL_CUT)
  return lines.some(({ read }) => read.confidence >= confidence && [...read.text].length >= characters)
}

/** On a page in the dictionary's language: doubtful words settled by it, and lines that stay doubtful read again from other cuts. */
async function settleLines(reader: Reader, lines: readonly Line[], base: Pixels): Promise<Line[]> {
  const { alphabet, isWord, tuning } = reader
  const believed = lines.filter((line) => isBelievable(line.read, tuning)).map(({ read }) => read.text)
  if (shareKnown(believed, isWord) < tuning.settleShare) return [...lines]
  const settle = (line: Line): Line =>
    line.chances === null ? line : { ...line, chances: null, read: settleLine(line.read, line.chances, alphabet, isWord, tuning) }
  const isDoubtful = ({ read: { text, confidence } }: Line): boolean =>
    text !== '' && confidence < tuning.readAgain[countUnknown(text, isWord) > 0 ? 0 : 1]
  let settled = lines.map(settle)
  for (const cut of OTHER_CUTS) {
    const doubtful = settled.filter(isDoubtful)
    const others = await recogniseAll(
      reader,
      doubtful.map((line) => line.rectangle),
      base,
      cut,
    )
    const better = new Map(others.map((line) => [line.rectangle, settle(line)]))
    settled = settled.map((line) => {
      const other = better.get(line.rectangle)
      return other && isBetter(other.read, line.read, isWord) ? other : line
    })
  }
  return settled
}

/** A reading with fewer unknown words, or with as many and clearly surer, unless it lost or gained a good part of the line. */
function isBetter(other: TimelineText, read: TimelineText, isWord: IsWord): boolean {
  if (other.text === '' || Math.abs(other.text.length - read.text.length) > Math.max(2, 0.3 * read.text.length)) return false
  const fewer = countUnknown(read.text, isWord) - countUnknown(other.text, isWord)
  return fewer > 0 || (fewer === 0 && other.confidence > read.confidence + 0.02)
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

async function recogniseAll(reader: Reader, rectangles: readonly Rectangle[], base: Pixels, cut: Cut): Promise<Line[]> {
  const { networks, alphabet, isWord, tuning } = reader
  const widthOf = (r: Rectangle) => Math.min(1600, Math.max(16, Math.round((cut.stretch * HEIGHT * r.width) / (r.height * cut.height))))
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
      if (timeline) lines.push(toLine(rectangle, timeline))
    }
    batch = []
  }
  for (const rectangle of sorted) {
    const width = widthOf(rectangle) // the widest so far: every line of the batch is padded to it
    if (batch.length === tuning.batch || (batch.length + 1) * width > tuning.batchWidth) await flush()
    batch.push({ rectangle, crop: cutCrop(base, { ...rectangle, height: rectangle.height * cut.height }, width, HEIGHT) })
  }
  await flush()
  return lines

  function toLine(rectangle: Rectangle, timeline: Timeline): Line {
    const read = readTimeline(timeline, alphabet, tuning)
    return { rectangle, read, steps: timeline.steps, chances: countUnknown(read.text, isWord) > 0 ? keepChances(timeline) : null }
  }
}

/** One or two characters are easily seen in leaves and fences; a longer line is evidence of itself. */
function isBelievable({ text, confidence }: TimelineText, tuning: Tuning): boolean {
  const [one, two, more] = tuning.confidence
  const characters = [...text].length
  return confidence >= (characters > 2 ? more : characters === 2 ? two : one)
}

function describeLines(lines: readonly Line[], base: Pixels): ReadText {
  const read = lines.filter((line) => line.read.text !== '')
  if (read.length === 0) return { text: '', lines: [], script: null, rotation: null, gated: false }
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
  return { text, lines: described, script: findScript(text), rotation: ((((4 - quarters) % 4) + 4) % 4) * 90, gated: false }
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

function findScript(text: string): 'latin' | 'chinese' | null {
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
