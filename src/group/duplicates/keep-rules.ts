/** @file Which photo of a set is kept, and why: rules in an order a person sets, each leaving the best of those still in question. Pure. */
import { KEEP_RULES, type KeepRule } from '../../contract/duplicates.ts'
import type { PhotoFormat } from '../../contract/words.ts'

/** What the rules look at. */
export interface KeepFacts {
  readonly id: number
  readonly width: number | null
  readonly height: number | null
  readonly bytes: number
  readonly format: PhotoFormat | null
  /** facts of the file that say something: camera, place, title, keywords, … */
  readonly metadata: number
  /** ms; when it was taken, else when it came */
  readonly at: number
  readonly albums: number
  readonly isFavourite: boolean
  /** 0–5 */
  readonly rating: number
}

interface Rule {
  /** the more the better */
  readonly score: (photo: KeepFacts) => number
  readonly reason: (kept: KeepFacts, other: KeepFacts) => string
}

/** As the camera wrote it, then lossless, then what was saved with loss, then what is only ever a copy. */
const FORMAT_RANK: Readonly<Record<PhotoFormat, number>> = {
  cr2: 4,
  cr3: 4,
  nef: 4,
  arw: 4,
  dng: 4,
  raf: 4,
  orf: 4,
  rw2: 4,
  heic: 3,
  tiff: 2,
  png: 2,
  bmp: 2,
  jpeg: 1,
  avif: 1,
  webp: 0,
  gif: 0,
}

const size = ({ width, height }: KeepFacts): string => (width === null || height === null ? 'unknown' : `${width} × ${height}`)
const formatName = ({ format }: KeepFacts): string => (format ?? 'unknown').toUpperCase()

const RULES: Readonly<Record<KeepRule, Rule>> = {
  favourite: { score: (photo) => Number(photo.isFavourite), reason: () => 'marked as favourite' },
  rating: { score: (photo) => photo.rating, reason: (kept, other) => `rated ${kept.rating}, the other ${other.rating}` },
  'in-album': {
    score: (photo) => photo.albums,
    reason: (kept) => `in ${kept.albums === 1 ? 'an album' : `${kept.albums} albums`}`,
  },
  largest: {
    score: (photo) => (photo.width ?? 0) * (photo.height ?? 0),
    reason: (kept, other) => `largest: ${size(kept)}, the other ${size(other)}`,
  },
  'original-format': {
    score: (photo) => (photo.format === null ? -1 : FORMAT_RANK[photo.format]),
    reason: (kept, other) => `nearer to the original: ${formatName(kept)}, the other ${formatName(other)}`,
  },
  'most-metadata': {
    score: (photo) => photo.metadata,
    reason: (kept, other) => `most metadata: ${kept.metadata} facts, the other ${other.metadata}`,
  },
  'most-bytes': { score: (photo) => photo.bytes, reason: () => 'largest file: least was lost in saving' },
  oldest: { score: (photo) => -photo.at, reason: () => 'oldest' },
}

export interface Keeper {
  readonly id: number
  readonly rule: KeepRule | null
  readonly reason: string
}

/**
 * @param photos at least one
 * @param rules rules left out do not count; what no rule tells apart is told by the lowest id
 */
export function chooseKeeper(photos: readonly KeepFacts[], rules: readonly KeepRule[] = KEEP_RULES): Keeper {
  let left = [...photos].sort((a, b) => a.id - b.id)
  for (const name of rules) {
    const rule = RULES[name]
    const best = Math.max(...left.map(rule.score))
    const next = left.filter((photo) => rule.score(photo) === best)
    const [kept] = next
    if (next.length === 1 && kept && left.length > 1) {
      const [other] = left.filter((photo) => photo !== kept).sort((a, b) => rule.score(b) - rule.score(a))
      return { id: kept.id, rule: name, reason: rule.reason(kept, other ?? kept) }
    }
    left = next
  }
  return { id: left[0]?.id ?? 0, rule: null, reason: 'they differ in nothing the rules look at; it came first' }
}
