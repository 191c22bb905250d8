/**
 * @file Draws the pictures of `drawn/`: receipts, pages of text, products on plain and busy grounds, and scenes. They are committed; run this after
 * a change: `FONTCONFIG_FILE=test/support/fonts.conf node test/pictures/draw.ts`.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { type Backdrop, drawProduct, type Shape } from '../support/drawn-product.ts'
import { RECEIPTS, type Receipt } from './receipts.ts'

const HERE = import.meta.dirname
const TO = join(HERE, 'drawn')
const JPEG = { quality: 82, mozjpeg: true } as const

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const svg = (width: number, height: number, body: string) =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${body}</svg>`)

/** A till receipt: monospaced, on slightly grey paper, photographed a little askew on a table. */
async function drawReceipt({ name, lines, turn, table }: Receipt): Promise<void> {
  const [width, height] = [760, 130 + lines.length * 38]
  const text = lines
    .map((line, at) => `<text x="${line.startsWith(' ') ? 60 : 50}" y="${70 + at * 38}" xml:space="preserve">${escapeXml(line)}</text>`)
    .join('')
  const paper = svg(
    width,
    height,
    `<rect width="100%" height="100%" fill="#f4f2ec"/><g font-family="DejaVu Sans Mono" font-size="25" fill="#26262a">${text}</g>`,
  )
  const turned = await sharp(paper).rotate(turn, { background: table }).flatten({ background: table }).toBuffer()
  await sharp(turned)
    .extend({ top: 40, bottom: 40, left: 50, right: 50, background: table })
    .blur(0.6)
    .grayscale(false)
    .jpeg(JPEG)
    .toFile(join(TO, `${name}.jpg`))
}

async function drawTextPage(name: string, title: string, lines: readonly string[]): Promise<void> {
  const body = lines.map((line, at) => `<text x="90" y="${250 + at * 44}" font-size="26">${escapeXml(line)}</text>`).join('')
  const page = svg(
    900,
    1200,
    `<rect width="100%" height="100%" fill="#fdfdfb"/><g font-family="DejaVu Serif" fill="#1b1b1f"><text x="90" y="150" font-size="46">${escapeXml(title)}</text>${body}</g>`,
  )
  await sharp(page)
    .jpeg(JPEG)
    .toFile(join(TO, `${name}.jpg`))
}

async function drawPlainProduct(name: string, shape: Shape, backdrop: Backdrop, side: number): Promise<void> {
  const { width, height, data } = drawProduct(shape, backdrop, side)
  await sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toFile(join(TO, `${name}.jpg`))
}

/** The same product laid on a photo. */
async function drawBusyProduct(name: string, shape: Shape, photo: string, side: number): Promise<void> {
  const { width, height, data, alpha } = drawProduct(shape, 'white', side)
  const product = await sharp(data, { raw: { width, height, channels: 3 } })
    .joinChannel(Buffer.from(alpha), { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer()
  await sharp(join(HERE, 'photos', `${photo}.jpg`))
    .resize(side, side, { fit: 'cover' })
    .composite([{ input: product }])
    .jpeg(JPEG)
    .toFile(join(TO, `${name}.jpg`))
}

const SCENES = {
  'scene-beach': `<linearGradient id="sky" x2="0" y2="1"><stop stop-color="#6fb4ea"/><stop offset="1" stop-color="#d8eefb"/></linearGradient>
    <rect width="900" height="600" fill="url(#sky)"/><rect y="300" width="900" height="140" fill="#1f7fa8"/><rect y="440" width="900" height="160" fill="#ecd9a6"/>
    <circle cx="720" cy="110" r="55" fill="#ffd84a"/><path d="M120 470 L300 470 L210 330 Z" fill="#d9433c"/><rect x="206" y="330" width="8" height="220" fill="#7a5a35"/>`,
  'scene-night': `<rect width="900" height="600" fill="#0a1130"/><circle cx="160" cy="110" r="48" fill="#f2efdc"/>${Array.from(
    { length: 9 },
    (_, at) =>
      `<rect x="${at * 100 + 8}" y="${240 + ((at * 53) % 140)}" width="84" height="400" ` +
      `fill="#1a2146"/>${Array.from({ length: 10 }, (_x, window) => `<rect x="${at * 100 + 20 + (window % 2) * 36}" y="${270 + ((at * 53) % 140) + Math.floor(window / 2) * 50}" width="20" height="26" fill="${(at + window) % 3 === 0 ? '#27305e' : '#ffcf66'}"/>`).join('')}`,
  ).join('')}`,
  'scene-meadow': `<rect width="900" height="600" fill="#a9d8f5"/><ellipse cx="250" cy="560" rx="600" ry="240" fill="#4d9a3c"/><ellipse cx="760" cy="600" rx="500" ry="220" fill="#3c8530"/>
    ${Array.from({ length: 24 }, (_, at) => `<circle cx="${30 + at * 37}" cy="${430 + ((at * 71) % 150)}" r="9" fill="${at % 2 ? '#f3d13b' : '#e8556d'}"/>`).join('')}`,
} as const

sharp.unblock({ operation: ['VipsForeignLoadSvg'] })
mkdirSync(TO, { recursive: true })
for (const receipt of RECEIPTS) await drawReceipt(receipt)
await drawTextPage('page-notice', 'Harbour Library', [
  'Opening hours from the first of April',
  'Monday to Thursday, nine until seven',
  'Friday and Saturday, ten until four',
  'Closed on Sundays and public holidays',
  'Please return borrowed umbrellas',
])
await drawTextPage('page-letter', 'Dear Aunt Rosalind,', [
  'thank you for the parcel with the woollen',
  'blanket and the quince marmalade. The train',
  'was late again, but the conductor lent us',
  'a chessboard, and Frederick won twice.',
  'We hope to see you at midsummer.',
])
for (const shape of ['hoop', 'pendant', 'pearl'] as const) {
  await drawPlainProduct(`product-${shape}`, shape, 'white', 800)
  await drawPlainProduct(`product-${shape}-grey`, shape, 'grey falling off', 640)
}
await drawPlainProduct('product-hoop-blue', 'hoop', 'coloured', 640)
await drawPlainProduct('product-pearl-shadow', 'pearl', 'white with shadow', 640)
await drawBusyProduct('product-pendant-busy', 'pendant', 'leaf', 800)
await drawBusyProduct('product-hoop-busy', 'hoop', 'dandelions', 800)
for (const [name, body] of Object.entries(SCENES))
  await sharp(svg(900, 600, body))
    .jpeg(JPEG)
    .toFile(join(TO, `${name}.jpg`))
