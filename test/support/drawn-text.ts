/** @file Pages of text drawn for the text reader: typeset with the fonts that npm brings (fonts.conf), Chinese by hand-drawn strokes. */
import sharp from 'sharp'

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

export interface DrawnPage {
  readonly lines: readonly string[]
  readonly width: number
  readonly height: number
  readonly fontSize: number
  readonly ink?: string
  readonly paper?: string
  /** degrees clockwise around the middle */
  readonly turn?: number
  readonly left?: number
}

/** An SVG with one line of text under the other. */
export function drawPage({ lines, width, height, fontSize, ink = '#111', paper = '#fff', turn = 0, left }: DrawnPage): Buffer {
  const x = left ?? width * 0.2
  const top = height / 2 - ((lines.length - 1) * fontSize * 1.8) / 2
  const rows = lines.map((line, i) => `<text x="${x}" y="${top + i * fontSize * 1.8}">${escapeXml(line)}</text>`).join('')
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="${paper}"/>
    <g transform="rotate(${turn} ${width / 2} ${height / 2})" font-family="DejaVu Sans, Liberation Sans, sans-serif" font-size="${fontSize}" fill="${ink}">${rows}</g></svg>`)
}

/** Strokes on a 100 × 100 field, as SVG path data: enough for a line of Chinese on machines without a Chinese font. */
const HAN: Readonly<Record<string, string>> = {
  中: 'M18 28H82V62H18Z M50 6V96',
  山: 'M50 10V86 M18 40V86H82V40',
  田: 'M16 16H84V88H16Z M50 16V88 M16 52H84',
  日: 'M26 12H74V90H26Z M26 51H74',
  工: 'M18 20H82 M50 20V82 M10 82H90',
  王: 'M16 18H84 M22 50H78 M50 18V84 M10 84H90',
  十: 'M8 46H92 M50 8V94',
  三: 'M18 20H82 M24 50H76 M8 84H92',
  口: 'M22 22H78V82H22Z',
  土: 'M24 40H76 M50 12V84 M10 84H90',
}

export function drawHan(text: string, size: number): Buffer {
  const glyphs = [...text].map(
    (c, i) => `<path transform="translate(${size * (1 + i * 1.12)} ${size})scale(${size / 100})" d="${HAN[c]}"/>`,
  )
  const width = Math.ceil(size * (text.length * 1.12 + 2))
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${size * 3}"><rect width="100%" height="100%" fill="#fff"/>
    <g fill="none" stroke="#111" stroke-width="8">${glyphs.join('')}</g></svg>`)
}

/** The library blocks SVG for the whole process; these drawings are our own. */
export function unblockSvg(): void {
  sharp.unblock({ operation: ['VipsForeignLoadSvg'] })
}
