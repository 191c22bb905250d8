/** @file The days of earlier years that share today’s date. */
import type { SearchState } from '../../lib/search-state.ts'

export interface PastDay {
  readonly day: string
  readonly count: number
  readonly years: number
}

/** `2026-11-25`, where whoever looks is. */
export function localToday(now = new Date()): string {
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-')
}

/** Newest first. */
export function listPastDays(days: readonly { readonly day: string; readonly count: number }[], today: string): PastDay[] {
  const year = Number(today.slice(0, 4))
  return days
    .filter(({ day, count }) => count > 0 && day.slice(4) === today.slice(4) && day < today)
    .map(({ day, count }) => ({ day, count, years: year - Number(day.slice(0, 4)) }))
    .sort((a, b) => a.years - b.years)
}

export const writeYearsAgo = (years: number): string => (years === 1 ? '1 year ago' : `${years} years ago`)

/** The search that finds the photos of these days. */
export function findDays(days: readonly { readonly day: string }[]): SearchState {
  return { where: JSON.stringify({ any: days.map(({ day }) => ({ from: day, to: day })) }) }
}
