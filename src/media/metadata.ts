/** @file What a file says about its picture: when, where, with what, how it is called and rated, who is on it. */
import tzlookup from '@photostructure/tz-lookup'
import type { PhotoFormat } from '../contract/words.ts'
import type { FaceRegion } from '../db/tables/library.ts'
import { placeMicrosoftRegion, placeMwgRegion } from '../domain/metadata/face-regions.ts'
import { findOffset, makeTakenTime, parseOffset, parseWallClock, readAsUtc, type TakenTime } from '../domain/metadata/taken-time.ts'
import { CITY_SOURCE, findCity } from '../places/find-city.ts'
import { readAllTags } from './read-tags.ts'
import { boundRawTags, cleanText, readNumber, readStructs, readText, readTexts, type TagBag } from './tag-bag.ts'

interface Position {
  readonly latitude: number
  readonly longitude: number
}

/** What persons and programs say of a picture in words and stars. */
export interface Sayings {
  readonly title: string | null
  readonly description: string | null
  /** IPTC’s alternative text, for those who do not see the picture */
  readonly altText: string | null
  /** 0–5 */
  readonly rating: number | null
  /** as written: `Marie Curie`, and paths of hierarchies as `People/Marie Curie` */
  readonly keywords: string[]
  readonly faceRegions: FaceRegion[]
}

export interface PhotoMetadata extends Sayings {
  readonly taken: TakenTime | null
  readonly cameraMake: string | null
  readonly cameraModel: string | null
  readonly lens: string | null
  readonly iso: number | null
  readonly aperture: number | null
  readonly exposureS: number | null
  readonly focalMm: number | null
  readonly position: Position | null
  readonly altitudeM: number | null
  /** English name */
  readonly country: string | null
  /** as GeoNames calls it; null: the position lies in none */
  readonly city: string | null
  /** what was asked for the city; null without a position */
  readonly citySource: string | null
  /** EXIF 1–8 */
  readonly orientation: number | null
  readonly colourProfile: string | null
  readonly software: string | null
  /** at most 16 KB of JSON */
  readonly raw: Record<string, unknown>
}

/** What cameras write into the description when nobody has written anything. */
const CAMERA_CHATTER =
  /^(OLYMPUS DIGITAL CAMERA|SONY DSC|MINOLTA DIGITAL CAMERA|KODAK DIGITAL.*|DIGITAL CAMERA|DCIM.*|Exif_JPEG.*|<.*>|charset=.*|default|ASCII|SAMSUNG( CAMERA PICTURES)?|Camera 360.*|dav|hdr|hdrpl|cof|edf|mde|oznor.*|rhdr|sdr|untitled|screenshot|x-default)$/i
const MAX_KEYWORDS = 200
const MAX_KEYWORD_LENGTH = 200
const MAX_FACES = 200
const MAX_INTEGER = 2_147_483_647

/**
 * @throws FototecaError `unavailable` when perl is missing and the format cannot be read without it
 */
export async function readMetadata(path: string, format: PhotoFormat): Promise<PhotoMetadata> {
  const tags = await readAllTags(path, format)
  const position = findPosition(tags)
  const country = position && (await findCountry(position))
  const orientation = readNumber(tags, { min: 1, max: 8 }, 'IFD0:Orientation', 'XMP-tiff:Orientation')
  const text = (max: number, ...names: string[]) => readBounded(tags, max, ...names)
  return {
    taken: findTakenTime(tags, position),
    cameraMake: text(200, 'IFD0:Make', 'XMP-tiff:Make'),
    cameraModel: text(200, 'IFD0:Model', 'XMP-tiff:Model'),
    lens: findLens(tags),
    iso: roundOrNull(readNumber(tags, { min: 1, max: MAX_INTEGER }, 'ExifIFD:ISO', 'XMP-exif:ISO', 'Composite:ISO')),
    aperture: readNumber(tags, { min: 0.1, max: 1000 }, 'ExifIFD:FNumber', 'XMP-exif:FNumber', 'Composite:Aperture'),
    exposureS: readNumber(tags, { min: 1e-7, max: 1e6 }, 'ExifIFD:ExposureTime', 'XMP-exif:ExposureTime'),
    focalMm: readNumber(tags, { min: 0.1, max: 100_000 }, 'ExifIFD:FocalLength', 'XMP-exif:FocalLength'),
    position,
    altitudeM: position && readNumber(tags, { min: -11_000, max: 100_000 }, 'Composite:GPSAltitude', 'XMP-exif:GPSAltitude'),
    country,
    city: position && (await findCity(position.latitude, position.longitude, country)),
    citySource: position && CITY_SOURCE,
    ...findSayings(tags, orientation ?? 1),
    orientation,
    colourProfile: findColourProfile(tags),
    software: text(200, 'IFD0:Software', 'XMP-xmp:CreatorTool', 'XMP-tiff:Software', 'PNG:Software'),
    raw: boundRawTags(tags),
  }
}

