/** @file The tags of a file as exiftool names them (`Group:Tag`), read with care: whatever a hostile file wrote comes out clean or not at all. */

export type TagBag = Readonly<Record<string, unknown>>

/** Characters a text may have here: longer ones are cut. */
const MAX_TEXT = 10_000
const MAX_RAW_BYTES = 16 * 1024
const MAX_RAW_TEXT = 400
/** Facts about the file on this disk or about the tool, not about the picture. */
const NOT_RAW = /^(SourceFile$|errors$|warnings$|ExifTool:|System:|File:|Composite:|ICC|JFIF:|IFD1:|QuickTime:|Meta:|PNG:Palette|MPF)/
/** What is kept first when not all fits. */
const RAW_FIRST = /^(IFD0|ExifIFD|GPS|IPTC|XMP-)/

/** Postgres takes neither NUL nor half a surrogate pair; control characters are of no use to anyone. */
export function cleanText(value: string): string {
  return value
    .slice(0, MAX_TEXT)
    .toWellFormed()
    .replace(/(?![\n\t])\p{Cc}|\ufffd/gu, '')
    .trim()
}

/** The first of these tags that holds a text (language alternatives: the default one). */
export function readText(tags: TagBag, ...names: string[]): string | null {
  for (const name of names) {
    const value = tags[name]
    const first = Array.isArray(value) ? value[0] : value
    if (typeof first !== 'string' && typeof first !== 'number') continue
    const text = cleanText(String(first))
    if (text !== '' && !text.startsWith('(Binary data')) return text
  }
  return null
}

/** The first of these tags that holds a number between the bounds. */
export function readNumber(tags: TagBag, { min, max }: { min: number; max: number }, ...names: string[]): number | null {
  for (const name of names) {
    const value = tags[name]
    const first = Array.isArray(value) ? value[0] : value
    if (typeof first !== 'number' && typeof first !== 'string') continue
    const number = typeof first === 'number' ? first : Number.parseFloat(first)
    if (Number.isFinite(number) && number >= min && number <= max) return number
  }
  return null
}

/** All texts of these tags, in order; each tag may hold one or a list. */
export function readTexts(tags: TagBag, ...names: string[]): string[] {
  return names
    .flatMap((name) => tags[name] ?? [])
    .flatMap((value) => (typeof value === 'string' || typeof value === 'number' ? cleanText(String(value)) : []))
    .filter((text) => text !== '')
}

/** The items of a list of structures, wherever exiftool or exifr put them. */
export function readStructs(value: unknown): TagBag[] {
  const list = Array.isArray(value) ? value : [value]
  return list.filter((item): item is TagBag => typeof item === 'object' && item !== null)
}

/** The tags worth keeping beside the facts: no binary, no thumbnails, no more than 16 KB. */
export function boundRawTags(tags: TagBag): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  let bytes = 2
  const names = Object.keys(tags).filter((name) => !NOT_RAW.test(name))
  const ordered = [...names.filter((name) => RAW_FIRST.test(name)), ...names.filter((name) => !RAW_FIRST.test(name))]
  for (const name of ordered) {
    const value = boundValue(tags[name], 0)
    if (value === undefined) continue
    const size = Buffer.byteLength(JSON.stringify({ [cleanText(name)]: value }))
    if (bytes + size > MAX_RAW_BYTES) continue
    bytes += size
    kept[cleanText(name)] = value
  }
  return kept
}

function boundValue(value: unknown, depth: number): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') {
    const text = cleanText(value)
    return text === '' || text.startsWith('(Binary data') || text.startsWith('base64:')
      ? undefined
      : text.slice(0, MAX_RAW_TEXT).toWellFormed()
  }
  if (depth > 4 || typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return undefined
  if (Array.isArray(value))
    return value
      .slice(0, 100)
      .map((item) => boundValue(item, depth + 1))
      .filter((item) => item !== undefined)
  const entries = Object.entries(value).slice(0, 100)
  return Object.fromEntries(
    entries.map(([name, item]) => [cleanText(name), boundValue(item, depth + 1)]).filter(([, item]) => item !== undefined),
  )
}
