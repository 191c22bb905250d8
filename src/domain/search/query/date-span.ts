/** @file Days as people write them: `2023`, `2023-05`, `may 2023`, `2020..2022`, `yesterday`, `last month`, `3 weeks ago`. Pure. */

/** `YYYY-MM-DD`, both days count. */
export interface DaySpan {
  readonly from: string
  readonly to: string
}

type Unit = 'day' | 'week' | 'month' | 'year'

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const FULL_MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]
const DATE = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/
const NAMED_MONTH = /^([a-z]+) (\d{4})$/
const LAST_MANY = /^(?:last|past) (\d{1,3}) (day|week|month|year)s?$/
const AGO = /^(\d{1,3}) (day|week|month|year)s? ago$/
const THIS_OR_LAST = /^(this|last) (week|weekend|month|year)$/

/**
 * @param today `YYYY-MM-DD`; weeks begin on Monday
 * @returns null for what is no day, month, year or span of them
 */
export function parseSpan(text: string, today: string): DaySpan | null {
  const plain = text.trim().toLowerCase()
  const [first, last, ...more] = plain.split('..')
  if (last !== undefined) {
    const [from, to] = [parseSpan(first ?? '', today), parseSpan(last, today)]
    return from && to && more.length === 0 && from.from <= to.to ? { from: from.from, to: to.to } : null
  }
  return parseDate(plain) ?? parseRelative(plain.replace(/[\s_-]+/g, ' '), today)
}

/** True for a span that is said in several plain words (`last month`): such words mean it even without a key. */
export function isSpokenSpan(text: string): boolean {
  const plain = text.toLowerCase()
  return LAST_MANY.test(plain) || AGO.test(plain) || THIS_OR_LAST.test(plain)
}

function parseDate(text: string): DaySpan | null {
  const named = NAMED_MONTH.exec(text)
  if (named) {
    const [, name = '', year = ''] = named
    const month = MONTHS.indexOf(name) >= 0 ? MONTHS.indexOf(name) : FULL_MONTHS.indexOf(name)
    return month < 0 ? null : spanOf('month', Date.UTC(Number(year), month, 1))
  }
  const [, year, month, day] = DATE.exec(text) ?? []
  if (year === undefined || Number(year) < 1000) return null
  const at = Date.UTC(Number(year), Number(month ?? 1) - 1, Number(day ?? 1))
  const date = new Date(at)
  // the 31st of June would become the 1st of July
  if (date.getUTCMonth() !== Number(month ?? 1) - 1 || date.getUTCDate() !== Number(day ?? 1)) return null
  return spanOf(day ? 'day' : month ? 'month' : 'year', at)
}

function parseRelative(text: string, today: string): DaySpan | null {
  const now = Date.parse(`${today}T00:00:00Z`)
  if (text === 'today') return spanOf('day', now)
  if (text === 'yesterday') return spanOf('day', shift(now, 'day', -1))
  const [, many, unit] = LAST_MANY.exec(text) ?? []
  if (many) return { from: writeDay(shift(now, unit as Unit, -Number(many)) + DAY_MS), to: today }
  const [, count, ago] = AGO.exec(text) ?? []
  if (count) return spanOf(ago as Unit, shift(now, ago as Unit, -Number(count)))
  const [, which, what] = THIS_OR_LAST.exec(text) ?? []
  if (!which) return null
  if (what === 'weekend') {
    const monday = startOf('week', which === 'last' ? shift(now, 'week', -1) : now)
    return { from: writeDay(monday + 5 * DAY_MS), to: writeDay(monday + 6 * DAY_MS) }
  }
  return spanOf(what as Unit, which === 'last' ? shift(startOf(what as Unit, now), what as Unit, -1) : now)
}

const DAY_MS = 86_400_000

/** The day, week, month or year that holds this moment. */
function spanOf(unit: Unit, at: number): DaySpan {
  const from = startOf(unit, at)
  return { from: writeDay(from), to: writeDay(shift(from, unit, 1) - DAY_MS) }
}

function startOf(unit: Unit, at: number): number {
  const date = new Date(at)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  if (unit === 'year') return Date.UTC(year, 0, 1)
  if (unit === 'month') return Date.UTC(year, month, 1)
  const day = Date.UTC(year, month, date.getUTCDate())
  return unit === 'day' ? day : day - ((date.getUTCDay() + 6) % 7) * DAY_MS
}

/** The same day so many units later; the 31st becomes the last day of a shorter month. */
function shift(at: number, unit: Unit, by: number): number {
  if (unit === 'day' || unit === 'week') return at + by * (unit === 'week' ? 7 : 1) * DAY_MS
  const date = new Date(at)
  const months = date.getUTCFullYear() * 12 + date.getUTCMonth() + by * (unit === 'year' ? 12 : 1)
  const [year, month] = [Math.floor(months / 12), months % 12]
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return Date.UTC(year, month, Math.min(date.getUTCDate(), lastDay))
}

/** The day before or after. */
export function nextDay(day: string, by: 1 | -1): string {
  return writeDay(Date.parse(`${day}T00:00:00Z`) + by * DAY_MS)
}

/** A day of the calendar where this program runs. */
export function localDay(now: Date): string {
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-')
}

const writeDay = (at: number): string => new Date(at).toISOString().slice(0, 10)