/** @param tags of a picture, or of a sidecar beside it. @param orientation EXIF 1–8 of the picture */
export function findSayings(tags: TagBag, orientation: number): Sayings {
  return {
    title: readBounded(tags, 500, 'XMP-dc:Title', 'IPTC:ObjectName', 'IPTC:Headline', 'XMP-photoshop:Headline', 'IFD0:XPTitle'),
    description: findDescription(tags),
    altText: readBounded(tags, 5000, 'XMP-iptcCore:AltTextAccessibility', 'XMP-Iptc4xmpCore:AltTextAccessibility'),
    rating: findRating(tags),
    keywords: findKeywords(tags),
    faceRegions: findFaceRegions(tags, orientation),
  }
}

function readBounded(tags: TagBag, max: number, ...names: string[]): string | null {
  return (
    readText(tags, ...names)
      ?.slice(0, max)
      .toWellFormed() ?? null
  )
}

/** Time tags from the moment of the shot to its later copies; each with the tag of its offset. File times and edit times are no shots. */
const TIME_TAGS = [
  ['ExifIFD:DateTimeOriginal', 'ExifIFD:OffsetTimeOriginal', 'ExifIFD:SubSecTimeOriginal'],
  ['ExifIFD:CreateDate', 'ExifIFD:OffsetTimeDigitized', 'ExifIFD:SubSecTimeDigitized'],
  ['XMP-exif:DateTimeOriginal'],
  ['XMP-photoshop:DateCreated'],
  ['XMP-exif:DateTimeDigitized'],
  ['Composite:DateTimeCreated'],
  ['XMP-xmp:CreateDate'],
  ['IPTC:DateCreated'],
  ['PNG:CreationTime'],
] as const

function findTakenTime(tags: TagBag, position: Position | null): TakenTime | null {
  const satellite = parseWallClock(readText(tags, 'Composite:GPSDateTime', 'XMP-exif:GPSDateTime') ?? '')?.clock
  for (const [timeTag, offsetTag, fractionTag] of TIME_TAGS) {
    let text = readText(tags, timeTag)
    if (text === null) continue
    if (timeTag === 'IPTC:DateCreated' && !/\d:\d\d:\d\d/.test(text.slice(10))) text = `${text} ${readText(tags, 'IPTC:TimeCreated') ?? ''}`
    const parsed = parseWallClock(text)
    if (!parsed) continue
    const subSeconds = fractionTag === undefined ? null : readText(tags, fractionTag)
    const fraction = subSeconds !== null && /^\d{1,9}$/.test(subSeconds) ? Number(`0.${subSeconds}`) : parsed.clock.fraction
    const clock = { ...parsed.clock, fraction }
    const written = offsetTag === undefined ? null : parseOffset(readText(tags, offsetTag, 'ExifIFD:OffsetTime') ?? '')
    const zone = written ?? parsed.offset ?? (satellite ? findOffset(readAsUtc(clock), readAsUtc(satellite)) : null) ?? findZone(position)
    return makeTakenTime(clock, zone)
  }
  // only the satellites say when: their time is UTC, the wall clock is found by place
  if (!satellite) return null
  const zone = findZone(position)
  if (zone === null) return makeTakenTime(satellite, '+00:00')
  const utcMs = readAsUtc(satellite)
  const shift = utcMs - (makeTakenTime(satellite, zone).instantMs ?? utcMs)
  const local = parseWallClock(new Date(utcMs + shift).toISOString())?.clock
  return local ? makeTakenTime(local, zone) : null
}

function findZone(position: Position | null): string | null {
  if (!position) return null
  try {
    return tzlookup(position.latitude, position.longitude)
  } catch {
    return null
  }
}

/** Positions out of range are errors, and exactly 0° 0° is what devices without a fix write. */
function findPosition(tags: TagBag): Position | null {
  const latitude = readNumber(tags, { min: -90, max: 90 }, 'Composite:GPSLatitude')
  const longitude = readNumber(tags, { min: -180, max: 180 }, 'Composite:GPSLongitude')
  if (latitude === null || longitude === null || (latitude === 0 && longitude === 0)) return null
  return { latitude, longitude }
}

/** Loaded when the first photo with a position comes: the borders weigh 3 MB. */
async function findCountry({ latitude, longitude }: Position): Promise<string | null> {
  const { feature } = await import('@rapideditor/country-coder')
  return feature([longitude, latitude])?.properties.nameEn ?? null
}

function findLens(tags: TagBag): string | null {
  const lens = readText(tags, 'Composite:LensID', 'ExifIFD:LensModel', 'XMP-aux:Lens', 'XMP-exifEX:LensModel', 'Composite:Lens')
  return lens === null || /^(unknown.*|n\/a|-+|none|0)$/i.test(lens) ? null : lens.slice(0, 200).toWellFormed()
}

