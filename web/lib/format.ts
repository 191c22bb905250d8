/** @file How numbers, days, times and sizes are written for a person. */
import { BASIC_MEANING, BASIC_MEANING_LABEL } from '../../src/contract/words.ts'

/** `2026-11-21` as a date that keeps its day in every time zone. */
const atNoon = (day: string): Date => new Date(`${day}T12:00:00`)

const writeDay = (options: Intl.DateTimeFormatOptions) => {
  const format = new Intl.DateTimeFormat('en-GB', options)
  return (day: string): string => format.format(atNoon(day))
}
export const formatDay = writeDay({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })
export const formatDayShort = writeDay({ weekday: 'short', day: 'numeric', month: 'short' })
export const formatDayLong = writeDay({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
const monthFormat = writeDay({ month: 'long', year: 'numeric' })
export const formatMonth = (month: string): string => monthFormat(`${month}-01`)

const moment = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' })
/** A time of the server, in the time zone of who reads it. */
export const formatMoment = (at: string): string => moment.format(new Date(at))

/** 1,234,567 bytes → `1.2 MB` */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

/** Seconds left, as one rough figure. */
export function formatSpan(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.round((seconds % 3600) / 60)
  return hours < 48 ? `${hours} h ${minutes} min` : `${Math.round(hours / 24)} days`
}

/** Exposure as photographers write it: 1/250 s, 2.5 s. */
export function formatExposure(seconds: number): string {
  return seconds >= 0.3 ? `${Number(seconds.toFixed(1))} s` : `1/${Math.round(1 / seconds)} s`
}

export const formatPercent = (share: number): string => `${Math.round(share * 100)} %`

/** 52.5163, 13.3777 → `52.5163° N, 13.3777° E` */
export function formatPlace(latitude: number, longitude: number): string {
  const part = (value: number, plus: string, minus: string) => `${Math.abs(value).toFixed(4)}° ${value < 0 ? minus : plus}`
  return `${part(latitude, 'N', 'S')}, ${part(longitude, 'E', 'W')}`
}

/** `builtin/pp-ocrv4@1` → `pp-ocrv4`: what a person needs of a model’s full name. */
export function formatModel(id: string): string {
  const name = id.replace(/^[^/]*\//, '').replace(/@[^@]*$/, '')
  return name === BASIC_MEANING ? BASIC_MEANING_LABEL : name
}
