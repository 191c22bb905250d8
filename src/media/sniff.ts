/** @file Says what a file is by its content, never by its name: one of our formats, or a refusal in words for a person. */

import { type FileHandle, open } from 'node:fs/promises'
import { fileTypeFromFile } from 'file-type'
import { sniffTiff } from './sniff-tiff.ts'
import type { Sniffed } from './sniffed.ts'

const HEAD_BYTES = 4096

/** Brands of ISO base media files (bytes 8… of `ftyp`), which file-type 21 tells apart only by the first one. */
const AVIF_BRANDS = new Set(['avif', 'avis'])
const HEIF_BRANDS = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs', 'mif1', 'mif2', 'mif3', 'msf1'])

/** What a person calls the things that are most often mistaken for pictures; others are named by their media type. */
const NAMES: Readonly<Record<string, string>> = {
  'application/pdf': 'a PDF document',
  'application/zip': 'a ZIP archive',
  'application/x-7z-compressed': 'an archive',
  'application/gzip': 'an archive',
  'application/x-rar-compressed': 'an archive',
  'application/x-elf': 'a program',
  'application/x-msdownload': 'a program',
  'application/xml': 'an XML text',
}
/** Pictures, but of kinds nothing here can decode. */
const PICTURES_WE_CANNOT_READ: Readonly<Record<string, string>> = {
  'image/jxl': 'JPEG XL',
  'image/jp2': 'JPEG 2000',
  'image/jpx': 'JPEG 2000',
  'image/jpm': 'JPEG 2000',
  'image/j2c': 'JPEG 2000',
  'image/vnd.adobe.photoshop': 'Photoshop (PSD)',
  'image/x-icon': 'icon (ICO)',
  'image/icns': 'icon (ICNS)',
  'image/jls': 'JPEG-LS',
  'image/bpg': 'BPG',
  'image/flif': 'FLIF',
  'image/ktx': 'KTX texture',
  'image/vnd.ms-photo': 'JPEG XR',
  'image/x-xcf': 'GIMP (XCF)',
  'image/x-exr': 'OpenEXR',
}

/** @throws the file system’s own error when the file cannot be opened or read */
export async function sniffFormat(path: string): Promise<Sniffed> {
  const handle = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(HEAD_BYTES), position: 0 })
    const head = buffer.subarray(0, bytesRead)
    if (head.length === 0) return { refused: 'the file is empty' }
    return (await sniffHead(head, handle)) ?? { refused: `this is not a picture: ${await nameOther(path, head)}` }
  } finally {
    await handle.close()
  }
}

async function sniffHead(head: Buffer, handle: FileHandle): Promise<Sniffed | undefined> {
  const text = head.toString('latin1', 0, 64)
  if (text.startsWith('\xff\xd8\xff')) return { format: 'jpeg' }
  if (text.startsWith('\xff\xd8')) return { refused: 'this is not a readable picture: it begins like a JPEG, but its header is damaged' }
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return { format: 'png' }
  if (/^GIF8[79]a/.test(text)) return { format: 'gif' }
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return { format: 'webp' }
  if (text.startsWith('FUJIFILMCCD-RAW')) return { format: 'raf' }
  if (/^(IIRO|IIRS|MMOR)/.test(text)) return { format: 'orf' }
  if (text.startsWith('IIU\0')) return { format: 'rw2' }
  if (/^(II[*+]\0|MM\0[*+])/.test(text)) return sniffTiff(head, handle)
  if (text.startsWith('BM') && isBitmapHeader(head)) return { format: 'bmp' }
  if (text.slice(4, 8) === 'ftyp') return sniffBrands(head)
  if (/^P[1-7][\s#]/.test(text)) return { refused: 'pictures of the kind Netpbm (PBM, PGM, PPM) cannot be read; save it as PNG' }
  return undefined
}

/** `BM` alone also begins texts: the size of the information header must be one that exists. */
function isBitmapHeader(head: Buffer): boolean {
  return head.length >= 26 && [12, 16, 40, 52, 56, 64, 108, 124].includes(head.readUInt32LE(14))
}

function sniffBrands(head: Buffer): Sniffed | undefined {
  const end = Math.min(head.readUInt32BE(0), head.length)
  const brands: string[] = []
  for (let at = 8; at + 4 <= end; at += at === 8 ? 8 : 4) brands.push(head.toString('latin1', at, at + 4))
  if (brands.includes('crx ')) return { format: 'cr3' }
  if (brands.some((brand) => AVIF_BRANDS.has(brand))) return { format: 'avif' }
  // JPEG 2000, VVC and AVC inside HEIF pass here too; the decoder says that it does not know them
  if (brands.some((brand) => HEIF_BRANDS.has(brand))) return { format: 'heic' }
  return undefined
}

async function nameOther(path: string, head: Buffer): Promise<string> {
  const found = (await fileTypeFromFile(path).catch(() => undefined))?.mime
  const mime = found === 'image/bmp' ? undefined : found // it takes any text that begins with BM for one
  const markup = nameMarkup(head)
  if (markup) return `it looks like ${markup}`
  if (mime) {
    const kind = PICTURES_WE_CANNOT_READ[mime] ?? (mime.startsWith('image/') ? mime : undefined)
    if (kind) return `${kind} files cannot be read here`
    if (mime.startsWith('video/')) return 'it looks like a video'
    if (mime.startsWith('audio/')) return 'it looks like a sound recording'
    return `it looks like ${NAMES[mime] ?? mime}`
  }
  if (isText(head)) return 'it looks like text'
  return 'its content is of no known picture format'
}

function nameMarkup(head: Buffer): string | undefined {
  const start = head
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
    .toLowerCase()
  if (!start.startsWith('<')) return undefined
  if (/<svg[\s>]/.test(start)) return 'an SVG drawing, which may carry scripts and is not taken'
  if (/^<(!doctype\s+html|html|head|body|script|!--)/.test(start) || start.includes('<html')) return 'HTML'
  if (start.startsWith('<?xml')) return 'an XML text'
  return undefined
}

function isText(head: Buffer): boolean {
  if (head.includes(0)) return false
  const decoded = new TextDecoder('utf-8').decode(head)
  // a character may be cut at the end of the head, so one broken sign in a hundred is let pass
  return (decoded.match(/\p{Cc}|\ufffd/gu) ?? []).filter((sign) => !/\s/.test(sign)).length <= decoded.length / 100
}
