/**
 * @file Writes what a library says of a picture into an XMP sidecar or into a copy of the picture. What others wrote there stays:
 * lists are merged, and only what is decided to be empty, or what we wrote before, is taken away.
 */
import type { WriteTags } from 'exiftool-vendored'
import type { FaceRegion } from '../db/tables/library.ts'
import { storeBox } from '../domain/metadata/face-regions.ts'
import { readTags, writeTags } from './exiftool.ts'
import { readNumber, readStructs, readText, readTexts, type TagBag } from './tag-bag.ts'

/** A text or number: null takes it away, undefined leaves what stands there. */
type Value<T> = T | null | undefined

export interface MetadataToWrite {
  readonly title: Value<string>
  readonly caption: Value<string>
  readonly altText: Value<string>
  /** 0–5 */
  readonly rating: Value<number>
  readonly keywords: readonly string[]
  /** paths with `|` between the levels: `animals|dog` */
  readonly paths: readonly string[]
  /** words that must not be there, in lower case: a person’s no, and what we wrote before and say no more */
  readonly unwanted: readonly string[]
  /** boxes of the upright picture */
  readonly faces: readonly FaceRegion[]
  /** names of faces we wrote before */
  readonly formerNames: readonly string[]
  /** of the picture as it is stored: its EXIF orientation and its size in pixels, upright */
  readonly picture: { readonly orientation: number; readonly width: number; readonly height: number }
}

/** Where else programs look for the same fact; written too where a file has it already, so that no two places disagree. */
const OTHER_PLACES = {
  title: ['IPTC:ObjectName', 'IFD0:XPTitle'],
  caption: ['IPTC:Caption-Abstract', 'IFD0:ImageDescription', 'IFD0:XPComment', 'PNG:Description', 'ExifIFD:UserComment'],
  keywords: ['IPTC:Keywords'],
  paths: ['XMP-digiKam:TagsList', 'XMP-mediapro:CatalogSets'],
} as const

/**
 * @param path a picture (a copy!) or a `.xmp`, which need not exist yet
 * @throws FototecaError `unavailable` without perl, `unreadable_picture` when it takes too long; exiftool’s own error for a kind of file that cannot be written
 */
export async function writeMetadata(path: string, metadata: MetadataToWrite, exists: boolean): Promise<void> {
  const before: TagBag = exists ? await readTags(path, ['-G1', '-struct', '-Rating#', '-all']) : {}
  await writeTags(path, makeTags(before, metadata))
}

/** The tags to write over what a file has. */
export function makeTags(before: TagBag, metadata: MetadataToWrite): WriteTags {
  const { title, caption, altText, rating } = metadata
  const tags: Record<string, unknown> = {}
  const set = (value: Value<string | number>, name: string, others: readonly string[] = []) => {
    if (value === undefined) return
    tags[name] = value
    for (const other of others) if (before[other] !== undefined) tags[other] = value
  }
  set(title, 'XMP-dc:Title', OTHER_PLACES.title)
  set(caption, 'XMP-dc:Description', OTHER_PLACES.caption)
  set(altText, 'XMP-iptcCore:AltTextAccessibility')
  set(rating, 'XMP-xmp:Rating')
  if (rating !== undefined && before['IFD0:Rating'] !== undefined) tags['IFD0:Rating'] = rating

  const flat = merge(readTexts(before, 'XMP-dc:Subject', 'IPTC:Keywords'), metadata.keywords, metadata.unwanted)
  tags['XMP-dc:Subject'] = flat
  for (const other of OTHER_PLACES.keywords) if (before[other] !== undefined) tags[other] = flat
  const unwanted = new Set(metadata.unwanted)
  const isWanted = (path: string) =>
    !unwanted.has(path.toLowerCase()) && !path.split(/[|/]/).some((part) => unwanted.has(part.trim().toLowerCase()))
  const paths = readTexts(before, 'XMP-lr:HierarchicalSubject').filter(isWanted)
  tags['XMP-lr:HierarchicalSubject'] = merge(paths, metadata.paths, [])
  for (const other of OTHER_PLACES.paths) if (before[other] !== undefined) tags[other] = readTexts(before, other).filter(isWanted)

  const regions = makeRegions(before, metadata)
  if (regions) tags['XMP-mwg-rs:RegionInfo'] = regions
  return tags as WriteTags
}

/** What is there, in its own spelling, without what is unwanted; then what is new. */
function merge(there: readonly string[], ours: readonly string[], unwanted: readonly string[]): string[] {
  const known = new Map<string, string>()
  for (const word of there) if (!unwanted.includes(word.toLowerCase())) known.set(word.toLowerCase(), word)
  for (const word of ours) if (!known.has(word.toLowerCase())) known.set(word.toLowerCase(), word)
  return [...known.values()]
}

/** @returns undefined where nothing is to be said */
function makeRegions(before: TagBag, { faces, formerNames, picture }: MetadataToWrite): object | undefined {
  const [info] = readStructs(before['XMP-mwg-rs:RegionInfo'])
  const ours = new Set([...faces.map(({ name }) => name), ...formerNames])
  const there = readStructs(info?.RegionList)
  const kept = there.filter((region) => readText(region, 'Type') !== 'Face' || !ours.has(readText(region, 'Name') ?? ''))
  if (faces.length === 0 && kept.length === there.length) return undefined
  const { orientation, width, height } = picture
  const [applied] = readStructs(info?.AppliedToDimensions)
  const isTurned = orientation >= 5
  const size = (name: string, fallback: number) => (applied && readNumber(applied, { min: 1, max: 1e6 }, name)) ?? fallback
  return {
    AppliedToDimensions: { W: size('W', isTurned ? height : width), H: size('H', isTurned ? width : height), Unit: 'pixel' },
    RegionList: [
      ...kept,
      ...faces.map(({ name, box }) => {
        const stored = storeBox(box, orientation)
        const [X, Y] = [stored.x + stored.width / 2, stored.y + stored.height / 2]
        return { Name: name, Type: 'Face', Area: { X, Y, W: stored.width, H: stored.height, Unit: 'normalized' } }
      }),
    ],
  }
}
