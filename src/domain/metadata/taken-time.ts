/** @file When a photo was taken: the wall clock as cameras write it, its zone, and the instant both give. Pure. */

/** A wall clock: no zone. `fraction` in seconds. */
export interface WallClock {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly fraction: number
}

export interface TakenTime {
  /** wall clock where it was taken, `YYYY-MM-DD HH:MM:SS` (with `.mmm` where the file says so) */
  readonly local: string
  /** `+02:00` or an IANA name; null when nothing tells */
  readonly zone: string | null
  /** the instant in milliseconds; null without a zone */
  readonly instantMs: number | null
  /** `YYYY-MM-DD` of the wall clock */
  readonly day: string
}

/** Photography is no older; cameras without a set clock write 0000:00:00. */
const FIRST_YEAR = 1826
const LAST_YEAR = 2100
const MINUTE = 60_000

/** What Exif, XMP, IPTC and PNG write: `2019:03:21 11:04:22.348+02:00`, `2019-03-21T11:04`, `20190321 110422`. Undefined when it is no time. */
export function parseWallClock(text: string): { clock: WallClock; offset: string | null } | undefined {
  const match =
    /^\s*(\d{4})[:\-/.]?(\d\d)[:\-/.]?(\d\d)(?:[ T]+(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?/.exec(text)
  if (!match) return undefined
  const [, year, month, day, hour, minute, second, fraction, offset] = match
  const clock: WallClock = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour ?? 0),
    minute: Number(minute ?? 0),
    second: Number(second ?? 0),
    fraction: fraction === undefined ? 0 : Number(`0.${fraction}`),
  }
  return isPossible(clock) ? { clock, offset: offset === undefined ? null : parseOffset(offset) } : undefined
}

function isPossible({ year, month, day, hour, minute, second }: WallClock): boolean {
  if (year < FIRST_YEAR || year > LAST_YEAR || hour > 23 || minute > 59 || second > 59) return false
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

/** `+0200`, `+02:00`, `Z` → `+02:00`; null for anything that is no offset on Earth. */
export function parseOffset(text: string): string | null {
  if (/^(Z|UTC)$/i.test(text.trim())) return '+00:00'
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(text.trim())
  if (!match) return null
  const [, sign, hours, minutes] = match
  return Number(hours) <= 14 && Number(minutes) <= 59 ? `${sign}${hours}:${minutes}` : null
}

/** Milliseconds of the wall clock read as if it were UTC. */
export function readAsUtc({ year, month, day, hour, minute, second, fraction }: WallClock): number {
  return Date.UTC(year, month - 1, day, hour, minute, second) + Math.round(fraction * 1000)
}

/** How far zones lie apart at least, and how far a GPS fix may lag behind the shot. */
const ZONE_STEP_MS = 15 * MINUTE
const FIX_LAG_MS = 5 * MINUTE

/** The offset that explains the difference between the camera’s clock and the satellites’ time; null when no offset on Earth does. */
export function findOffset(localMs: number, utcMs: number): string | null {
  const difference = localMs - utcMs
  const offset = Math.round(difference / ZONE_STEP_MS) * ZONE_STEP_MS
  if (Math.abs(difference - offset) > FIX_LAG_MS || offset < -12 * 60 * MINUTE || offset > 14 * 60 * MINUTE) return null
  return formatOffset(offset)
}

function formatOffset(ms: number): string {
  const minutes = Math.abs(ms) / MINUTE
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  return `${ms < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`
}

export function makeTakenTime(clock: WallClock, zone: string | null): TakenTime {
  const asUtc = readAsUtc(clock)
  const iso = new Date(asUtc).toISOString()
  const local = `${iso.slice(0, 10)} ${iso.slice(11, clock.fraction > 0 ? 23 : 19)}`
  return { local, zone, instantMs: zone === null ? null : asUtc - offsetOf(zone, asUtc), day: iso.slice(0, 10) }
}

/** The zone’s offset in milliseconds at a wall clock (read as UTC). */
function offsetOf(zone: string, localMs: number): number {
  const fixed = /^([+-])(\d\d):(\d\d)$/.exec(zone)
  if (fixed) return (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3])) * MINUTE
  // the offset hangs on the instant and the instant on the offset: the second look settles it, but for the doubled hour
  const first = offsetAt(zone, localMs)
  return offsetAt(zone, localMs - first)
}

function offsetAt(zone: string, instantMs: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instantMs)
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((candidate) => candidate.type === type)?.value ?? 0)
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  return shown - Math.floor(instantMs / 1000) * 1000
}

/** The wall clock of this computer at an instant (both in milliseconds), read as if it were UTC: for files that tell no time of their own. */
export function wallClockHere(instantMs: number): number {
  const at = new Date(instantMs)
  return Date.UTC(at.getFullYear(), at.getMonth(), at.getDate(), at.getHours(), at.getMinutes(), at.getSeconds(), at.getMilliseconds())
}

/** `YYYY-MM-DD` of a wall clock read as UTC. */
export function dayOf(wallClockMs: number): string {
  const at = new Date(wallClockMs)
  const pad = (value: number, width: number) => String(value).padStart(width, '0')
  return `${pad(at.getUTCFullYear(), 4)}-${pad(at.getUTCMonth() + 1, 2)}-${pad(at.getUTCDate(), 2)}`
}
