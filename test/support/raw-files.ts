/**
 * @file Camera RAWs made by hand where no camera’s own files are at hand: the containers of CR3 (ISO media boxes) and ORF (a TIFF with a
 * maker note), built as cameras build them around a JPEG, without the sensor’s data.
 */

/** A value of a TIFF directory: numbers as LONG, text as ASCII, a rational, the place of a block of bytes, or a directory below. */
type Value =
  | { readonly short: number }
  | { readonly long: number }
  | { readonly text: string }
  | { readonly rationals: readonly (readonly [number, number])[] }
  | { readonly bytes: Buffer }
  /** where the block lies, in bytes from the origin */
  | { readonly placeOf: Buffer }
  | { readonly directory: Directory }
  /** a maker note: its header, then a directory whose places count from the start of the note */
  | { readonly note: { readonly header: Buffer; readonly directory: Directory } }
type Directory = Readonly<Record<number, Value>>

/** `directory` as it stands `at` bytes after the origin, with everything it points to. Little-endian, tags ascending (as integer keys are). */
function writeDirectory(directory: Directory, at: number): Buffer {
  const entries = Object.entries(directory).map(([tag, value]) => [Number(tag), value] as const)
  const table = Buffer.alloc(2 + entries.length * 12 + 4)
  table.writeUInt16LE(entries.length, 0)
  const blocks: Buffer[] = [table]
  let end = at + table.length
  const place = (block: Buffer): number => {
    const padded = block.length % 2 ? Buffer.concat([block, Buffer.alloc(1)]) : block
    blocks.push(padded)
    end += padded.length
    return end - padded.length
  }
  for (const [index, [tag, value]] of entries.entries()) {
    const [type, count, content] = encode(value, place, () => end)
    const to = 2 + index * 12
    table.writeUInt16LE(tag, to)
    table.writeUInt16LE(type, to + 2)
    table.writeUInt32LE(count, to + 4)
    if (typeof content === 'number') table.writeUInt32LE(content, to + 8)
    else if (content.length <= 4) content.copy(table, to + 8)
    else table.writeUInt32LE(place(content), to + 8)
  }
  return Buffer.concat(blocks)
}

function encode(
  value: Value,
  place: (block: Buffer) => number,
  next: () => number,
): readonly [type: number, count: number, content: number | Buffer] {
  if ('short' in value) return [3, 1, value.short]
  if ('long' in value) return [4, 1, value.long]
  if ('placeOf' in value) return [4, 1, place(value.placeOf)]
  if ('directory' in value) return [4, 1, place(writeDirectory(value.directory, next()))]
  if ('text' in value) return [2, value.text.length + 1, Buffer.from(`${value.text}\0`, 'latin1')]
  if ('bytes' in value) return [7, value.bytes.length, value.bytes]
  if ('rationals' in value) {
    const content = Buffer.alloc(value.rationals.length * 8)
    for (const [i, [over, under]] of value.rationals.entries()) {
      content.writeUInt32LE(over, i * 8)
      content.writeUInt32LE(under, i * 8 + 4)
    }
    return [5, value.rationals.length, content]
  }
  const { header, directory } = value.note
  const note = Buffer.concat([header, writeDirectory(directory, header.length)])
  return [7, note.length, note]
}

function writeTiff(directory: Directory, magic = 'II*\0'): Buffer {
  const head = Buffer.from(`${magic}\x08\0\0\0`, 'latin1')
  return Buffer.concat([head, writeDirectory(directory, 8)])
}

const TAKEN = '2021:07:03 14:05:06'

const exif: Directory = {
  33434: { rationals: [[1, 250]] }, // exposure time
  33437: { rationals: [[56, 10]] }, // f-number
  34855: { short: 400 }, // ISO
  36867: { text: TAKEN },
  36881: { text: '+02:00' }, // offset of the time taken
  37386: { rationals: [[50, 1]] }, // focal length
  42036: { text: 'Test lens 50mm' },
}
const gps: Directory = {
  1: { text: 'N' },
  2: { rationals: [[48, 1], [51, 1], [30, 1]] },
  3: { text: 'E' },
  4: { rationals: [[2, 1], [17, 1], [40, 1]] },
} // biome-ignore format: pairs of numbers

