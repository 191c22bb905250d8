/** @file How numbers, counts, and sizes are written in a language. A value that is not known stands as it is: `…` for numbers that differ within a group. */

/** A message as another one holds it. */
export interface Said {
  readonly code: string
  readonly params: Readonly<Record<string, unknown>>
}

export interface Writing {
  number(value: number): string
  /** `1 photo`, `12 photos` */
  count(value: number, forms: { readonly one: string; readonly other: string }): string
  bytes(value: number): string
  /** a message within this one */
  say(message: Said): string
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

export function createWriting(locale: string, say: (message: Said) => string): Writing {
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 })
  const plurals = new Intl.PluralRules(locale)
  const number = (value: number): string => (typeof value === 'number' ? numbers.format(value) : String(value))
  return {
    number,
    count: (value, { one, other }) => `${number(value)} ${typeof value === 'number' && plurals.select(value) === 'one' ? one : other}`,
    bytes(value) {
      if (typeof value !== 'number') return String(value)
      const exponent = value < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(value) / 3))
      const unit = UNITS[exponent] ?? 'byte'
      const style = { style: 'unit', unit, unitDisplay: exponent === 0 ? 'long' : 'short', maximumSignificantDigits: 3 } as const
      return new Intl.NumberFormat(locale, style).format(value / 1000 ** exponent)
    },
    say,
  }
}