function findRating(tags: TagBag): number | null {
  const stars = readNumber(tags, { min: 0, max: 5 }, 'XMP-xmp:Rating', 'IFD0:Rating', 'XMP-xmpDM:Rating')
  if (stars !== null) return Math.round(stars)
  const percent = readNumber(tags, { min: 0, max: 100 }, 'XMP-microsoft:RatingPercent', 'IFD0:RatingPercent')
  if (percent === null) return null
  // Windows writes 1, 25, 50, 75, 99 for one to five stars
  return percent === 0 ? 0 : 1 + Math.round(Math.min(percent, 99) / 24.75)
}

function findDescription(tags: TagBag): string | null {
  const names = [
    'XMP-dc:Description',
    'IPTC:Caption-Abstract',
    'IFD0:ImageDescription',
    'ExifIFD:UserComment',
    'IFD0:XPComment',
    'PNG:Description',
  ]
  for (const name of names) {
    const text = readText(tags, name)
    if (text !== null && !CAMERA_CHATTER.test(text)) return text
  }
  return null
}

function findKeywords(tags: TagBag): string[] {
  const flat = readTexts(tags, 'XMP-dc:Subject', 'IPTC:Keywords')
  const windows = readTexts(tags, 'IFD0:XPKeywords', 'XMP-microsoft:LastKeywordXMP').flatMap((text) => text.split(';'))
  const paths = readTexts(tags, 'XMP-lr:HierarchicalSubject', 'XMP-digiKam:TagsList', 'XMP-mediapro:CatalogSets').map((text) =>
    text.split('|').join('/'),
  )
  const keywords = [...flat, ...windows, ...paths].map((keyword) => cleanText(keyword).slice(0, MAX_KEYWORD_LENGTH).toWellFormed())
  return [...new Set(keywords)].filter((keyword) => keyword !== '').slice(0, MAX_KEYWORDS)
}

function findColourProfile(tags: TagBag): string | null {
  const named = readText(tags, 'ICC_Profile:ProfileDescription', 'XMP-photoshop:ICCProfileName')
  if (named !== null) return named.slice(0, 200).toWellFormed()
  const space = readText(tags, 'ExifIFD:ColorSpace')
  if (space === '1' || space === 'sRGB') return 'sRGB'
  return space === '2' || space === 'Adobe RGB' || readText(tags, 'InteropIFD:InteropIndex')?.startsWith('R03') ? 'Adobe RGB' : null
}

function findFaceRegions(tags: TagBag, orientation: number): FaceRegion[] {
  const regions: FaceRegion[] = []
  for (const info of readStructs(tags['XMP-mwg-rs:RegionInfo'] ?? tags['XMP-mwg-rs:Regions'])) {
    const [applied = {}] = readStructs(info.AppliedToDimensions)
    for (const region of readStructs(info.RegionList)) {
      const type = readText(region, 'Type')
      if (type !== null && type !== 'Face') continue
      const [area = {}] = readStructs(region.Area)
      const isPixels = readText(area, 'Unit') === 'pixel'
      const scale = (value: number, size: string) =>
        isPixels ? value / (readNumber(applied, { min: 1, max: 1e6 }, size) ?? Number.NaN) : value
      const read = (name: string, size: string) => scale(readNumber(area, { min: -1e6, max: 1e6 }, name) ?? Number.NaN, size)
      const box = placeMwgRegion(
        { x: read('X', 'W'), y: read('Y', 'H'), width: read('W', 'W'), height: read('H', 'H') },
        isWrittenUpright(applied, tags, orientation) ? 1 : orientation,
      )
      addRegion(regions, readText(region, 'Name'), box)
    }
  }
  if (regions.length > 0) return regions
  for (const info of readStructs(tags['XMP-MP:RegionInfoMP'] ?? tags['XMP-MP:RegionInfo']))
    for (const region of readStructs(info.Regions))
      addRegion(regions, readText(region, 'PersonDisplayName'), placeMicrosoftRegion(readText(region, 'Rectangle') ?? ''))
  return regions
}

function addRegion(regions: FaceRegion[], name: string | null, box: FaceRegion['box'] | undefined): void {
  if (name !== null && box && regions.length < MAX_FACES) regions.push({ name: name.slice(0, 200).toWellFormed(), box })
}

/** Some programs write regions for the upright picture: then the size they name is that of the picture turned. */
function isWrittenUpright(applied: TagBag, tags: TagBag, orientation: number): boolean {
  if (orientation < 5) return false
  const sizes = [
    [applied, 'W'],
    [applied, 'H'],
    [tags, 'File:ImageWidth'],
    [tags, 'File:ImageHeight'],
  ] as const
  const [w, h, width, height] = sizes.map(([bag, name]) => readNumber(bag, { min: 1, max: 1e6 }, name) ?? 0)
  return !!w && !!h && !!width && !!height && width !== height && w > h !== width > height
}

const roundOrNull = (value: number | null): number | null => (value === null ? null : Math.round(value))
