/** @file The built-in text reader with its real weights. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTextReader } from '../../src/models/providers/builtin-ocr/index.ts'
import { findWeightsFolder } from '../../src/models/providers/builtin-ocr/weights.ts'
import { RECEIPTS } from '../pictures/receipts.ts'
import { drawHan, drawPage } from '../support/drawn-text.ts'
import { openTestPicture, pictureOf } from '../support/picture.ts'
import { type DrawnName, drawnPath, photoPath } from '../support/pictures.ts'

const reader = createTextReader()
afterAll(() => reader[Symbol.asyncDispose]())

const NOTHING = { text: '', lines: [], script: null, rotation: null, gated: true }
const LINES = ['Harbour Street Bakery', 'fresh bread every day', 'open until half past six']
const drawTurned = (turn: number) => openTestPicture(drawPage({ lines: LINES, width: 900, height: 900, fontSize: 40, turn }))

describe('the built-in text reader on drawn pages', () => {
  it.each([0, 7, 90, 180, 270])('reads a page turned by %i degrees, lines in order', async (turn) => {
    const read = await reader.readText(await drawTurned(turn))
    expect(read.text).toBe(LINES.join('\n'))
    expect(read.script).toBe('latin')
    expect(read.rotation).toBe(turn === 7 ? 0 : (360 - turn) % 360)
  })

  it('says where each word is, corners in reading direction, in fractions of the picture', async () => {
    const lines = ['left', 'right'].map((word, i) => `<text x="${i === 0 ? 100 : 1200}" y="500">${word}</text>`).join('')
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="1000"><rect width="100%" height="100%" ' +
      `fill="#fff"/><g font-family="DejaVu Sans, Liberation Sans, sans-serif" font-size="80">${lines}</g></svg>`
    const read = await reader.readText(await openTestPicture(Buffer.from(svg)))
    const words = read.lines.flatMap((line) => line.words)
    expect(words.map((word) => word.text)).toEqual(['left', 'right'])
    const [startTop, endTop, endBottom, startBottom] = words[1]!.polygon
    expect(startTop!.x).toBeCloseTo(1200 / 1600, 1)
    expect(startTop!.x).toBeLessThan(endTop!.x)
    expect(startBottom!.y).toBeGreaterThan(startTop!.y)
    expect((startTop!.y + endBottom!.y) / 2).toBeCloseTo(0.475, 1)
  })

  it('splits a line into word boxes that follow each other', async () => {
    const read = await reader.readText(await drawTurned(0))
    expect(read.lines[0]!.words.map((word) => word.text)).toEqual(['Harbour', 'Street', 'Bakery'])
    const edges = read.lines[0]!.words.flatMap((word) => [word.polygon[0]!.x, word.polygon[1]!.x])
    expect(edges).toEqual(edges.toSorted((a, b) => a - b))
  })

  it('reads one column after the other where a page is set in columns', async () => {
    const left = ['the ferry leaves at noon', 'from the northern pier', 'when the tide is high', 'and the wind is fair', 'as it always did']
    const right = ['bring a coat and gloves', 'because the crossing', 'takes an hour or two', 'and the deck is cold', 'even in the summer']
    const column = (x: number, lines: string[]) => lines.map((line, i) => `<text x="${x}" y="${200 + i * 60}">${line}</text>`).join('')
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="700"><rect width="100%" height="100%" fill="#fff"/><g ' +
      `font-family="DejaVu Sans, Liberation Sans, sans-serif" font-size="30">${column(80, left)}${column(660, right)}</g></svg>`
    const read = await reader.readText(await openTestPicture(Buffer.from(svg)))
    expect(read.text).toBe([...left, ...right].join('\n'))
  })

  it.each(['tall', 'wide'])('reads a %s picture of many pages, each line once and in order', async (kind) => {
    const lines = Array.from({ length: 14 }, (_, i) => `message ${100 + i * 37}`)
    const [width, height] = kind === 'tall' ? [600, 3600] : [3600, 600]
    const at = (i: number) => (kind === 'tall' ? `x="40" y="${120 + i * 250}"` : `x="${40 + i * 250}" y="300"`)
    const texts = lines.map((line, i) => `<text ${at(i)}>${line}</text>`).join('')
    const svg =
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" ` +
      `fill="#fff"/><g font-family="DejaVu Sans, Liberation Sans, sans-serif" font-size="22">${texts}</g></svg>`
    const read = await reader.readText(await openTestPicture(Buffer.from(svg)))
    expect(read.text.split(/\s+/)).toEqual(lines.flatMap((line) => line.split(' ')))
  })

  it('reads light text on a dark screen', async () => {
    const lines = ['Settings', 'Network connection', 'Password and privacy']
    const page = drawPage({ lines, width: 1280, height: 720, fontSize: 22, ink: '#d0d4da', paper: '#1b1e24' })
    expect((await reader.readText(await openTestPicture(page))).text).toBe(lines.join('\n'))
  })
})

describe('the built-in text reader', () => {
  it('reads Chinese', async () => {
    const read = await reader.readText(await openTestPicture(drawHan('中山王田工日', 60)))
    expect(read.text).toBe('中山王田工日')
    expect(read.script).toBe('chinese')
  })

  it('finds nothing in a blank picture and never starts recognition', async () => {
    const blank = pictureOf({ width: 640, height: 480, channels: 3, data: new Uint8Array(640 * 480 * 3).fill(200) })
    expect(await reader.readText(blank)).toEqual(NOTHING)
  })

  it.each([
    [1, 1],
    [1, 5000],
    [5000, 9],
    [31, 33],
    [8, 8],
  ])('withstands a picture of %i × %i', async (width, height) => {
    const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7919) % 251)
    expect((await reader.readText(pictureOf({ width, height, channels: 3, data }))).text).toBe('')
  })

  it('reads nothing into noise', async () => {
    let state = 1
    const next = () => {
      state = (state * 48271) % 2147483647
      return state & 255
    }
    const data = Uint8Array.from({ length: 900 * 700 * 3 }, next)
    expect((await reader.readText(pictureOf({ width: 900, height: 700, channels: 3, data }))).text).toBe('')
  })

  it('stops waiting when told to, before and during the work', async () => {
    const picture = await openTestPicture(drawHan('中山王田工日', 60))
    await expect(reader.readText(picture, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
    const abort = new AbortController()
    const reading = reader.readText(picture, { signal: abort.signal })
    setImmediate(() => abort.abort(new Error('too late'))) // before its thread can have answered
    await expect(reading).rejects.toThrow('too late')
    expect((await reader.readText(picture)).text).toContain('中山')
  })
})

describe('damaged weights', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ocr-weights-'))
    await cp(findWeightsFolder(), folder, { recursive: true })
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('are named in the error, and mended weights work without a restart', async () => {
    const file = join(folder, 'ch_PP-OCRv4_rec_infer.onnx')
    const whole = await readFile(file)
    await writeFile(file, whole.subarray(0, 1_000_000))
    await using damaged = createTextReader({ folder })
    const picture = await openTestPicture(drawHan('中山王田工日', 60))
    await expect(damaged.readText(picture)).rejects.toMatchObject({
      code: 'checksum_mismatch',
      message: expect.stringContaining('ch_PP-OCRv4_rec_infer.onnx'),
    })
    await rm(file)
    await expect(damaged.readText(picture)).rejects.toMatchObject({ code: 'model_missing' })
    await writeFile(file, whole)
    expect((await damaged.readText(picture)).text).toContain('中山')
  })
})

describe('the built-in text reader on photos', () => {
  const withoutSpaces = (text: string) => text.replace(/\s/g, '')

  it.each(RECEIPTS)('finds the words of a receipt: $name', async ({ name, lines }) => {
    const read = await reader.readText(await openTestPicture(drawnPath(name as DrawnName)))
    const text = withoutSpaces(read.text)
    // dashes may be read as one stroke
    const words = lines.filter((line) => /\w/.test(line)).flatMap((line) => line.split(/ {2,}/))
    expect(words.filter((word) => !text.includes(withoutSpaces(word)))).toEqual([])
    expect(read).toMatchObject({ rotation: 0, gated: false })
  })

  it.each(['stream', 'kite', 'boats'] as const)('says nothing about a photo without text: %s', async (photo) => {
    expect(await reader.readText(await openTestPicture(photoPath(photo)))).toMatchObject({ text: '', lines: [] })
  })
})