const camera = (make: string, model: string, orientation: number): Directory => ({
  271: { text: make },
  272: { text: model },
  274: { short: orientation },
})

export interface RawJpegs {
  readonly thumbnail: Buffer
  readonly preview: Buffer
  /** as large as the sensor; not in every camera’s files */
  readonly full?: Buffer | undefined
}

/** Olympus ORF: a TIFF by another name; the preview in the camera settings of the maker note, places counted from the note. */
export function makeOrf({ preview }: RawJpegs, orientation: number, magic = 'IIRO'): Buffer {
  return writeTiff(
    {
      ...camera('OLYMPUS CORPORATION', 'E-M5', orientation),
      34665: {
        directory: {
          ...exif,
          37500: {
            note: {
              header: Buffer.from('OLYMPUS\0II\x03\0', 'latin1'),
              directory: { 8224: { directory: { 0: { bytes: Buffer.from('0100') }, 256: { long: 1 }, 257: { placeOf: preview }, 258: { long: preview.length } } } },
            },
          },
        },
      },
      34853: { directory: gps },
    },
    magic,
  )
} // biome-ignore format: one nest

const u16 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 2)
  for (const [i, value] of values.entries()) bytes.writeUInt16BE(value, i * 2)
  return bytes
}
const u32 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, i * 4)
  return bytes
}
function box(type: string, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content)
  return Buffer.concat([u32(body.length + 8), Buffer.from(type, 'latin1'), body])
}
const uuid = (id: string, ...content: Buffer[]): Buffer => box('uuid', Buffer.from(id, 'hex'), ...content)

/** The track whose one sample is the full-size JPEG at `place`. */
function makeJpegTrack(bytes: number, place: number): Buffer {
  const zeros = (length: number) => Buffer.alloc(length)
  const sample = box('CRAW', zeros(6), u16(1), zeros(16), u16(600, 400), u32(0x480000, 0x480000, 0), u16(1), zeros(32), u16(24, 3, 0, 0), box('JPEG', zeros(4)))
  return box(
    'trak',
    box('tkhd', u32(7, 0, 0, 1, 0, 1), zeros(52), u32(600 << 16, 400 << 16)),
    box(
      'mdia',
      box('mdhd', u32(0, 0, 0, 1, 1, 0)),
      box('hdlr', zeros(8), Buffer.from('vide'), zeros(13)),
      box(
        'minf',
        box('vmhd', zeros(12)),
        box(
          'stbl',
          box('stsd', u32(0, 1), sample),
          box('stts', u32(0, 1, 1, 1)),
          box('stsc', u32(0, 1, 1, 1, 1)),
          box('stsz', u32(0, bytes, 1)),
          box('co64', u32(0, 1, 0, place)),
        ),
      ),
    ),
  )
} // biome-ignore format: long lines of one box each

/** Canon CR3: ISO media with Canon’s own boxes for metadata (CMT1–4, each a TIFF), thumbnail and preview, and the full-size JPEG as a track. */
export function makeCr3({ thumbnail, preview, full }: RawJpegs, orientation: number): Buffer {
  const ftyp = box('ftyp', Buffer.from('crx '), u32(1), Buffer.from('crx isom'))
  const canon = uuid(
    '85c0b687820f11e08111f4ce462b6a48',
    box('CNCV', Buffer.from('CanonCR3_001/00.09.00/00.00.00')),
    box('CMT1', writeTiff(camera('Canon', 'Canon EOS R', orientation))),
    box('CMT2', writeTiff(exif)),
    box('CMT4', writeTiff(gps)),
    box('THMB', u32(0), u16(160, 120), u32(thumbnail.length), u16(1, 0), thumbnail),
  )
  const previewBox = uuid(
    'eaf42b5e1c984b88b9fbb7dc406e4d16',
    u32(0, 1),
    box('PRVW', u32(0), u16(1, 300, 200, 1), u32(preview.length), preview),
  )
  const moov = (place: number) =>
    box('moov', canon, box('mvhd', u32(0, 0, 0, 1, 0), Buffer.alloc(80)), ...(full ? [makeJpegTrack(full.length, place)] : []))
  const place = ftyp.length + moov(0).length + previewBox.length + 8
  return Buffer.concat([ftyp, moov(place), previewBox, box('mdat', full ?? Buffer.alloc(16))])
}
